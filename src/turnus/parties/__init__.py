"""Sellers and customers in immutable versions, contacts, bank accounts."""
