"""``turnus contract``: read contracts and their plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

import typer

from turnus.catalog.facts import ProductFacts, product_facts
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import (
    ContractDetail,
    DiscountLine,
    ItemLine,
    PayerLine,
    contract_detail,
    contract_lines,
)
from turnus.contracts.term_sheet import term_sheet
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import House, JsonOption, LimitOption, OnOption, SellerOption, house
from turnus.interfaces.cli.screen import (
    amount,
    answer,
    day,
    heading,
    last_day,
    number,
    pairs,
    plain,
    price,
    show,
    table,
)
from turnus.interfaces.cli.term_options import term_rows
from turnus.parties.queries import CustomerName, customer_id, customer_names

app = typer.Typer(
    name="contract",
    no_args_is_help=True,
    help=example(
        "Verträge ansehen, ihren Abrechnungsplan zeigen, ändern, beenden.",
        "Read contracts, show their billing plan, change and end them.",
        "contract plan V-10001-1",
    ),
)
ContractArgument = Annotated[
    str, typer.Argument(help=both("Vertragsnummer.", "Number of the contract."), show_default=False)
]
MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "one_off": ("einmalig", "one-off"),
    "recurring_flat": ("pauschal", "flat"),
    "recurring_unit": ("je Einheit", "per unit"),
    "metered_unit": ("nach Verbrauch", "by usage"),
    "rated": ("bewerteter Verbrauch", "rated usage"),
    "": ("beendet", "ended"),
}
TIMINGS: Final[Mapping[str, tuple[str, str]]] = {
    "advance": ("im Voraus", "in advance"),
    "arrears": ("nachträglich", "in arrears"),
}


ItemArgument = Annotated[
    str,
    typer.Argument(
        help=both(
            "Code der Position, oder Produkt, wenn es eindeutig ist.", "Code of the item, or its product where unique."
        ),
        show_default=False,
    ),
]


def _word(words: Mapping[str, tuple[str, str]], key: str) -> str:
    return words[key][0 if language() == "de" else 1]


def cycle_word(months: int, days: int) -> str:
    """``monatlich``, ``alle 14 Tage``."""
    known = {
        (1, 0): ("monatlich", "monthly"), (3, 0): ("vierteljährlich", "quarterly"),
        (6, 0): ("halbjährlich", "half-yearly"), (12, 0): ("jährlich", "yearly"), (0, 7): ("wöchentlich", "weekly"),
        (0, 1): ("täglich", "daily"),
    }  # fmt: skip
    if (months, days) in known:
        return say(*known[months, days])
    if months:
        return say("alle {n} Monate", "every {n} months", n=months)
    return say("alle {n} Tage", "every {n} days", n=days)


def short_cycle(key: str) -> str:
    """``1m`` → ``monatlich``."""
    return cycle_word(int(key[:-1]), 0) if key.endswith("m") else cycle_word(0, int(key[:-1]))


@app.command(
    "list",
    help=example("Zeigt Verträge.", "Lists contracts.", "contract list --limit 20", "contract list --customer K-10001"),
)
def list_(
    *,
    customer: Annotated[str, typer.Option("--customer", help=both("Kundennummer.", "Customer number."))] = "",
    kind: Annotated[str, typer.Option("--kind", help=both("Nur diese Vertragsart.", "Only this kind."))] = "",
    limit: LimitOption = 50,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Contracts in a table."""
    where = house(seller)
    wanted = customer_id(where.id, customer) if customer else None
    rows, count = contract_lines(where.id, customer=wanted, kind=kind, limit=limit)
    if json:
        answer({"count": count, "contracts": rows})
        return
    names = customer_names({row.customer for row in rows}, on=where.on)
    titles = columns(
        "Vertrag|Contract",
        "Kunde|Customer",
        "Art|Kind",
        "Turnus|Cycle",
        "Beginn|Start",
        "Letzter Tag|Last day",
        "Nächste Fälligkeit|Next due",
    )
    table(
        titles,
        [
            (plain(row.number), plain(f"{names[row.customer].number} {names[row.customer].name}"), plain(row.kind),
             short_cycle(row.cycle), day(row.signed_on), last_day(row.end), day(row.due_on))
            for row in rows
        ],
    )  # fmt: skip
    if count > len(rows):
        show(
            say(
                "{a} von {b}; mehr mit --limit.", "{a} of {b}; more with --limit.", a=number(len(rows)), b=number(count)
            )
        )


