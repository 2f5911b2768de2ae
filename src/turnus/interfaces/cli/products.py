"""``turnus product``: the catalogue of products and prices."""

from __future__ import annotations

from typing import Annotated

import typer
from django.db import transaction

from turnus.catalog.offer import put_product
from turnus.catalog.queries import ProductDetail, product_detail, product_lines
from turnus.core.intake.cells import Cell
from turnus.core.intake.products import PRODUCTS
from turnus.integration.enter import PRODUCT_NAMES, cells_of, enter, product_of
from turnus.integration.load import Target
from turnus.integration.reports import Kind
from turnus.interfaces.cli.contracts import MODELS
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, SellerOption, home, house, stamp
from turnus.interfaces.cli.screen import answer, day, heading, last_day, pairs, plain, price, show, table

app = typer.Typer(
    name="product",
    no_args_is_help=True,
    help=example(
        "Produkte und ihre Preise: ansehen, anlegen, neue Preise.",
        "Products and their prices: read, enter, new prices.",
        "product list",
    ),
)
CodeArgument = Annotated[str, typer.Argument(help=both("Artikelnummer.", "Code of the product."), show_default=False)]
PairsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar=both("SPALTE=WERT …", "COLUMN=VALUE …"),
        help=both("Spalten wie in der Datei: turnus import columns.", "Columns as in the file: turnus import columns."),
        show_default=False,
    ),
]


def target(where: House) -> Target:
    """Whose data are entered."""
    return Target(where.id, where.reading, where.on, home() / "inbox")


@app.command(
    "list", help=example("Zeigt die Produkte.", "Lists the products.", "product list", "product list --search server")
)
def list_(
    *,
    search: Annotated[
        str, typer.Option("--search", help=both("Teil von Nummer oder Name.", "Part of a code or name."))
    ] = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Products in a table."""
    rows = product_lines(house(seller).id, search=search)
    if json:
        answer(rows)
        return
    titles = columns("Produkt|Product", "Name|Name", "Einheit|Unit", "Steuerklasse|Tax class")
    names = [row.name if language() == "de" else row.name_en or row.name for row in rows]
    table(
        titles,
        [(plain(row.code), plain(name), row.unit, row.tax_class) for row, name in zip(rows, names, strict=True)],
    )


@app.command(
    "show", help=example("Zeigt ein Produkt mit allen Preisen.", "Shows a product with all prices.", "product show CRM")
)
def show_(*, code: CodeArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """One product."""
    found = product_detail(house(seller).id, code)
    if json:
        answer(found)
    else:
        _describe(found)


def _describe(found: ProductDetail) -> None:
    row = found.product
    heading(plain(f"{row.code} {row.name}"))
    pairs(
        [
            (say("Englisch", "English"), plain(row.name_en)),
            (say("Beschreibung", "Description"), plain(row.description)),
            (say("Art", "Kind"), row.kind), (say("Steuerklasse", "Tax class"), row.tax_class),
            (say("Einheit", "Unit"), row.unit),
        ]
    )  # fmt: skip
    titles = columns(
        "Preisliste|Price list", "Land|Country", "Preisart|Model", "Preis|Price", "gilt ab|from", "bis|until"
    )
    lines = [
        (plain(p.price_list), p.country, MODELS[p.model][0 if language() == "de" else 1],
         price(p.unit_price, p.currency) + (say(" brutto", " gross") if p.gross else ""), day(p.valid_from),
         last_day(p.valid_to))
        for p in found.prices
    ]  # fmt: skip
    table(titles, lines, right=(3,))
    if any(row.valid_to for row in found.prices):
        show(say("Nach dem letzten Tag gilt ein Preis nur für neue Verträge nicht mehr; laufende behalten ihn, "
                 "außer Positionen, die dem Katalog folgen.",
                 "After its last day a price is closed to new contracts only; running contracts keep it, "
                 "except for items that follow the catalogue."))  # fmt: skip


@app.command(
    "new",
    help=example(
        "Legt ein Produkt an oder ändert es; mit Preis auch diesen.",
        "Enters or changes a product; with a price that too.",
        'product new BERATUNG name="Beratung" unit=Stunde model=one_off price=120,00 valid_from=01.01.2026',
        'product new BERATUNG name="Beratung vor Ort" name_en="Consulting on site" unit=Stunde',
    ),
)
def new(*, code: CodeArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """One row of the file of products."""
    where = house(seller, on)
    cells = {**cells_of(PRODUCTS, given), "code": code}
    if set(cells) - set(PRODUCT_NAMES):
        _enter(cells, where)
        return
    product = product_of(cells, where.reading)
    with transaction.atomic(durable=True):
        outcome = put_product(where.id, product, by=stamp())
    _tell(outcome, code)


@app.command(
    "price",
    help=example(
        "Gibt einen neuen Preis ein: er löst den alten ab seinem Tag ab; Positionen, die dem Katalog folgen, folgen.",
        "Enters a new price: it follows the old one from its day on; items that follow the catalogue follow.",
        "product price CRM model=recurring_unit price=26,00 valid_from=01.01.2027",
        "product price CRM model=recurring_unit price=19,00 valid_from=01.01.2027 price_list=verein country=AT",
    ),
)
def new_price(*, code: CodeArgument, given: PairsArgument, seller: SellerOption = "", on: OnOption = "") -> None:
    """A price of a known product."""
    where = house(seller, on)
    facts = product_detail(where.id, code).product
    cells: dict[str, Cell] = {name: str(getattr(facts, name)) for name in PRODUCT_NAMES}
    _enter({**cells, **cells_of(PRODUCTS, given), "code": code}, where)


def _enter(cells: dict[str, Cell], where: House) -> None:
    _tell(enter(Kind.PRODUCTS, cells, target(where), by=stamp()), str(cells["code"]))


def _tell(outcome: str, code: str) -> None:
    words = {
        "created": say("Gespeichert.", "Saved."), "changed": say("Geändert.", "Changed."),
        "unchanged": say("Schon genau so da.", "There already, word for word."),
    }  # fmt: skip
    show(words[outcome], say("Weiter: turnus product show {c}", "Next: turnus product show {c}", c=plain(code)))
