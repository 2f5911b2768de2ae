"""Electronic invoices: the semantic model of EN 16931, how documents become it, its profiles and our exact checks."""
