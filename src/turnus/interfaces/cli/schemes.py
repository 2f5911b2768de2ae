"""``turnus scheme``: price models as data: pick a template, change it, try it, use it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import typer
from django.db import transaction

from turnus.catalog.facts import product_ids
from turnus.catalog.offer import UnknownProductError, UnknownSchemeError, put_scheme
from turnus.catalog.queries import scheme_rows
from turnus.core.explaining import Told, step_texts
from turnus.core.messages import message
from turnus.core.money import minor_digits
from turnus.core.pricing import Measured, by_scheme
from turnus.core.schemes import Break, Function, Part, Rounding, Scheme, Tier, faults_of
from turnus.core.templates import TEMPLATES, template
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    SellerOption,
    all_at_once,
    cycle_of,
    decimal_of,
    house,
    stamp,
)
from turnus.interfaces.cli.scheme_words import priced_word, sentences
from turnus.interfaces.cli.screen import amount, answer, number, plain, show, table

app = typer.Typer(
    name="scheme",
    no_args_is_help=True,
    help=example(
        "Preisschemata: Staffeln, Pakete, Provisionen, Formeln als Daten.",
        "Price schemes: tiers, packages, commissions, formulas as data.",
        "scheme new anrufe --like graduated",
    ),
)

CodeArgument = Annotated[str, typer.Argument(help=both("Code des Preisschemas.", "Code of the scheme."))]
PriceOption = Annotated[
    str, typer.Option("--price", help=both("Preis einer Einheit, wo keine Stufen gelten.", "Unit price without tiers."))
]


LikeOption = Annotated[str, typer.Option("--like", help=both("Vorlage.", "Template."))]
FunctionOption = Annotated[
    str,
    typer.Option(
        "--function", help=both("Art: unit, graduated, volume, formula.", "One of unit, graduated, volume, formula.")
    ),
]
TierOption = Annotated[
    list[str],
    typer.Option("--tier", help=both("BIS:PREIS[:PAUSCHALE]; BIS leer: offen.", "UP_TO:PRICE[:FLAT]; blank: open.")),
]
IncludedOption = Annotated[str, typer.Option("--included", help=both("Inklusivmenge.", "Included quantity."))]
PackageOption = Annotated[str, typer.Option("--package", help=both("Einheiten je Paket.", "Units of a package."))]
QuantumOption = Annotated[str, typer.Option("--quantum", help=both("Schritt der Menge.", "Steps of the quantity."))]
RoundingOption = Annotated[
    str, typer.Option("--rounding", help=both("Rundung: up, half_up, down.", "One of up, half_up, down."))
]
PercentOption = Annotated[bool, typer.Option("--percent", help=both("Preise in Prozent.", "Prices are percent."))]
BreakOption = Annotated[
    list[str], typer.Option("--break", help=both("AB:PROZENT% oder AB:BETRAG.", "FROM:PERCENT% or FROM:AMOUNT."))
]
LeastOption = Annotated[str, typer.Option("--least", help=both("Mindestbetrag.", "Least amount."))]
MostOption = Annotated[str, typer.Option("--most", help=both("Höchstbetrag.", "Most."))]
FormulaOption = Annotated[str, typer.Option("--formula", help=both("Ausdruck.", "Expression."))]
PartOption = Annotated[
    list[str], typer.Option("--part", help=both("Teil eines Sets PRODUKT:GEWICHT.", "PRODUCT:WEIGHT of a set."))
]
WindowOption = Annotated[
    str, typer.Option("--window", help=both("Stufen zählen über: jährlich.", "Tiers count over: yearly."))
]


@app.command("templates", help=example("Zeigt fertige Preismodelle.", "Shows ready price models.", "scheme templates"))
def templates(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Ready price models, each with an example."""
    where = house(seller, on)
    digits = minor_digits(where.currency)
    rows = []
    for row in TEMPLATES:
        rated = by_scheme(row.scheme or Scheme(), row.quantity, row.price, Measured(row.quantity, 0, 0, 0), digits)
        text = row.german if language() == "de" else row.english
        rows.append((row.code, row.model.value, text, number(row.quantity), amount(rated.amount, where.currency)))
    if json:
        answer([dict(zip(("code", "model", "text", "quantity", "amount"), row, strict=True)) for row in rows])
        return
    titles = columns("Code|Code", "Preismodell|Model", "Wofür|What for", "Menge|Quantity", "Betrag|Amount")
    table(titles, rows, right=(3, 4))
    show(
        "", say("Übernehmen: turnus scheme new CODE --like VORLAGE", "Use one: turnus scheme new CODE --like TEMPLATE")
    )


