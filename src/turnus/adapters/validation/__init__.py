"""Validation of e-invoices by the official schemas and rules, in processes of their own, from rule sets as data."""

from turnus.adapters.validation.exact import exact_checks
from turnus.adapters.validation.folders import RuleFolders
from turnus.adapters.validation.validator import OfficialValidator, OwnChecks

__all__ = ["OfficialValidator", "OwnChecks", "RuleFolders", "exact_checks"]
