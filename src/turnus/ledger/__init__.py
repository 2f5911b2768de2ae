"""The receivables ledger: balanced postings, open items, allocations. The only place where money moves."""
