"""``turnus commission``: whose lines an item takes a share of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, NamedTuple

import typer

from turnus.catalog.facts import product_ids
from turnus.contracts.commission import StoredRule, agree_commission, rules_of
from turnus.contracts.lookup import contract_id, contract_numbers
from turnus.contracts.naming import item_code_meant
from turnus.core.commission import Basis, CommissionRule, Measure
from turnus.core.intake.dates import last_day as end_of
from turnus.core.periods import FAR_FUTURE
from turnus.interfaces.cli.amendments import FromOption
from turnus.interfaces.cli.contracts import ContractArgument, ItemArgument
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, columns, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    stamp,
)
from turnus.interfaces.cli.previews import DryRunOption, carry_out
from turnus.interfaces.cli.screen import answer, day, last_day, plain, show, table
from turnus.invoices.commission import end_commission, take_bases
from turnus.parties.queries import customer_id, customer_names

app = typer.Typer(
    name="commission",
    no_args_is_help=True,
    help=example(
        "Provisionen: eine Position bekommt einen Anteil an dem, was andere berechnet bekommen oder bezahlen.",
        "Commissions: an item takes a share of what others are invoiced or pay.",
        "commission agree P-1 PROVISION --of-customer K-1 --from 01.01.2027",
        "commission list P-1",
    ),
)


@app.command(
    "agree",
    help=example(
        "Sagt, was eine Verbrauchsposition zählt; ihr Preis ist der Satz (in Prozent, auch gestaffelt).",
        "Says what a metered item counts; its price is the rate (a percentage, in tiers too).",
        "commission agree P-1 PROVISION --of-customer K-1 --of-customer K-2 --from 01.01.2027",
        "commission agree P-1 PROVISION --of-kind abo --basis paid --from 01.01.2027",
        "commission agree P-1 PRAEMIE --of-product GERAET --measure quantity --from 01.01.2027",
    ),
)
def agree(
    *,
    contract: ContractArgument,
    item: ItemArgument,
    since: FromOption,
    last: Annotated[
        str, typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))
    ] = "",
    of_contract: Annotated[
        list[str] | None, typer.Option("--of-contract", help=both("Nur dieser Vertrag; mehrfach.", "May repeat."))
    ] = None,
    of_customer: Annotated[
        list[str] | None, typer.Option("--of-customer", help=both("Nur dieser Kunde; mehrfach.", "May repeat."))
    ] = None,
    of_product: Annotated[str, typer.Option("--of-product", help=both("Nur dieses Produkt.", "This product."))] = "",
    of_kind: Annotated[str, typer.Option("--of-kind", help=both("Nur Verträge dieser Art.", "Contract kind."))] = "",
    basis: Annotated[
        Basis, typer.Option("--basis", help=both("Berechnet oder bezahlt.", "Invoiced or paid."))
    ] = Basis.INVOICED,
    measure: Annotated[
        Measure, typer.Option("--measure", help=both("Nettoumsatz oder Menge.", "Net revenue or quantity."))
    ] = Measure.REVENUE,
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Agree what a commission counts: one rule for each contract and each customer named."""
    where = house(seller, on)
    until = (end_of(last, where.reading) if last else None) or FAR_FUTURE
    rule = CommissionRule(
        0, day_of(since, where.on, "--from"), until, basis, measure, of_product=_product(where, of_product),
        of_kind=of_kind,
    )  # fmt: skip
    rules = [rule._replace(of_contract=contract_id(where.id, number)) for number in of_contract or ()]
    rules += [rule._replace(of_customer=customer_id(where.id, number)) for number in of_customer or ()]
    code = item_code_meant(where.id, contract, item)
    act = partial(agree_commission, where.id, contract, code, *(rules or [rule]), reason=reason, by=stamp())
    words = (
        "Ab {d} wird gezählt. Regeln: turnus commission list {c}",
        "Counted from {d} on. Rules: turnus commission list {c}",
    )
    said = say(*words, d=day(rule.since), c=plain(contract))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


