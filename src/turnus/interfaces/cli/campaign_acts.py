"""``turnus prices``: announce a campaign, take what customers declare, apply or withdraw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from turnus.contracts.announce import announce_campaign
from turnus.contracts.campaigns import withdraw_campaign
from turnus.contracts.declare import NewDeclaration, declare
from turnus.core.campaigns import Answer
from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import parse_moment
from turnus.core.intake.texts import message
from turnus.integration.reports import Kind
from turnus.interfaces.cli.campaigns import STANDS, CodeArgument, word
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.imports import DryRunOption, SkipOption, as_json, describe, load
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, ReasonOption, SellerOption, house, stamp
from turnus.interfaces.cli.prices import app
from turnus.interfaces.cli.screen import answer, number, pairs, plain, progress, show
from turnus.stories.amending import trial
from turnus.stories.reprice import apply_prices


@app.command(
    "announce",
    help=example(
        "Kündigt eine Preisanpassung an: je Vertrag ein Brief mit Fristen; Druck: turnus letter prices.",
        "Announces a price campaign: fixes letter and deadlines of each contract; turnus letter prices prints it.",
        "prices announce NETZ-2027",
    ),
)
def announce(*, code: CodeArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Queue the letters."""
    where = house(seller, on)
    count = sum(announce_campaign(where.id, code, on=where.on, by=stamp()))
    if json:
        answer({"announced": count})
    else:
        told = (
            "{n} Briefe vorbereitet; versandt wird keiner von selbst. Drucken: turnus letter prices {c} VERTRAG",
            "{n} letters prepared; none is sent by itself. Print: turnus letter prices {c} CONTRACT",
        )
        show(say(*told, n=number(count), c=plain(code)))


@app.command(
    "consent",
    help=example(
        "Trägt ein, was ein Kunde erklärt hat: Zustimmung, Ablehnung, Sonderkündigung; oder viele aus einer Datei.",
        "Records what a customer declared: consent, refusal, special termination; or many from a file.",
        "prices consent NETZ-2027 V-1 --yes --channel Portal --at 2027-01-20T14:30",
        "prices consent NETZ-2027 V-2 --no --channel Brief --reference 4711",
        "prices consent NETZ-2027 --file antworten.csv",
    ),
)
def consent(
    *,
    code: CodeArgument,
    contract: Annotated[str, typer.Argument(help=both("Vertragsnummer.", "Number of the contract."))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=both("Hat zugestimmt.", "Agreed."))] = False,
    no: Annotated[bool, typer.Option("--no", help=both("Hat abgelehnt.", "Refused."))] = False,
    terminate: Annotated[
        bool, typer.Option("--terminate", help=both("Hat deshalb gekündigt.", "Cancelled because of it."))
    ] = False,
    channel: Annotated[str, typer.Option("--channel", help=both("Auf welchem Weg.", "By which channel."))] = "",
    at: Annotated[str, typer.Option("--at", help=both("Wann; leer: jetzt.", "When; blank: now."))] = "",
    text: Annotated[
        str,
        typer.Option("--text", help=both("Fassung des Textes; leer: die angekündigte.", "Version; blank: as sent.")),
    ] = "",
    reference: Annotated[
        str, typer.Option("--reference", help=both("Wo der Nachweis liegt.", "Where the evidence lies."))
    ] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help=both("CSV- oder XLSX-Datei.", "CSV or XLSX file."))
    ] = None,
    dry_run: DryRunOption = False,
    skip_errors: SkipOption = False,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """One declaration, or a file of them."""
    where = house(seller)
    if file is not None:
        report = load(Kind.CONSENTS, file, where, dry_run=dry_run, skip_errors=skip_errors, campaign=code)
        if json:
            answer(as_json(report))
        else:
            describe(report, dry_run=dry_run)
        findings(any_=bool(report.errors))
        return
    chosen = [
        kind for kind, given in ((Answer.CONSENT, yes), (Answer.REFUSAL, no), (Answer.TERMINATION, terminate)) if given
    ]
    if len(chosen) != 1 or not contract:
        told = say(
            "Vertrag und genau eines von --yes, --no, --terminate", "a contract and one of --yes, --no, --terminate"
        )
        raise typer.BadParameter(told, param_hint="--yes")
    by = stamp()
    given_at = _instant(at, where) if at else by.at
    local = given_at.astimezone(where.zone).date()
    new = NewDeclaration(code, contract, chosen[0], given_at, local, channel, text, reference)
    recorded = declare(where.id, new, by=by)
    if json:
        answer({"recorded": recorded})
    else:
        show(say("Eingetragen.", "Recorded.") if recorded else say("War schon eingetragen.", "Was recorded already."))


