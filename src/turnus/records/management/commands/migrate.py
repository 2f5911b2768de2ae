"""``migrate`` that installs the guards afterwards: migrations rebuild SQLite tables and drop their triggers."""

from __future__ import annotations

from django.core.management.commands import migrate

from turnus.records.guards import install_guards


class Command(migrate.Command):
    """Django's command, then the guards."""

    def handle(self, *args: str, **options: str | bool | None) -> None:
        """Migrate, then install every guard again."""
        super().handle(*args, **options)
        if options["app_label"] is None and not options.get("plan") and not options.get("check_unapplied"):
            install_guards()