def _product(where: House, code: str) -> int:
    if not code:
        return 0
    found = product_ids(where.id).get(code)
    if found is None:
        raise typer.BadParameter(say("Produkt {c} gibt es nicht", "there is no product {c}", c=plain(code)),
                                 param_hint="--of-product")  # fmt: skip
    return found


@app.command(
    "list",
    help=example(
        "Zeigt, was die Positionen eines Vertrags zählen.", "Shows what a contract's items count.",
        "commission list P-1", "commission list P-1 --json",
    ),
)  # fmt: skip
def list_(
    *, contract: ContractArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """Rules of a contract."""
    where = house(seller, on)
    rows = _counted(where, rules_of([contract_id(where.id, contract)]))
    if json:
        answer(rows)
        return
    words = {
        Basis.INVOICED: say("berechnet", "invoiced"), Basis.PAID: say("bezahlt", "paid"),
        Measure.REVENUE: say("Umsatz", "revenue"), Measure.QUANTITY: say("Menge", "quantity"),
    }  # fmt: skip
    titles = columns(
        "Regel|Rule", "Position|Item", "ab|from", "Letzter Tag|Last day", "Grundlage|Basis", "zählt|counts", "von|of"
    )
    table(
        titles,
        [
            (row.rule, plain(row.item), day(row.since), last_day(row.until), words[row.basis], words[row.measure],
             plain(", ".join(filter(None, (row.contract, row.customer, row.product, row.kind)))))
            for row in rows
        ],
    )  # fmt: skip


class Counted(NamedTuple):
    """A rule as it is shown."""

    rule: int
    item: str
    since: date
    until: date | None
    basis: Basis
    measure: Measure
    contract: str
    customer: str
    product: str
    kind: str


def _counted(where: House, rows: Sequence[StoredRule]) -> list[Counted]:
    contracts = contract_numbers({row.rule.of_contract for row in rows})
    customers = customer_names({row.rule.of_customer for row in rows} - {0}, on=where.on)
    numbers = {customer: name.number for customer, name in customers.items()}
    products = {number: code for code, number in product_ids(where.id).items()}
    return [
        Counted(
            stored.id, stored.code, rule.since, None if rule.until == FAR_FUTURE else rule.until, rule.basis,
            rule.measure, contracts.get(rule.of_contract, ""), numbers.get(rule.of_customer, ""),
            products.get(rule.of_product, ""), rule.of_kind,
        )
        for stored in rows
        for rule in [stored.rule]
    ]  # fmt: skip


@app.command(
    "end",
    help=example(
        "Beendet eine Regel; was schon gezählt ist, bleibt.", "Ends a rule; what is counted already stays.",
        "commission end P-1 3 --last-day 30.06.2027",
    ),
)  # fmt: skip
def end(
    *,
    contract: ContractArgument,
    rule: Annotated[int, typer.Argument(metavar=both("REGEL", "RULE"), help=both("Aus »list«.", "See 'list'."))],
    last: Annotated[
        str, typer.Option("--last-day", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))
    ],
    dry_run: DryRunOption = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """End a rule."""
    where = house(seller, on)
    until = end_of(last, where.reading) or FAR_FUTURE
    act = partial(end_commission, where.id, contract, rule, until=until, reason=reason, by=stamp())
    said = say("Gezählt wird noch bis {d}.", "Counted through {d}.", d=last_day(until))
    carry_out(where, contract, act, said, dry_run=dry_run, json=json)


@app.command(
    "take",
    help=example(
        "Zählt, was seit dem letzten Mal berechnet und bezahlt wurde; jeder Lauf tut das von selbst.",
        "Counts what was invoiced and paid since the last time; every run does so by itself.",
        "commission take",
    ),
)
def take(*, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False) -> None:
    """Take the bases, so that a preview shows them."""
    taken = take_bases(house(seller, on).id, by=stamp())
    if json:
        answer(taken)
        return
    text = say("Neu gezählt: {n}.", "Counted: {n}.", n=taken.records)
    other = say("Belege in anderer Währung, die nicht zählen: {n}.", "Documents in other currencies, not counted: {n}.",
                n=taken.other_currency)  # fmt: skip
    show(text, *([other] if taken.other_currency else []))
