"""Invoice runs, drafts, invoices, corrections, number ranges."""
