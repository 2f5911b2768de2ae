"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Audit, outbox, inbox."""

    name = "turnus.records"

    def ready(self) -> None:
        """Register the lookup of integers."""
        import_module("turnus.records.lookups")
