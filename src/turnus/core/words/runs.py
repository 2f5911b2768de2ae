"""Parked accounts, held and refused runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "redraft": (
        "Der Vertrag hat sich seit dem Entwurf geändert. turnus run resume entwirft ihn neu.",
        "The contract changed after its draft was made. turnus run resume drafts it again.",
    ),
    "missing": (
        "Für eine gültige Rechnung fehlt: {fields}. Ergänzen, dann turnus run resume.",
        "A valid invoice lacks: {fields}. Complete it, then turnus run resume.",
    ),
    "error": (
        "Unerwarteter Fehler: {error}. Bitte melden; danach turnus run resume.",
        "Unexpected error: {error}. Please report it; afterwards turnus run resume.",
    ),
    "void": (
        (
            "Die Datenbank hat die Rechnung abgelehnt; ihre Nummer {detail} ist als ausgefallen vermerkt. Ursache "
            "beheben, dann turnus run resume."
        ),
        "The database refused the invoice; its number {detail} is void. Mend the cause, then turnus run resume.",
    ),
    "overlap": (
        (
            "Zwei Zeilen berechnen dieselben Tage derselben Position. Prüfen; wenn es richtig ist: turnus run approve["
            " --account {account}]."
        ),
        (
            "Two lines charge the same days of one item. Check it; if it is right: turnus run approve[ --account "
            "{account}]."
        ),
    ),
    "many_lines": (
        (
            "Mehr als 15 Zeilen für eine Position an einem Tag. Prüfen; wenn es richtig ist: turnus run approve[ "
            "--account {account}]."
        ),
        (
            "More than 15 lines for one item on one day. Check it; if it is right: turnus run approve[ --account "
            "{account}]."
        ),
    ),
    "released_elsewhere": (
        "Lauf {run} hat für diesen Kunden freigegebene Rechnungen. Erst diesen Lauf festschreiben oder zurücknehmen.",
        "Run {run} has released invoices for this customer. Issue or withdraw that run first.",
    ),
    "deviation": (
        (
            "Die Nettosumme {net} weicht um mehr als {limit} % vom vorigen Lauf ab ({before}). Prüfen; wenn es richtig"
            " ist, turnus run approve."
        ),
        (
            "The net total {net} is more than {limit}% off the last run ({before}). Check it; if it is right, turnus "
            "run approve."
        ),
    ),
    "unknown_definition": (
        (
            "Die Laufdefinition „{definition}“ gibt es nicht. turnus run define legt sie an; turnus init die "
            "Definition „standard“."
        ),
        "There is no run definition “{definition}”. turnus run define makes one; turnus init makes “standard”.",
    ),
    "unknown_run": (
        "Den Lauf {run} gibt es nicht. turnus run status zeigt die Läufe.",
        "There is no run {run}. turnus run status shows the runs.",
    ),
    "no_open_run": (
        "Es gibt keinen offenen Lauf. turnus run draft beginnt einen.",
        "There is no open run. turnus run draft starts one.",
    ),
    "run_held": (
        "Lauf {run} wartet auf eine Freigabe.[ {reason}][ Freigeben: turnus run approve {run} --reason …]",
        "Run {run} waits for a release.[ {reason}][ Release it: turnus run approve {run} --reason …]",
    ),
    "not_drafted": (
        "Lauf {run} ist noch nicht fertig entworfen. Weitermachen: turnus run resume {run}.",
        "Run {run} is not drafted to its end. Go on: turnus run resume {run}.",
    ),
    "nothing_to_approve": (
        "In Lauf {run} wartet hier nichts auf eine Freigabe.",
        "Nothing in run {run} waits for a release here.",
    ),
    "newer_run": (
        (
            "Es gibt schon einen neueren offenen Lauf derselben Definition und desselben Stichtags. Damit "
            "weitermachen: turnus run status."
        ),
        "There is a newer open run of the same definition and day already. Go on with that one: turnus run status.",
    ),
    "numbered": (
        "Lauf {run} hat schon Rechnungsnummern; er muss festgeschrieben werden: turnus run issue {run}.",
        "Run {run} has its invoice numbers already; it must be issued: turnus run issue {run}.",
    ),
    "issue_date_before_last": (
        (
            "Das Rechnungsdatum {on} liegt vor dem letzten des Nummernkreises ({last}); Nummern steigen mit dem Datum."
            " Ein späteres Datum wählen: --on {last}."
        ),
        (
            "The issue date {on} lies before the last one of the number range ({last}); numbers rise with the date. "
            "Choose a later day: --on {last}."
        ),
    ),
    "run_too_early": (
        (
            "Seit dem Entwurf von Lauf {run} gibt es Rechnungen vom {last}; Nummern steigen mit dem Datum. "
            "Zurücknehmen und neu entwerfen: turnus run withdraw {run} --reason …, dann turnus run draft mit späterem "
            "--on."
        ),
        (
            "Since run {run} was drafted there are invoices of {last}; numbers rise with the date. Withdraw and draft "
            "anew: turnus run withdraw {run} --reason …, then turnus run draft with a later --on."
        ),
    ),
    "no_series": (
        "Für Dokumente der Art „{kind}“ ist kein Nummernkreis eingerichtet. turnus init legt die Nummernkreise an.",
        "There is no number series for documents of kind “{kind}”. turnus init makes the number series.",
    ),
}
"""Code → (German, English)."""
