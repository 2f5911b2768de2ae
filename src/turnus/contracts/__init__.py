"""Contracts, items, dated terms, usage, people's decisions, billing accounts."""
