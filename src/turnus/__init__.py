"""Turnus: subscription billing from the contract to the matched payment."""