@app.command("list", help=example("Zeigt die Preisschemata.", "Lists the price schemes.", "scheme list"))
def list_(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """All named schemes in their newest version."""
    where = house(seller, on)
    rows = scheme_rows(where.id)
    if json:
        answer([{"code": row.code, "version": row.version, "scheme": row.body} for row in rows])
        return
    codes = _codes(where)
    cells = [
        (plain(row.code), str(row.version), "; ".join([priced_word(row.scheme), *sentences(row.scheme, codes)]))
        for row in rows
    ]
    table(columns("Code|Code", "Fassung|Version", "Inhalt|Content"), cells)


@app.command(
    "try",
    help=example(
        "Rechnet eine Menge durch, mit allen Schritten.",
        "Rates a quantity and shows every step.",
        "scheme try anrufe 105",
    ),
)
def try_(
    *,
    code: CodeArgument,
    quantity: Annotated[str, typer.Argument(help=both("Menge.", "Quantity."))],
    price: PriceOption = "0",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """What a quantity costs by a scheme."""
    where = house(seller, on)
    found = next((row.scheme for row in scheme_rows(where.id) if row.code == code), None)
    if found is None:
        raise UnknownSchemeError(code)
    count = decimal_of(quantity, where, "QUANTITY")
    digits = minor_digits(where.currency)
    rated = by_scheme(found, count, decimal_of(price, where, "--price"), Measured(count, 0, 0, 0), digits)
    texts = step_texts(rated.steps, Told(where.currency, digits, language()))
    if json:
        answer({"amount": rated.amount, "currency": where.currency, "steps": texts})
        return
    show(*(plain(text) for text in texts), f"[bold]{amount(rated.amount, where.currency)}[/bold]")


@dataclass(frozen=True, slots=True)
class Given:
    """The options of ``scheme new`` as texts."""

    tiers: list[str]
    breaks: list[str]
    parts: list[str]
    numbers: dict[str, str]
    rounding: str
    formula: str
    window: str
    percent: bool
    function: str


@app.command(
    "new",
    help=example(
        "Legt ein Preisschema an oder gibt ihm eine neue Fassung; laufende Verträge behalten ihre.",
        "Enters a price scheme or its next version; running contracts keep theirs.",
        "scheme new anrufe --like graduated",
        "scheme new anrufe --function graduated --tier 100:0,10 --tier :0,05 --included 10",
        "scheme new stufen --function volume --tier 10:0:20 --tier :0:60",
        'scheme new eigen --formula "max(5, quantity * price)"',
        "scheme new familienset --part HEFT:70 --part ONLINE:30",
    ),
)
def new(
    *,
    code: CodeArgument,
    like: LikeOption = "",
    function: FunctionOption = "",
    tiers: TierOption = [],  # noqa: B006 - typer copies it
    included: IncludedOption = "",
    package: PackageOption = "",
    quantum: QuantumOption = "",
    rounding: RoundingOption = "",
    percent: PercentOption = False,
    breaks: BreakOption = [],  # noqa: B006
    least: LeastOption = "",
    most: MostOption = "",
    formula: FormulaOption = "",
    parts: PartOption = [],  # noqa: B006
    window: WindowOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Enter a scheme."""
    where = house(seller, on)
    numbers = {"included": included, "package": package, "quantum": quantum, "least": least, "most": most}
    given = Given(tiers, breaks, parts, numbers, rounding, formula, window, percent, function)
    with all_at_once():
        scheme = _scheme(_start(like), given, where)
    if faults := list(faults_of(scheme)):
        lines = "\n".join(message(fault.code, fault.params, language()) for fault in faults)
        raise typer.BadParameter(lines, param_hint="scheme new")
    with transaction.atomic(durable=True):
        _id, outcome = put_scheme(where.id, code, scheme, by=stamp())
    words = {
        "created": say("Preisschema {c} angelegt.", "Price scheme {c} entered.", c=plain(code)),
        "changed": say("Neue Fassung von {c}; laufende Verträge behalten ihre.",
                       "New version of {c}; running contracts keep theirs.", c=plain(code)),
        "unchanged": say("{c} ist genau so schon da.", "{c} is there already.", c=plain(code)),
    }  # fmt: skip
    show(
        words[outcome], say("Probieren: turnus scheme try {c} 100", "Try it: turnus scheme try {c} 100", c=plain(code))
    )


def _start(like: str) -> Scheme:
    """The scheme of a template; a plain one without."""
    found = template(like)
    if like and found is None:
        names = ", ".join(row.code for row in TEMPLATES)
        raise typer.BadParameter(say("Vorlagen: {n}", "templates: {n}", n=names), param_hint="--like")
    return (found.scheme if found else None) or Scheme()


def _scheme(start: Scheme, given: Given, where: House) -> Scheme:
    changes: dict[str, Any] = {
        name: decimal_of(text, where, f"--{name}") for name, text in given.numbers.items() if text
    }
    if given.tiers:
        changes["tiers"] = tuple(_tier(text, where) for text in given.tiers)
    if given.breaks:
        changes["breaks"] = tuple(_break(text, where) for text in given.breaks)
    if given.parts:
        known = product_ids(where.id)
        changes["parts"] = tuple(_part(text, known) for text in given.parts)
    if given.formula:
        changes |= {"formula": given.formula, "function": Function.FORMULA}
    if given.percent:
        changes["percent"] = True
    if given.window:
        changes["window"] = cycle_of(given.window, where, "--window")
    changes |= _words(given)
    return start._replace(**changes)


def _words(given: Given) -> dict[str, Any]:
    """Function and rounding, where given."""
    found: dict[str, Any] = {}
    for name, text, kinds in (("rounding", given.rounding, Rounding), ("function", given.function, Function)):
        if text and text not in set(kinds):
            raise typer.BadParameter(", ".join(kinds), param_hint=f"--{name}")
        if text:
            found[name] = kinds(text)
    return found


def _tier(text: str, where: House) -> Tier:
    bound, _, rest = text.partition(":")
    price, _, flat = rest.partition(":")
    up_to = decimal_of(bound, where, "--tier") if bound else None
    return Tier(up_to, decimal_of(price or "0", where, "--tier"), decimal_of(flat or "0", where, "--tier"))


def _break(text: str, where: House) -> Break:
    since, _, off = text.partition(":")
    quantity, value = decimal_of(since, where, "--break"), decimal_of(off.rstrip("% "), where, "--break")
    return Break(quantity, percent=value) if off.rstrip().endswith("%") else Break(quantity, amount=value)


def _part(text: str, known: dict[str, int]) -> Part:
    code, _, weight = text.rpartition(":")
    if code not in known:
        raise UnknownProductError(code)
    if not weight.isdigit():
        raise typer.BadParameter(say("PRODUKT:GEWICHT, etwa HEFT:70", "PRODUCT:WEIGHT, such as HEFT:70"))
    return Part(known[code], int(weight))


@app.command("show", help=example("Zeigt ein Preisschema.", "Shows a price scheme.", "scheme show anrufe"))
def show_(*, code: CodeArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """One scheme, part by part."""
    where = house(seller, on)
    row = next((row for row in scheme_rows(where.id) if row.code == code), None)
    if row is None:
        raise UnknownSchemeError(code)
    if json:
        answer({"code": row.code, "version": row.version, "scheme": row.body})
        return
    scheme = row.scheme
    show(f"[bold]{plain(row.code)}[/bold]  {say('Fassung', 'version')} {row.version}", priced_word(scheme))
    if scheme.tiers:
        price = say("Prozent", "percent") if scheme.percent else say("Preis", "price")
        cells = [(_bound(tier.up_to), number(tier.unit_price), number(tier.flat)) for tier in scheme.tiers]
        table([say("bis", "up to"), price, say("pauschal", "flat")], cells, right=(0, 1, 2))
    show(*sentences(scheme, _codes(where)))


def _codes(where: House) -> dict[int, str]:
    return {product: code for code, product in product_ids(where.id).items()}


def _bound(value: Decimal | None) -> str:
    return number(value) if value is not None else say("offen", "open")
