"""``turnus contract``: who pays, and who gets a copy."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from turnus.contracts.naming import item_code_meant
from turnus.contracts.sharing import Sharer, share_payers
from turnus.core.intake.cells import CellError
from turnus.core.intake.shares import parse_shares
from turnus.core.intake.texts import message
from turnus.interfaces.cli.amendments import FromOption
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, language, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, ReasonOption, SellerOption, day_of, house, stamp
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.screen import day
from turnus.parties.queries import customer_id


@app.command(
    "share",
    help=example(
        "Mehrere Kunden teilen sich ab einem Tag, was ein Vertrag oder eine Position kostet; der erste trägt den Rest.",
        "Several customers share what a contract or an item costs from a day on; the first gets the odd cents.",
        "contract share V-1 --payer K-1:60 --payer K-2:40 --from 01.01.2027 --dry-run",
        "contract share V-1 --item 1-LIZENZ --payer K-1:1 --payer K-2:1 --from 01.01.2027",
        "contract share V-1 --item 1-LIZENZ --as-contract --from 01.07.2027",
    ),
)
def share(
    *,
    contract: ContractArgument,
    since: FromOption,
    payers: Annotated[
        list[str] | None,
        typer.Option(
            "--payer",
            metavar=both("KUNDE:ANTEIL", "CUSTOMER:SHARE"),
            help=both("Wer zahlt mit welchem Anteil; mehrfach.", "Who pays which share; may repeat."),
        ),
    ] = None,
    item: Annotated[str, typer.Option("--item", help=both("Nur diese Position.", "Only this item."))] = "",
    as_contract: Annotated[
        bool,
        typer.Option(
            "--as-contract", help=both("Die Position zahlt wieder, wer den Vertrag zahlt.", "The item is paid as all.")
        ),
    ] = False,
    correction: Annotated[
        bool, typer.Option("--correction", help=both("Die alte Teilung war falsch.", "The old shares were wrong."))
    ] = False,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Share a contract."""
    where = house(seller, on)
    if bool(payers) == as_contract or (as_contract and not item):
        text = say("--payer, oder --as-contract mit --item", "--payer, or --as-contract with --item")
        raise typer.BadParameter(text, param_hint="--payer")
    first = day_of(since, where.on, "--from")
    act = partial(
        share_payers, where.id, contract, _sharers(payers or [], where), valid_from=first,
        item=item_code_meant(where.id, contract, item), reason=reason,
        correction=correction, by=stamp(),
    )  # fmt: skip
    said = say("Ab {d} wird so geteilt.", "Shared like this from {d} on.", d=day(first))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


def _sharers(texts: list[str], where: House) -> list[Sharer]:
    if not texts:
        return []
    try:
        found = parse_shares(", ".join(texts), where.reading)
    except CellError as error:
        raise typer.BadParameter(message(error, language()), param_hint="--payer") from None
    return [Sharer(customer_id(where.id, customer), weight) for customer, weight in found]
