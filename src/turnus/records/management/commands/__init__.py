"""``migrate`` with guards."""
