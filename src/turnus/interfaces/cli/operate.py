"""``turnus doctor`` and ``turnus work``: is all well, and do what is waiting."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from turnus.core.deadlines import Colour
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import JsonOption, OnOption, day_of, home, now, press, stamp
from turnus.interfaces.cli.screen import answer, day, number, pairs, plain, seconds, show
from turnus.invoices.unbilled import Unbilled, unbilled_supplies
from turnus.parties.facts import UnknownSellerError, seller_facts, seller_ids
from turnus.project import settings
from turnus.records.outbox import waiting
from turnus.stories.doctor import doctor_findings
from turnus.stories.send import Sent
from turnus.stories.work import work as work_once
from turnus.wiring import files, ports

SHOWN: Final = 10
"""Details per finding; ``--json`` gives all."""

CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "migrations": ("Datenbankschema ist aktuell", "database schema is up to date"),
    "guards": ("Schutz festgeschriebener Daten ist installiert", "guards of issued data are installed"),
    "seller": ("ein Verkäufer ist eingerichtet", "a seller is set up"),
    "documents": ("festgeschriebene Belege sind unverändert", "issued documents are unchanged"),
    "numbers": ("Rechnungsnummern sind lückenlos", "invoice numbers are gapless"),
    "credits": ("nirgends ist mehr gutgeschrieben als berechnet", "nothing is credited beyond its amount"),
    "consents": (
        "kein Verbraucher zahlt einen höheren Preis, dem er nicht zugestimmt hat",
        "no consumer pays a higher price without having consented to it",
    ),
    "usage": ("Tagessummen des Verbrauchs stimmen mit den Ereignissen überein", "daily usage agrees with its events"),
    "corrections": (
        "jede Berichtigung von Verbrauch hat das Ereignis gefunden, das sie berichtigt",
        "every correction of usage has found the event that it corrects",
    ),
    "marketplaces": (
        "auf Marktplätzen geben Rechnungen, Gutschriften und Provision zusammen null",
        "invoices, payouts and commission of marketplaces add up to zero",
    ),
    "balance": ("Buchungen gehen auf", "postings balance"),
    "allocations": ("nirgends ist mehr zugeordnet als offen war", "nothing is allocated beyond what was open"),
    "receivables": ("Forderungen stimmen mit den Rechnungen überein", "receivables agree with the invoices"),
    "einvoices": ("jede E-Rechnung ist amtlich geprüft und gültig", "every e-invoice is judged and valid"),
    "archive": ("Archivdateien sind vollständig und unverändert", "archived files are there and unchanged"),
}
"""Name of a check → what is well."""
MENDING: Final[Mapping[str, tuple[str, str]]] = {
    "migrations": ("turnus init bringt das Schema auf den Stand.", "turnus init brings the schema up to date."),
    "guards": ("turnus init installiert sie neu.", "turnus init installs them again."),
    "seller": ("turnus init richtet einen ein.", "turnus init sets one up."),
    "corrections": (
        "Bis das Ereignis gemeldet ist, nimmt die Berichtigung nichts zurück. Schlüssel prüfen, oder sie berichtigen.",
        "Until the event is reported, the correction takes nothing back. Check the key, or correct the correction.",
    ),
    "marketplaces": (
        "Verbrauch, der nicht aus Verkäufen kommt, zurücknehmen; von Hand storniert: auch den Verkauf stornieren.",
        "Take back usage that does not come from trades; what was cancelled by hand: cancel the trade too.",
    ),
    "einvoices": (
        "turnus work prüft, was noch nicht geprüft ist; turnus invoice validate NUMMER zeigt, was nicht stimmt.",
        "turnus work judges what is not judged yet; turnus invoice validate NUMBER shows what is wrong.",
    ),
}
"""How to mend; everything else comes from outside Turnus and is restored from the backup."""


def doctor(*, json: JsonOption = False) -> None:
    """Check installation and data."""
    began = time.perf_counter()
    found = doctor_findings(files(home()), home() / "anchors", language())
    if json:
        answer({"ok": all(row.ok for row in found), "findings": [row._asdict() for row in found]})
    else:
        database = settings.ENVIRONMENT.database
        pairs(
            [
                (say("Daten", "Data"), plain(home())),
                (say("Datenbank", "Database"), plain(f"{database.engine} {database.name}")),
                (say("Geprüft", "Checked"), day(now().date())),
            ]
        )
        for row in found:
            name = CHECKS.get(row.name, (row.name, row.name))[0 if language() == "de" else 1]
            show(
                f"  [green]✓[/green] {name}"
                if row.ok
                else f"  [bold red]✗[/bold red] {say('Trifft nicht zu', 'Not so')}: {name}"
            )
            if not row.ok:
                _details(row.name, row.details)
        show(say("Dauer {s}", "Took {s}", s=seconds(time.perf_counter() - began)))
    findings(any_=not all(row.ok for row in found))


def _details(name: str, details: object) -> None:
    rows = [str(detail) for detail in details]  # type: ignore[attr-defined] # a sequence of texts
    for detail in rows[:SHOWN]:
        show(f"      {plain(detail)}")
    if len(rows) > SHOWN:
        show(say("      … und {n} weitere", "      … and {n} more", n=number(len(rows) - SHOWN)))
    usual = (
        "Das kommt nicht von Turnus selbst: Ursache suchen, aus der Sicherung wiederherstellen.",
        "This does not come from Turnus itself: find the cause, restore from the backup.",
    )
    show(f"      [yellow]{say(*MENDING.get(name, usual))}[/yellow]")


DOCTOR_HELP: Final = example(
    "Prüft Installation und Daten: Nummern, Buchungen, unveränderte Belege, Archiv.",
    "Checks installation and data: numbers, postings, unchanged documents, archive.",
    "doctor",
    "doctor --json",
)


def work(
    *,
    every: Annotated[
        int,
        typer.Option(
            "--every", min=0, help=both("Alle n Sekunden wieder; 0: einmal.", "Again every n seconds; 0: once.")
        ),
    ] = 0,
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Start scheduled runs whose day has come, and print what was issued."""
    failed, warned = 0, date.min
    while True:
        zone = _zone()
        today = now().astimezone(zone).date()
        chosen = day_of(on, today, "--on") if on else today
        mine = ports(home())
        done = work_once(
            press(), mine.validator, anchors=home() / "anchors", carriers=mine.carriers, on=chosen, by=stamp()
        )
        failed = done.failed + done.invalid + done.sent.failed + done.sent.unknown
        left = waiting()
        urgent, warned = urgent_supplies(chosen) if chosen != warned else [], chosen
        if json:
            answer({**done._asdict(), "sent": done.sent._asdict(), "waiting": left, "unbilled": urgent})
        else:
            show(
                say("{r} Läufe begonnen, {n} Belege abgelegt, {f} misslungen.",
                    "{r} runs started, {n} documents filed, {f} failed.",
                    r=number(len(done.runs)), n=number(done.rendered), f=number(done.failed)),
                *renewed(done.renewed, done.reminded),
                *invalid(done.invalid),
                *handed_over(done.sent),
                *unbilled_told(urgent),
                *(say("Wartet: {t} {n}", "Waits: {t} {n}", t=topic, n=number(count)) for topic, count in left.items()),
            )  # fmt: skip
        if not every:
            break
        time.sleep(every)
    ports(home()).validator.close()
    findings(any_=bool(failed))


