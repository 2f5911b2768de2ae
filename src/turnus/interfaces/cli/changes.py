"""``turnus contract``: add, remove, restore and change items; several changes as one amendment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final

import typer

from turnus.contracts.amendment import Why
from turnus.contracts.change import change_contract
from turnus.contracts.lookup import contract_id, item_ids
from turnus.contracts.naming import item_codes_meant
from turnus.contracts.queries import contract_detail
from turnus.core.amending import AddItem, Change, ChangeItem, Moment, RemoveItem, RestoreItem, When
from turnus.core.contracts import NewItem, Timing
from turnus.interfaces.cli.contracts import ContractArgument, ItemArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    cycle_of,
    day_of,
    decimal_of,
    end_of,
    house,
    stamp,
)
from turnus.interfaces.cli.previews import NEXT, DryRunOption, changes_told, show_preview
from turnus.interfaces.cli.screen import answer, show

FromOption = Annotated[
    str,
    typer.Option(
        "--from",
        metavar=both("TAG", "DAY"),
        help=both(
            "Ab diesem Tag, auch rückwirkend; leer: sofort.", "From this day on, also backwards; blank: at once."
        ),
    ),
]
PeriodEndOption = Annotated[
    bool,
    typer.Option(
        "--at-period-end",
        help=both("Erst nach dem laufenden Zeitraum der Position.", "Only after the running period of the item."),
    ),
]
CorrectionOption = Annotated[
    bool, typer.Option("--correction", help=both("Der alte Wert war falsch.", "The old value was wrong."))
]
RequestedOption = Annotated[
    str, typer.Option("--requested-by", help=both("Wer darum gebeten hat.", "Who asked for it."))
]
ITEM_FORM: Final = both("PRODUKT:MENGE[:PREIS]", "PRODUCT:QUANTITY[:PRICE]")


def _when(since: str, where: House, *, period_end: bool) -> When:
    if since and period_end:
        text = say("nur eines von --from und --at-period-end", "only one of --from and --at-period-end")
        raise typer.BadParameter(text, param_hint="--from")
    if period_end:
        return Moment.PERIOD_END
    return day_of(since, where.on, "--from") if since else Moment.AT_ONCE


def _amend(where: House, contract: str, changes: Sequence[Change], why: Why, *, dry_run: bool, json: bool) -> None:
    """Make the amendment and say what changed, or preview it."""
    changes = _meant(where, contract, changes)
    act = partial(change_contract, where.id, contract, changes, on=where.on, why=why, by=stamp())
    if dry_run:
        show_preview(where, contract, act, json=json)
        return
    made = act()
    if json:
        answer(made)
        return
    currency = contract_detail(contract_id(where.id, contract), on=where.on).line.currency
    show(*changes_told(made.changes, currency))
    if made.changes:
        show(say(*NEXT))


def _meant(where: House, contract: str, changes: Sequence[Change]) -> list[Change]:
    """The changes with the codes of the items that are meant."""
    named = [change.item for change in changes if not isinstance(change, AddItem)]
    codes = dict(zip(named, item_codes_meant(where.id, contract, named), strict=True))
    return [change if isinstance(change, AddItem) else replace(change, item=codes[change.item]) for change in changes]


def _new_item(text: str, taken: Sequence[str], where: House, option: str) -> NewItem:
    """``SUPPORT:1:49,00`` as an item with the next free code."""
    product, _, rest = text.partition(":")
    quantity, _, price = rest.partition(":")
    place = len(taken) + 1
    while f"{place}-{product}" in taken:
        place += 1
    count = decimal_of(quantity or "1", where, option)
    return NewItem(f"{place}-{product}", product, count, decimal_of(price, where, option) if price else None)


@app.command(
    "add",
    help=example(
        "Fügt einem laufenden Vertrag eine Position hinzu, laufend oder einmalig, im Takt des Vertrags.",
        "Adds an item to a running contract, recurring or one-off, in the contract's rhythm.",
        'contract add V-1 SUPPORT:1:49,00 --from 15.12.2026 --reason "Zubuchung" --dry-run',
        "contract add V-1 SCHULUNG:2 --at-period-end",
    ),
)
def add(
    *,
    contract: ContractArgument,
    item: Annotated[
        str,
        typer.Argument(
            metavar=ITEM_FORM,
            help=both("Ohne Preis gilt der des Produkts.", "Without a price the product's holds."),
            show_default=False,
        ),
    ],
    since: FromOption = "",
    period_end: PeriodEndOption = False,
    code: Annotated[str, typer.Option("--code", help=both("Eigener Code der Position.", "Code of the item."))] = "",
    last: Annotated[
        str, typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))
    ] = "",
    cycle: Annotated[
        str,
        typer.Option("--cycle", help=both("Wofür der Preis gilt; leer: wie der Vertrag.", "Blank: as the contract.")),
    ] = "",
    billing: Annotated[
        str, typer.Option("--billing", help=both("Wie oft berechnet wird.", "How often it is billed."))
    ] = "",
    arrears: Annotated[
        bool | None,
        typer.Option("--arrears/--advance", help=both("Nachträglich oder im Voraus.", "In arrears or in advance.")),
    ] = None,
    own_rhythm: Annotated[
        bool,
        typer.Option(
            "--own-rhythm", help=both("Zeiträume ab dem eigenen ersten Tag.", "Periods from its own first day on.")
        ),
    ] = False,
    text: Annotated[str, typer.Option("--text", help=both("Text auf der Rechnung.", "Text on invoices."))] = "",
    reason: ReasonOption = "",
    requested_by: RequestedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Add an item."""
    where = house(seller, on)
    new = _new_item(item, list(item_ids(contract_id(where.id, contract))), where, "ITEM")
    timing = None if arrears is None else Timing.ARREARS if arrears else Timing.ADVANCE
    new = replace(
        new, code=code or new.code, label=text, end=end_of(last, where, "--last-day") if last else None,
        fee=cycle_of(cycle, where, "--cycle") if cycle else None,
        billing=cycle_of(billing, where, "--billing") if billing else None, timing=timing,
    )  # fmt: skip
    change = AddItem(new, _when(since, where, period_end=period_end), own_rhythm)
    _amend(where, contract, [change], Why(reason, requested_by=requested_by), dry_run=dry_run, json=json)


