"""``turnus contract``: term, notice and renewal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Final

import typer

from turnus.contracts.agree import agree_terms
from turnus.contracts.contract_letters import letter_on_notice, letter_on_renewal
from turnus.contracts.lookup import contract_id
from turnus.contracts.notices import enter_notice, give_notice, revoke_notice, warn
from turnus.contracts.term_sheet import term_sheet
from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import last_day as parse_last_day
from turnus.core.intake.texts import message
from turnus.core.notices import Cause, NewNotice, Outcome
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.plans import plan_json, show_plan
from turnus.interfaces.cli.previews import DryRunOption, show_preview
from turnus.interfaces.cli.screen import amount, answer, day, heading, last_day, number, pairs, plain, show, table
from turnus.interfaces.cli.term_options import (
    ConcludedOption,
    CutOffOption,
    InitialOption,
    NoticeOption,
    ReminderOption,
    RenewalOption,
    given_terms,
    inclusive,
    term_rows,
)
from turnus.stories.terms import foresee, keep_terms

CAUSES: Final = {
    "non_payment": Cause.NON_PAYMENT, "zahlungsverzug": Cause.NON_PAYMENT, "breach": Cause.BREACH,
    "pflichtverletzung": Cause.BREACH, "other": Cause.OTHER, "sonstiges": Cause.OTHER,
}  # fmt: skip
CauseOption = Annotated[
    str,
    typer.Option(
        "--cause",
        help=both("zahlungsverzug, pflichtverletzung oder sonstiges.", "non_payment, breach or other."),
    ),
]


def _cause(text: str) -> Cause:
    if text.casefold() not in CAUSES:
        words = say("zahlungsverzug, pflichtverletzung oder sonstiges", "non_payment, breach or other")
        raise typer.BadParameter(words, param_hint="--cause")
    return CAUSES[text.casefold()]


def last_day_of(text: str, where: House, option: str) -> date | None:
    """An inclusive last day as a half-open end; None: open, or not given."""
    try:
        return parse_last_day(text, where.reading) if text else None
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint=option) from None


@app.command(
    "notice",
    help=example(
        "Kündigt einen Vertrag: berechnet das Ende, das seine Laufzeit erlaubt. Oder nimmt die Kündigung zurück.",
        "Gives notice of a contract: computes the end that its terms permit. Or revokes the notice.",
        "contract notice V-1 --received 14.12.2026 --dry-run",
        "contract notice V-1 --received 14.12.2026 --last-day 31.03.2027",
        'contract notice V-1 --cause zahlungsverzug --by-seller --reason "Rückstand seit August"',
        'contract notice V-1 --revoke --reason "Kunde bleibt"',
    ),
)
def notice(
    *,
    contract: ContractArgument,
    received: Annotated[
        str,
        typer.Option(
            "--received", metavar=both("TAG", "DAY"), help=both("Tag des Zugangs; leer: heute.", "Day of receipt.")
        ),
    ] = "",
    last: Annotated[
        str,
        typer.Option(
            "--last-day",
            metavar=both("TAG", "DAY"),
            help=both("Gewünschter letzter Tag; leer: so früh wie möglich.", "Wished last day; blank: the earliest."),
        ),
    ] = "",
    cause: CauseOption = "",
    by_seller: Annotated[
        bool, typer.Option("--by-seller", help=both("Wir kündigen, nicht der Kunde.", "We give notice."))
    ] = False,
    revoke: Annotated[
        bool, typer.Option("--revoke", help=both("Die letzte Kündigung zurücknehmen.", "Revoke the last notice."))
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Give notice."""
    where = house(seller, on)
    if revoke:
        act = partial(revoke_notice, where.id, contract, on=where.on, reason=reason, by=stamp())
        if dry_run:
            show_preview(where, contract, act, json=json)
            return
        end = act()
        if json:
            answer({"contract": contract, "end": end})
            return
        show(say("Kündigung zurückgenommen.", "Notice revoked."), say("Letzter Tag: {d}", "Last day: {d}",
             d=last_day(end) or say("offen", "open")))  # fmt: skip
        return
    given = NewNotice(
        optional_day(received, where, "--received") or where.on, last_day_of(last, where, "--last-day"),
        _cause(cause) if cause else None, by_seller, reason,
    )  # fmt: skip
    if dry_run:
        _foresee(where, contract, given, json=json)
        return
    outcome = give_notice(where.id, contract, given, by=stamp())
    if json:
        answer(_outcome(contract, outcome))
        return
    _describe(outcome)
    show(say("Die Bestätigung ist eingereiht. Der nächste Rechnungslauf berechnet oder schreibt den Unterschied gut.",
             "The confirmation is queued. The next invoice run bills or credits the difference."))  # fmt: skip