def handed_over(done: Sent) -> list[str]:
    """What was sent, where there was anything to send."""
    if not any(done):
        return []
    return [say("{n} gesendet, {f} gescheitert, {u} ungewiss: turnus delivery list.",
                "{n} sent, {f} failed, {u} unknown: turnus delivery list.",
                n=number(done.sent), f=number(done.failed), u=number(done.unknown))]  # fmt: skip


def urgent_supplies(on: date) -> list[Unbilled]:
    """Of all sellers what must be invoiced soon or is overdue (L-03); asked once a day, for it reckons what is due."""
    found: list[Unbilled] = []
    for seller, _code in seller_ids():
        with suppress(UnknownSellerError):  # one whose data begin later supplied nothing yet
            found += unbilled_supplies(seller, on=on)[0]
    return [row for row in found if row.colour is not Colour.GREEN]


def unbilled_told(urgent: Sequence[Unbilled]) -> list[str]:
    """One line where a supply comes near its deadline."""
    if not urgent:
        return []
    late = sum(row.colour is Colour.RED for row in urgent)
    return [say("Nicht berechnet: {l} überfällig, {s} bald fällig: turnus invoice unbilled",
                "Not invoiced: {l} overdue, {s} due soon: turnus invoice unbilled",
                l=number(late), s=number(len(urgent) - late))]  # fmt: skip


def renewed(count: int, reminded: int) -> list[str]:
    """Renewals logged and reminders queued, where there are any."""
    if not (count or reminded):
        return []
    return [say("{n} Verlängerungen festgehalten, {r} Erinnerungen eingereiht.",
                "{n} renewals logged, {r} reminders queued.", n=number(count), r=number(reminded))]  # fmt: skip


def invalid(count: int) -> list[str]:
    """E-invoices that must not be sent, where there are any."""
    if not count:
        return []
    return [say("{n} E-Rechnungen verletzen eine amtliche Regel und gehen nicht hinaus: turnus invoice validate",
                "{n} e-invoices break an official rule and are not sent: turnus invoice validate",
                n=number(count))]  # fmt: skip


def _zone() -> ZoneInfo:
    known = seller_ids()
    if not known:
        return ZoneInfo("Europe/Berlin")
    return ZoneInfo(seller_facts(known[0][0], on=now().date()).data.time_zone)


WORK_HELP: Final = example(
    "Hält Verlängerungen fest, beginnt fällige geplante Läufe, schreibt die Dateien ausgestellter Rechnungen und "
    "sendet, was zu senden ist.",
    "Logs renewals, starts scheduled runs that are due, writes the files of issued invoices and sends what is due.",
    "work",
    "work --every 60",
)
