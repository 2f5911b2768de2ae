"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Audit, outbox, inbox."""

    name = "turnus.records"