def _foresee(where: House, contract: str, given: NewNotice, *, json: bool) -> None:
    """End, last day for notice and the documents down to the final one, without writing."""
    found = foresee(where.id, contract, partial(enter_notice, where.id, contract, given, by=stamp()), on=where.on)
    if json:
        answer({"dry_run": True, **_outcome(contract, found.outcome), **plan_json(found.plan)})
        return
    heading(say("Vorschau: nichts wird gespeichert", "Preview: nothing is saved"))
    _describe(found.outcome)
    heading(say("Belege bis zum Ende", "Documents until the end"))
    show_plan(found.plan)
    if found.plan.documents:
        last, currency = found.plan.documents[-1], found.plan.currency
        show(say("Letzter Beleg am {d}: {n} netto, {g} brutto.", "Final document on {d}: {n} net, {g} gross.",
                 d=day(last.due_on), n=amount(last.document.net, currency),
                 g=amount(last.document.gross, currency)))  # fmt: skip


def _outcome(contract: str, found: Outcome) -> dict[str, object]:
    return {"contract": contract, **found._asdict(), "last_day": inclusive(found.end)}


def _describe(found: Outcome) -> None:
    pairs(
        [
            (say("Zugang", "Received"), day(found.received)),
            (say("Letzter Tag des Vertrags", "Last day of the contract"), f"[bold]{last_day(found.end)}[/bold]"),
            (say("Laufzeit", "Term"), str(found.term.number)),
            (say("Letzter Tag der Kündigung", "Last day for notice"), day(found.last_notice_day)),
        ]
    )
    if found.late:
        show(say("Zu spät für das Ende der Laufzeit; sie wirkt zum nächstmöglichen Tag.",
                 "Too late for the end of the term; it takes effect on the next possible day."))  # fmt: skip


