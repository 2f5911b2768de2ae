"""``migrate`` that lifts the guards before and installs them afterwards: migrations rebuild tables on SQLite."""

from __future__ import annotations

from django.core.management.commands import migrate

from turnus.records.guards import install_guards, lift_guards


class Command(migrate.Command):
    """Django's command, then the guards."""

    def handle(self, *args: str, **options: str | bool | None) -> None:
        """Migrate without guards, then install every guard again."""
        whole = options["app_label"] is None and not options.get("plan") and not options.get("check_unapplied")
        if whole:
            lift_guards()
        super().handle(*args, **options)
        if whole:
            install_guards()