@app.command(
    "show",
    help=example(
        "Zeigt einen Vertrag mit Positionen und Rabatten, wie sie an einem Tag gelten.",
        "Shows a contract with its items and discounts as they stand on a day.",
        "contract show V-10001-1",
        "contract show V-10001-1 --on 01.01.2027",
    ),
)
def show_(
    *, contract: ContractArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """One contract."""
    where = house(seller, on)
    number_ = contract_id(where.id, contract)
    found, sheet = contract_detail(number_, on=where.on), term_sheet(number_, on=where.on)
    if json:
        answer({**found._asdict(), "terms": sheet})
    else:
        _describe(found, where)
        heading(say("Laufzeit und Kündigung", "Term and notice"))
        pairs(term_rows(sheet))


def _describe(found: ContractDetail, where: House) -> None:
    line = found.line
    name = customer_names([line.customer], on=where.on)[line.customer]
    heading(say("Vertrag {n}", "Contract {n}", n=plain(line.number)))
    trial = "" if line.start == line.signed_on else say("bezahlt ab {d}", "paid from {d}", d=day(line.start))
    if line.waits:
        trial = say("bis {d}, wartet auf Zusage", "until {d}, waits for conversion", d=last_day(line.start))
    pairs(
        [
            (say("Kunde", "Customer"), plain(f"{name.number} {name.name}")),
            (say("Art", "Kind"), plain(line.kind)),
            (say("Beginn", "Start"), day(line.signed_on)),
            (say("Testphase", "Trial"), trial),
            (say("Letzter Tag", "Last day"), last_day(line.end)),
            (say("Turnus", "Cycle"), short_cycle(line.cycle)),
            (say("Zahlungsziel", "Payment terms"), say("{n} Tage", "{n} days", n=found.payment_days)
             if found.payment_days is not None else ""),
            (say("Referenz", "Reference"), plain(found.reference)),
            (say("Anderswo berechnet bis", "Billed elsewhere through"), last_day(found.billed_until)),
            (say("Nächste Fälligkeit", "Next due"), day(line.due_on)),
            (say("Seit der Rechnung", "Since invoiced"), say("geändert", "changed") if line.changed else ""),
        ]
    )  # fmt: skip
    products = product_facts(where.id)
    heading(say("Positionen", "Items"))
    titles = columns(
        "Position|Item",
        "Produkt|Product",
        "Preisart|Model",
        "Menge|Quantity",
        "Preis|Price",
        "je|per",
        "gilt seit|since",
        "Letzter Tag|Last day",
    )
    table(titles, [_item(item, products, line.currency) for item in found.items], right=(3, 4))
    if found.discounts:
        heading(say("Rabatte", "Discounts"))
        titles = columns("Rabatt|Discount", "auf|on", "Höhe|Off", "von|from", "bis|until")
        table(titles, [_discount(row, line.currency) for row in found.discounts], right=(2,))
    if found.payers:
        heading(say("Wer zahlt", "Who pays"))
        known = customer_names({payer for row in found.payers for payer, _weight in row.payers}, on=where.on)
        titles = columns("ab|from", "was|what", "Kunden und Anteile|customers and shares")
        table(titles, [_payer(row, known) for row in found.payers])


def _payer(row: PayerLine, known: Mapping[int, CustomerName]) -> tuple[str, ...]:
    alone = len(row.payers) == 1
    names = [known[payer].number if alone else f"{known[payer].number}: {weight}" for payer, weight in row.payers]
    as_contract = say("wie der Vertrag", "as the contract")
    return day(row.since), plain(row.item) or say("Vertrag", "contract"), plain(", ".join(names)) or as_contract


def product_name(products: Mapping[int, ProductFacts], product: int, label: str = "") -> str:
    """The printed name of a product, or the label in its place."""
    facts = products[product]
    return label or (facts.name if language() == "de" else facts.name_en or facts.name)


def _item(item: ItemLine, products: Mapping[int, ProductFacts], currency: str) -> tuple[object, ...]:
    mode = say(" brutto", " gross") if item.gross else ""
    rhythm = "" if item.model == "one_off" else f"{cycle_word(item.months, item.days)}, {_word(TIMINGS, item.timing)}"
    return (
        plain(item.code), plain(product_name(products, item.product, item.label)), _word(MODELS, item.model),
        number(item.quantity), price(item.price, currency) + mode, rhythm, day(item.since), last_day(item.end),
    )  # fmt: skip


def _discount(row: DiscountLine, currency: str) -> tuple[object, ...]:
    off = f"{number(row.percent)} %" if row.percent is not None else amount(row.amount or 0, currency)
    start = "" if row.start == date.min else day(row.start)
    return plain(row.label), plain(row.item) or say("Vertrag", "contract"), off, start, last_day(row.end)