def _instant(text: str, where: House) -> datetime:
    try:
        found = parse_moment(text, where.reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--at") from None
    return at_local_noon(found, where)


def at_local_noon(found: datetime | date, where: House) -> datetime:
    """An instant; of a bare day noon at the seller's."""
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time(12), tzinfo=where.zone).astimezone(UTC)


@app.command(
    "apply",
    help=example(
        "Schreibt die neuen Preise aller, die sie bekommen dürfen: Firmen nach der Ankündigung, Verbraucher nach ihrer "
        "Zustimmung. Beliebig oft; spätere Zustimmungen kommen dazu.",
        "Writes the new prices of everybody who may get them: businesses once announced, consumers once they agreed. "
        "As often as you like; later consents come in.",
        "prices apply NETZ-2027 --dry-run",
        "prices apply NETZ-2027",
    ),
)
def apply(
    *, code: CodeArgument, dry_run: DryRunOption = False, seller: SellerOption = "", json: JsonOption = False
) -> None:
    """Apply a campaign."""
    where = house(seller)
    stands: Counter[str] = Counter()
    written = 0
    stale: list[tuple[str, str]] = []
    with progress("Verträge", "Contracts") as advance:
        for part in apply_prices(where.id, code, dry_run=dry_run, by=stamp()):
            stands.update(part.stands)
            written += part.contracts
            stale += part.stale
            advance(sum(part.stands.values()))
    if json:
        answer({"saved": not dry_run, "contracts": written, "stands": stands, "changed_since": stale})
    else:
        _told(written, stands, stale, dry_run=dry_run)
    findings(any_=bool(stale))


def _told(written: int, stands: Mapping[str, int], stale: Sequence[tuple[str, str]], *, dry_run: bool) -> None:
    pairs([(word(STANDS, name), number(count)) for name, count in sorted(stands.items())])
    for contract, item in stale:
        show(say("  Vertrag {c}, {i}: der Preis wurde seit dem Plan geändert; nichts geschrieben.",
                 "  Contract {c}, {i}: its price changed since the plan; nothing was written.",
                 c=plain(contract), i=plain(item)))  # fmt: skip
    if dry_run:
        told = ("Probelauf: {n} Verträge bekämen jetzt neue Preise.", "Dry run: {n} contracts would get new prices.")
        show(say(*told, n=number(written)))
    else:
        show(say("{n} Verträge haben neue Preise.", "{n} contracts have new prices.", n=number(written)))


@app.command(
    "withdraw",
    help=example(
        "Nimmt eine Preisanpassung zurück, solange nichts angewendet ist.",
        "Takes a price campaign back while nothing is applied.",
        'prices withdraw NETZ-2027 --reason "Doch nicht nötig" --dry-run',
    ),
)
def withdraw(
    *,
    code: CodeArgument,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Withdraw a campaign."""
    act = partial(withdraw_campaign, house(seller).id, code, reason=reason, by=stamp())
    found = trial(act) if dry_run else act()
    if json:
        answer({"saved": not dry_run, "withdrawn": found is not None, "letters": found and found._asdict()})
        return
    if found is None:
        show(say("War schon zurückgezogen.", "Was withdrawn already."))
        return
    show(say("Probelauf: nichts gespeichert.", "Dry run: nothing was saved.") if dry_run else
         say("Zurückgezogen. Alle Verträge behalten ihre Preise.", "Withdrawn. All contracts keep their prices."),
         say("Briefe im Ausgang, die liegen bleiben: {n}; schon verschickt: {m}.",
             "Letters kept back in the outbox: {n}; sent already: {m}.",
             n=number(found.kept_back), m=number(found.sent)))  # fmt: skip