@app.command(
    "remove",
    help=example(
        "Entfernt eine Position: ab dem Tag wird nichts mehr berechnet, was schon berechnet ist, wird gutgeschrieben.",
        "Removes an item: from the day on nothing is billed, and what is billed already is credited.",
        'contract remove V-1 2-SUPPORT --at-period-end --reason "Abbestellt"',
        "contract remove V-1 2-SUPPORT --from 15.12.2026 --dry-run",
    ),
)
def remove(
    *,
    contract: ContractArgument,
    item: ItemArgument,
    since: FromOption = "",
    period_end: PeriodEndOption = False,
    reason: ReasonOption = "",
    requested_by: RequestedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Remove an item."""
    where = house(seller, on)
    change = RemoveItem(item, _when(since, where, period_end=period_end))
    _amend(where, contract, [change], Why(reason, requested_by=requested_by), dry_run=dry_run, json=json)


@app.command(
    "restore",
    help=example(
        "Nimmt das Entfernen einer Position zurück, oder nimmt sie ab einem Tag wieder auf.",
        "Takes the removal of an item back, or restores it from a day on.",
        "contract restore V-1 2-SUPPORT",
    ),
)
def restore(
    *,
    contract: ContractArgument,
    item: ItemArgument,
    since: FromOption = "",
    reason: ReasonOption = "",
    requested_by: RequestedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Restore an item."""
    where = house(seller, on)
    change = RestoreItem(item, _when(since, where, period_end=False))
    _amend(where, contract, [change], Why(reason, requested_by=requested_by), dry_run=dry_run, json=json)


@app.command(
    "change",
    help=example(
        "Ändert Preis, Menge oder Produkt einer Position: sofort, zum Periodenende oder ab einem Tag.",
        "Changes price, quantity or product of an item: at once, at period end or from a day on.",
        'contract change V-1 1-LIZENZ --from 01.01.2027 --quantity 8 --reason "Aufstockung"',
        "contract change V-1 1-LIZENZ --product LIZENZ-PLUS --at-period-end --dry-run",
        'contract change V-1 1-LIZENZ --from 01.11.2026 --price 9,90 --correction --reason "Falscher Preis"',
    ),
)
def change(
    *,
    contract: ContractArgument,
    item: ItemArgument,
    since: FromOption = "",
    period_end: PeriodEndOption = False,
    price: Annotated[str, typer.Option("--price", help=both("Neuer Preis je Einheit.", "New price of one unit."))] = "",
    quantity: Annotated[str, typer.Option("--quantity", help=both("Neue Menge.", "New quantity."))] = "",
    product: Annotated[
        str,
        typer.Option(
            "--product",
            help=both(
                "Anderes Produkt; ohne --price zu seinem Katalogpreis.",
                "Another product; without --price at its catalogue price.",
            ),
        ),
    ] = "",
    text: Annotated[str, typer.Option("--text", help=both("Text auf der Rechnung.", "Text on invoices."))] = "",
    correction: CorrectionOption = False,
    reason: ReasonOption = "",
    requested_by: RequestedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Another price, quantity or product."""
    where = house(seller, on)
    if not (price or quantity or product or text):
        told = say(
            "--price, --quantity, --product oder --text angeben", "give --price, --quantity, --product or --text"
        )
        raise typer.BadParameter(told)
    wanted = ChangeItem(
        item, _when(since, where, period_end=period_end), product or None,
        decimal_of(price, where, "--price") if price else None,
        decimal_of(quantity, where, "--quantity") if quantity else None, text or None,
    )  # fmt: skip
    _amend(where, contract, [wanted], Why(reason, correction, requested_by), dry_run=dry_run, json=json)


KEYS: Final = {
    "price": "price", "preis": "price", "quantity": "quantity", "menge": "quantity", "product": "product",
    "produkt": "product", "text": "label",
}  # fmt: skip
"""What stands before the equals sign of ``--set`` → the field of the change."""


@app.command(
    "amend",
    help=example(
        "Ändert mehreres an einem Vertrag auf einmal: ein Nachtrag, ein Grund, ein Beleg.",
        "Changes several things of a contract at once: one amendment, one reason, one document.",
        'contract amend V-1 --set 1-LIZENZ:menge=8 --set 1-LIZENZ:preis=9,90 --remove 2-SUPPORT --reason "Umstieg"',
        "contract amend V-1 --add SUPPORT-PLUS:1 --remove 2-SUPPORT --at-period-end --dry-run",
    ),
)
def amend(
    *,
    contract: ContractArgument,
    added: Annotated[
        list[str] | None, typer.Option("--add", metavar=ITEM_FORM, help=both("Position hinzufügen.", "Add an item."))
    ] = None,
    removed: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar=both("POSITION", "ITEM"), help=both("Position entfernen.", "Remove an item.")),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar=both("POSITION:FELD=WERT", "ITEM:FIELD=VALUE"),
            help=both("Feld: menge, preis, produkt, text.", "Field: quantity, price, product, text."),
        ),
    ] = None,
    since: FromOption = "",
    period_end: PeriodEndOption = False,
    correction: CorrectionOption = False,
    reason: ReasonOption = "",
    requested_by: RequestedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Several changes."""
    where = house(seller, on)
    when = _when(since, where, period_end=period_end)
    changes: list[Change] = [RemoveItem(code, when) for code in removed or ()]
    changes += _set(fields or (), when, where)
    taken = list(item_ids(contract_id(where.id, contract)))
    for text in added or ():
        new = _new_item(text, taken, where, "--add")
        taken.append(new.code)
        changes.append(AddItem(new, when))
    if not changes:
        raise typer.BadParameter(say("--add, --remove oder --set angeben", "give --add, --remove or --set"))
    _amend(where, contract, changes, Why(reason, correction, requested_by), dry_run=dry_run, json=json)


def _set(texts: Sequence[str], when: When, where: House) -> list[ChangeItem]:
    """``CODE:FIELD=VALUE`` of each item together as one change of it."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        item, _, name = place.rpartition(":")
        field = KEYS.get(name.strip().lower())
        if not equals or not item or field is None:
            form = "1-LIZENZ:menge=8"
            raise typer.BadParameter(say("Beispiel: {f}", "Example: {f}", f=form), param_hint="--set")
        number: Decimal | str = decimal_of(value, where, "--set") if field in ("price", "quantity") else value
        found.setdefault(item, {})[field] = number
    return [ChangeItem(item, when, **fields) for item, fields in found.items()]
