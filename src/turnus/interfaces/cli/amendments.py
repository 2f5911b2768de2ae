"""``turnus contract``: conclude, change and end. Every change is a dated fact; the next run bills or credits it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from turnus.contracts.amend import (
    change_payer,
    end_contract,
    end_item,
)
from turnus.contracts.discounts import grant_discount
from turnus.contracts.lookup import contract_id
from turnus.contracts.naming import item_code_meant
from turnus.contracts.queries import contract_detail
from turnus.contracts.trials import cancel_in_trial, convert_trial, extend_trial
from turnus.core.contracts import NewDiscount
from turnus.core.intake.cells import CellError
from turnus.core.intake.dates import parse_moment
from turnus.core.intake.texts import message
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    decimal_of,
    end_of,
    house,
    money_of,
    stamp,
)
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.screen import day, last_day, plain
from turnus.parties.queries import customer_id

FromOption = Annotated[
    str,
    typer.Option(
        "--from", metavar=both("TAG", "DAY"), help=both("Ab diesem Tag.", "From this day on."), show_default=False
    ),
]


@app.command(
    "end",
    help=example(
        "Beendet einen Vertrag oder eine Position, oder nimmt die Kündigung zurück.",
        "Ends a contract or an item, or revokes the termination.",
        "contract end V-1 --last-day 31.12.2026",
        "contract end V-1 --item 1-LIZENZ --last-day 31.12.2026",
        "contract end V-1 --revoke",
    ),
)
def end(
    *,
    contract: ContractArgument,
    last: Annotated[
        str,
        typer.Option(
            "--last-day",
            metavar=both("TAG", "DAY"),
            help=both("Letzter Tag (einschließlich).", "Last day (inclusive)."),
        ),
    ] = "",
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    revoke: Annotated[
        bool, typer.Option("--revoke", help=both("Kündigung zurücknehmen.", "Revoke the termination."))
    ] = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """End a contract."""
    where = house(seller, on)
    if bool(last) == revoke or (item and revoke):
        text = say(
            "--last-day oder --revoke (nur für den ganzen Vertrag)", "--last-day or --revoke (for a whole contract)"
        )
        raise typer.BadParameter(text, param_hint="--last-day")
    until = None if revoke else end_of(last, where, "--last-day")
    by = stamp()
    if item and until is not None:
        code = item_code_meant(where.id, contract, item)
        act: partial[None] = partial(end_item, where.id, contract, code, end=until, reason=reason, by=by)
    else:
        act = partial(end_contract, where.id, contract, end=until, reason=reason, by=by)
    said = say("Kündigung zurückgenommen.", "Termination revoked.") if revoke else say("Beendet.", "Ended.")
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


@app.command(
    "discount",
    help=example(
        "Gewährt einen Rabatt in Prozent oder als Betrag je Zeitraum.",
        "Grants a discount in percent, or an amount per fee period.",
        'contract discount V-1 --label "Treue" --percent 10 --from 01.01.2027',
        'contract discount V-1 --item 1-LIZENZ --label "Aktion" --amount 5,00 --from 01.01.2027 --periods 3',
        'contract discount V-1 --item 1-LIZENZ --label "Menge" --percent 5 --from-quantity 50 --from 01.01.2027',
    ),
)
def discount(
    *,
    contract: ContractArgument,
    label: Annotated[
        str, typer.Option("--label", help=both("Text auf der Rechnung.", "Text on invoices."), show_default=False)
    ],
    since: FromOption,
    percent: Annotated[str, typer.Option("--percent", help=both("Prozent.", "Percent."))] = "",
    value: Annotated[str, typer.Option("--amount", help=both("Betrag je Zeitraum.", "Amount per fee period."))] = "",
    until: Annotated[
        str,
        typer.Option(
            "--until", metavar=both("TAG", "DAY"), help=both("Letzter Tag; leer: offen.", "Last day; blank: open.")
        ),
    ] = "",
    periods: Annotated[
        int | None,
        typer.Option(
            "--periods",
            min=1,
            help=both("Statt --until: so viele Zeiträume.", "In place of --until: so many fee periods."),
        ),
    ] = None,
    from_quantity: Annotated[
        str, typer.Option("--from-quantity", help=both("Erst ab dieser Menge.", "Only from this quantity on."))
    ] = "",
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Grant a discount."""
    where = house(seller, on)
    currency = contract_detail(contract_id(where.id, contract), on=where.on).line.currency
    granted = NewDiscount(
        label, decimal_of(percent, where, "--percent") if percent else None,
        money_of(value, currency, where, "--amount") if value else None,
        item_code_meant(where.id, contract, item) or None,
        day_of(since, where.on, "--from"), end_of(until, where, "--until") if until else None, periods,
        decimal_of(from_quantity, where, "--from-quantity") if from_quantity else None,
    )  # fmt: skip
    act = partial(grant_discount, where.id, contract, granted, reason=reason, by=stamp())
    carry_out(where, contract, act, say("Rabatt gewährt.", "Discount granted."), dry_run=dry_run, json=json)


