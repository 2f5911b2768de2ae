"""Incoming invoices: the original, what it claims, what a person decided."""
