"""Evidence of checks: VAT ids now, credit checks later."""