@app.command(
    "trial",
    help=example(
        "Eine Testphase: bezahlt ab einem beliebigen Tag, verlängert, oder widerrufen.",
        "A trial: paid from any day on, extended, or cancelled.",
        "contract trial V-1 --paid-from 01.12.2026 --dry-run",
        "contract trial V-1 --extend-to 31.12.2026",
        "contract trial V-1 --cancel",
        "contract trial V-1 --cancel --at 2026-11-30T23:30",
    ),
)
def trial(
    *,
    contract: ContractArgument,
    paid_from: Annotated[
        str,
        typer.Option("--paid-from", metavar=both("TAG", "DAY"), help=both("Erster bezahlter Tag.", "First paid day.")),
    ] = "",
    extend_to: Annotated[
        str,
        typer.Option(
            "--extend-to", metavar=both("TAG", "DAY"), help=both("Letzter kostenloser Tag.", "Last free day.")
        ),
    ] = "",
    cancel: Annotated[
        bool, typer.Option("--cancel", help=both("Während der Testphase kündigen.", "Cancel in the trial."))
    ] = False,
    at: Annotated[
        str,
        typer.Option(
            "--at", help=both("Zeitpunkt der Kündigung; leer: jetzt.", "Instant of the cancellation; blank: now.")
        ),
    ] = "",
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Convert, extend or cancel a trial."""
    where = house(seller, on)
    if bool(paid_from) + bool(extend_to) + cancel != 1:
        text = say("--paid-from, --extend-to oder --cancel", "--paid-from, --extend-to or --cancel")
        raise typer.BadParameter(text, param_hint="--paid-from")
    by = stamp()
    act: partial[None]
    if paid_from:
        first = day_of(paid_from, where.on, "--paid-from")
        act = partial(convert_trial, where.id, contract, paid_from=first, reason=reason, by=by)
        said = say("Bezahlt ab {d}.", "Paid from {d}.", d=day(first))
    elif extend_to:
        until = end_of(extend_to, where, "--extend-to")
        act = partial(extend_trial, where.id, contract, until=until, reason=reason, by=by)
        said = say("Testphase verlängert bis {d}.", "Trial extended to {d}.", d=last_day(until))
    else:
        instant = _instant(at, where) if at else by.at
        act = partial(cancel_in_trial, where.id, contract, at=instant, zone=where.zone, reason=reason, by=by)
        said = say("In der Testphase gekündigt: nichts wird berechnet.", "Cancelled in the trial: nothing is billed.")
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


def _instant(text: str, where: House) -> datetime:
    try:
        found = parse_moment(text, where.reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--at") from None
    if isinstance(found, datetime):
        return found
    return datetime(found.year, found.month, found.day, tzinfo=where.zone).astimezone(UTC)


@app.command(
    "payer",
    help=example(
        "Ein anderer Kunde bekommt die Rechnungen ab einem Tag.",
        "Another customer gets the invoices from a day on.",
        "contract payer V-1 --customer K-2 --from 01.01.2027",
    ),
)
def payer(
    *,
    contract: ContractArgument,
    customer: Annotated[str, typer.Option("--customer", help=both("Kundennummer.", "Customer."), show_default=False)],
    since: FromOption,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Change who pays."""
    where = house(seller, on)
    first = day_of(since, where.on, "--from")
    act = partial(
        change_payer, where.id, contract, customer=customer_id(where.id, customer), valid_from=first, reason=reason,
        by=stamp(),
    )  # fmt: skip
    said = say("Ab {d} zahlt {c}.", "From {d} on {c} pays.", d=day(first), c=plain(customer))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)