@app.command(
    "warn",
    help=example(
        "Hält eine Abmahnung mit Frist fest, ohne die wegen einer Pflichtverletzung nicht gekündigt wird.",
        "Records a warning with a deadline, without which a breach is no cause for termination.",
        "contract warn V-1 --cause zahlungsverzug --received 03.03.2027 --deadline 17.03.2027",
    ),
)
def warn_(
    *,
    contract: ContractArgument,
    deadline: Annotated[
        str,
        typer.Option(
            "--deadline",
            metavar=both("TAG", "DAY"),
            help=both("Letzter Tag der Frist.", "Last day of the deadline."),
            show_default=False,
        ),
    ],
    cause: CauseOption = "non_payment",
    received: Annotated[
        str,
        typer.Option("--received", metavar=both("TAG", "DAY"), help=both("Tag des Zugangs.", "Day of receipt.")),
    ] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Warn."""
    where = house(seller, on)
    came = optional_day(received, where, "--received") or where.on
    until = day_of(deadline, where.on, "--deadline")
    warn(where.id, contract, _cause(cause), received=came, deadline=until, reason=reason, by=stamp())
    show(say("Abmahnung festgehalten, Frist bis {d}.", "Warning recorded, deadline {d}.", d=day(until)))


@app.command(
    "terms",
    help=example(
        "Zeigt Laufzeit und Kündigung eines Vertrags, oder vereinbart sie neu ab einem Tag.",
        "Shows term and notice of a contract, or agrees them anew from a day on.",
        "contract terms V-1",
        'contract terms V-1 --from 01.01.2027 --initial "24 Monate" --renewal "12 Monate" --restart',
    ),
)
def terms(
    *,
    contract: ContractArgument,
    since: Annotated[
        str,
        typer.Option(
            "--from", metavar=both("TAG", "DAY"), help=both("Neue Laufzeit ab diesem Tag.", "From this day on.")
        ),
    ] = "",
    initial: InitialOption = "",
    renewal: RenewalOption = "",
    notice_period: NoticeOption = "",
    cut_off: CutOffOption = "",
    concluded: ConcludedOption = "",
    reminder_days: ReminderOption = "",
    restart: Annotated[
        bool,
        typer.Option(
            "--restart", help=both("Eine neue Mindestlaufzeit beginnt an diesem Tag.", "A new first term begins then.")
        ),
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Show or agree terms."""
    where = house(seller, on)
    agreed = given_terms(
        where, initial_term=initial, renewal_term=renewal, notice_period=notice_period, cut_off=cut_off,
        concluded=concluded, reminder_days=reminder_days,
    )  # fmt: skip
    if agreed is not None:
        first = optional_day(since, where, "--from") or where.on
        act = partial(
            agree_terms, where.id, contract, agreed, valid_from=first, restart=restart, reason=reason, by=stamp()
        )
        if dry_run:
            show_preview(where, contract, act, json=json)
            return
        act()
    sheet = term_sheet(contract_id(where.id, contract), on=where.on)
    if json:
        answer({"contract": contract, **sheet._asdict()})
        return
    heading(say("Laufzeit und Kündigung {n}", "Term and notice of {n}", n=plain(contract)))
    pairs(term_rows(sheet))
    if sheet.renewals:
        heading(say("Verlängerungen", "Renewals"))
        rows = [(str(n), day(start), last_day(end) or say("unbefristet", "indefinite")) for n, start, end in
                sheet.renewals]  # fmt: skip
        table(columns("Laufzeit|Term", "von|from", "bis|until"), rows)


class Letter(StrEnum):
    """What a letter on a contract's life is about."""

    NOTICE = "notice"
    RENEWAL = "renewal"


@app.command(
    "letter",
    help=example(
        "Zeigt den Brief zur letzten Kündigung (notice) oder zur nächsten Verlängerung (renewal).",
        "Shows the letter on the last notice, or on the next renewal.",
        "contract letter V-1 notice",
        "contract letter V-1 renewal --on 01.12.2026",
    ),
)
def letter(
    *,
    contract: ContractArgument,
    kind: Annotated[
        Letter,
        typer.Argument(metavar=both("BRIEF", "LETTER"), help=both("notice oder renewal.", "notice or renewal.")),
    ],
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """One letter as plain text."""
    where = house(seller, on)
    if kind is Letter.NOTICE:
        text = letter_on_notice(where.id, contract)
    else:
        text = letter_on_renewal(where.id, contract, on=where.on)
    if json:
        answer({"contract": contract, "kind": kind, "letter": text})
        return
    show(plain(text))


@app.command(
    "renew",
    help=example(
        "Hält Verlängerungen fest, die bis zu einem Tag sicher sind, und reiht Erinnerungen ein. Zweimal ist einmal.",
        "Logs the renewals that are certain by a day, and queues reminders. Twice is once.",
        "contract renew",
        "contract renew --on 01.12.2026",
    ),
)
def renew(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Log renewals."""
    where = house(seller, on)
    kept = keep_terms(where.id, on=where.on, by=stamp())
    if json:
        answer(kept)
        return
    text = (
        "{n} Verlängerungen festgehalten, {r} Erinnerungen eingereiht.",
        "{n} renewals logged, {r} reminders queued.",
    )
    show(say(*text, n=number(kept.renewed), r=number(kept.reminded)))
