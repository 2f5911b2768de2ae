"""``turnus prices``: plan a campaign and look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from turnus.contracts.campaign_queries import (
    ContractStand,
    campaign_detail,
    campaign_entries,
    contract_stands,
    price_letter,
)
from turnus.contracts.campaign_scope import PlannedContract
from turnus.core.campaign_effect import Sum, Tally, monthly_change
from turnus.core.campaigns import Campaign, Field, Line
from turnus.core.letters import Text
from turnus.interfaces.cli import campaign_options as o
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.imports import DryRunOption
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    LimitOption,
    OnOption,
    ReasonOption,
    SellerOption,
    day_of,
    house,
    optional_day,
    stamp,
)
from turnus.interfaces.cli.prices import app
from turnus.interfaces.cli.screen import (
    amount,
    answer,
    day,
    heading,
    instant,
    number,
    pairs,
    plain,
    price,
    progress,
    show,
    table,
)
from turnus.parties.queries import customer_names
from turnus.stories.reprice import plan_prices, preview_prices

CodeArgument = Annotated[
    str, typer.Argument(help=both("Kürzel der Preisanpassung.", "Code of the campaign."), show_default=False)
]
ContractArgument = Annotated[
    str, typer.Argument(help=both("Vertragsnummer.", "Number of the contract."), show_default=False)
]

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("neuer Preis", "new price"),
    "ended": ("endet vorher", "ends before"),
    "starts_later": ("beginnt erst dann", "begins only then"),
    "one_off": ("einmalig", "one-off"),
    "rated": ("bewerteter Verbrauch", "rated usage"),
    "free": ("kostenlos", "free"),
    "fixed_price": ("Preisgarantie", "price guarantee"),
    "below_threshold": ("Index unter der Schwelle", "index below its threshold"),
    "no_reference": ("kein Bezugsmonat", "no month of reference"),
    "no_catalogue_price": ("kein Katalogpreis", "no catalogue price"),
    "gross_and_net": ("Katalogpreis ist brutto, der Vertrag netto", "one price contains VAT, the other does not"),
    "no_change": ("Preis bleibt gleich", "price stays the same"),
    "capped": ("Obergrenze erreicht", "cap reached"),
    "scheme": ("Staffelpreise", "prices by tiers"),
}
"""Why an item is left out, in words."""
STANDS: Final[Mapping[str, tuple[str, str]]] = {
    "planned": ("noch nicht angekündigt", "not announced yet"),
    "silent": ("keine Antwort: alter Preis", "no answer: old price"),
    "refused": ("abgelehnt: alter Preis", "refused: old price"),
    "late": ("zu spät zugestimmt", "agreed too late"),
    "terminated": ("gekündigt", "cancelled"),
    "ready": ("kann angewendet werden", "may be applied"),
    "applied": ("angewendet", "applied"),
    "left_out": ("ausgelassen", "left out"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "planning": ("Planung unterbrochen", "plan broken off"),
    "planned": ("geplant", "planned"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
}


def word(words: Mapping[str, tuple[str, str]], key: str) -> str:
    """The word for a key in the chosen language."""
    return words[key][0 if language() == "de" else 1]


@app.command(
    "plan",
    help=example(
        "Plant eine Preisanpassung nach einer Regel: wer welchen Preis bekommt, wer nicht und warum. Noch gilt nichts.",
        "Plans a price campaign by a rule: who gets which price, who does not, and why. Nothing is applied yet.",
        'prices plan NETZ-2027 --amount 1,00 --from 01.03.2027 --kind Heim --reason "Höhere Netzkosten" --dry-run',
        "prices plan VPI-27 --index VPI --month 2026-10 --threshold 5 --at anniversary --from 01.01.2027",
        "prices plan KATALOG-27 --catalogue 01.01.2027 --from 01.01.2027 --at next-period --started-before 01.01.2025",
    ),
)
def plan(
    *,
    code: CodeArgument,
    day_: o.DayOption,
    percent: o.PercentOption = "",
    amount_: o.AmountOption = "",
    target: o.TargetOption = "",
    index: o.IndexOption = "",
    catalogue: o.CatalogueOption = "",
    month: o.MonthOption = "",
    lag: o.LagOption = None,
    reference: o.ReferenceOption = "",
    threshold: o.ThresholdOption = "",
    cap: o.CapOption = "",
    floor: o.FloorOption = "",
    year_cap: o.YearCapOption = "",
    contract_cap: o.ContractCapOption = "",
    minimums: o.MinimumsOption = False,
    at: o.AtOption = "day",
    products: o.ProductsOption = [],  # noqa: B006 - typer's way
    kinds: o.KindsOption = [],  # noqa: B006
    customers: o.CustomersOption = [],  # noqa: B006
    contracts: o.ContractsOption = [],  # noqa: B006
    countries: o.CountriesOption = [],  # noqa: B006
    buyers: o.BuyersOption = [],  # noqa: B006
    currencies: o.CurrenciesOption = [],  # noqa: B006
    price_lists: o.ListsOption = [],  # noqa: B006
    plans: o.PlansOption = [],  # noqa: B006
    groups: o.GroupsOption = [],  # noqa: B006
    started_before: o.BeforeOption = "",
    ground: o.GroundOption = "",
    notice: o.NoticeOption = 42,
    answer_by: o.AnswerOption = "",
    cancel_by: o.CancelOption = "",
    text: o.TextOption = "standard-1",
    letters: o.LettersOption = [],  # noqa: B006
    reason: ReasonOption = "",
    dry_run: DryRunOption = False,
    limit: LimitOption = 20,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Plan or preview a campaign."""
    where = house(seller, on)
    figures = o.Figures(percent, amount_, target, index, catalogue, month, lag, reference, threshold, cap, floor,
                        year_cap, contract_cap, minimums)  # fmt: skip
    scope = {
        Field.PRODUCT: products, Field.KIND: kinds, Field.CUSTOMER: customers, Field.CONTRACT: contracts,
        Field.COUNTRY: countries, Field.BUYER: buyers, Field.CURRENCY: currencies, Field.PRICE_LIST: price_lists,
        Field.PLAN: plans, Field.GROUP: groups,
    }  # fmt: skip
    wanted = Campaign(
        code, o.rule_of(figures, where), o.when_of(at), day_of(day_, where.on, "--from"), o.filters_of(scope),
        started_before=optional_day(started_before, where, "--started-before"), ground=ground, notice_days=notice,
        answer_by=optional_day(answer_by, where, "--answer-by"),
        cancel_by=optional_day(cancel_by, where, "--cancel-by"), text_version=text, reason=reason,
    )  # fmt: skip
    _planned(wanted, o.texts_of(letters, text), where, dry_run=dry_run, limit=limit, json=json)


def _planned(wanted: Campaign, texts: Sequence[Text], where: House, *, dry_run: bool, limit: int, json: bool) -> None:
    if dry_run:
        chunks = preview_prices(where.id, wanted, on=where.on)
    else:
        chunks = plan_prices(where.id, wanted, texts=texts, on=where.on, by=stamp())
    tally = Tally()
    rows: list[PlannedContract] = []
    with progress("Verträge", "Contracts") as advance:
        for chunk in chunks:
            for found in chunk.contracts:
                tally.add(found.currency, found.lines, needs_consent=found.needs_consent)
                if json or len(rows) < limit:
                    rows.append(found)
            advance(len(chunk.contracts))
    if json:
        answer({"campaign": wanted.code, "saved": not dry_run, "sum": tally.sum, "contracts": rows})
        return
    _effect(tally.sum)
    names = customer_names({row.customer for row in rows}, on=where.on)
    table(
        columns("Vertrag|Contract", "Kunde|Customer", "Ab|From", "Alt|Old", "Neu|New", "je Monat|a month", "|"),
        [
            (plain(row.number) if not place else "", plain(names[row.customer].name) if not place else "",
             day(line.effective), price(line.old_price, row.currency),
             "" if line.verdict else price(line.new_price, row.currency),
             "" if line.verdict else amount(monthly_change([line]), row.currency),
             _remark(line, row.needs_consent))
            for row in rows
            for place, line in enumerate(row.lines)
        ],
        right=(3, 4, 5),
    )  # fmt: skip
    if dry_run:
        show(say("Vorschau: nichts gespeichert.", "Preview: nothing was saved."))
    else:
        show(say("Geplant. Weiter: turnus prices announce {c}", "Planned. Next: turnus prices announce {c}",
                 c=plain(wanted.code)))  # fmt: skip


def _remark(line: Line, needs_consent: bool) -> str:  # noqa: FBT001
    """Why a line is left out, whether it needs consent, whether it is of a minimum fee."""
    parts = [
        say("Mindestbetrag", "minimum fee") if line.minimum else "",
        word(REASONS, line.verdict) if line.verdict else "",
        say("braucht Zustimmung", "needs consent") if needs_consent and not line.verdict else "",
    ]
    return ", ".join(part for part in parts if part)


def _effect(found: Sum) -> None:
    """How many, how much, and who is left out."""
    pairs([
        (say("Verträge mit neuem Preis", "Contracts with a new price"), number(found.contracts)),
        (say("davon brauchen Zustimmung", "of these need consent"), number(found.consents)),
        (say("Positionen", "Items"), number(found.items)),
    ])  # fmt: skip
    for currency, effect in found.effects.items():
        spans = (
            (say("Umsatz je Monat", "Revenue a month"), effect.month_before, effect.month_after),
            (say("Umsatz je Jahr", "Revenue a year"), effect.year_before, effect.year_after),
        )
        for title, before, after in spans:
            change = amount(after - before, currency)
            pairs([(title, f"{amount(before, currency)} → {amount(after, currency)} ({change})")])
        usage = amount(effect.usage_month, currency) if effect.usage_month else ""
        pairs([(say("davon aus Verbrauch, geschätzt", "of the change from usage, estimated"), usage)])
    if found.left_out:
        heading(say("Ausgelassene Positionen", "Items left out"))
        pairs([(word(REASONS, reason), number(count)) for reason, count in found.left_out.items()])


@app.command(
    "list",
    help=example("Zeigt alle Preisanpassungen.", "Lists all price campaigns.", "prices list"),
)
def list_(*, seller: SellerOption = "", json: JsonOption = False) -> None:
    """All campaigns."""
    rows = campaign_entries(house(seller).id)
    if json:
        answer(rows)
        return
    titles = columns("Kürzel|Code", "Stand|State", "Regel|Rule", "Ab|From", "Verträge|Contracts",
                     "angekündigt|announced", "angewendet|applied")  # fmt: skip
    table(
        titles,
        [(plain(r.code), word(STATES, r.state), r.kind, day(r.day), number(r.contracts), number(r.announced),
          number(r.applied)) for r in rows],
        right=(4, 5, 6),
    )  # fmt: skip


@app.command(
    "show",
    help=example(
        "Zeigt eine Preisanpassung: Wirkung, Stand, Verträge, Ausgelassene.",
        "Shows a price campaign: effect, where it stands, contracts, who is left out.",
        "prices show NETZ-2027",
        "prices show NETZ-2027 --stand silent --limit 100",
    ),
)
def show_(
    *,
    code: CodeArgument,
    stand: Annotated[str, typer.Option("--stand", help=both("Nur dieser Stand, etwa silent.", "Only these."))] = "",
    limit: LimitOption = 20,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """One campaign."""
    if stand and stand not in STANDS:
        raise typer.BadParameter(say("möglich: {k}", "possible: {k}", k=", ".join(STANDS)), param_hint="--stand")
    where = house(seller)
    found = campaign_detail(where.id, code)
    rows, count = contract_stands(where.id, code, stand=stand, limit=limit)
    if json:
        answer({"state": found.state, "sum": found.sum, "stands": found.stands, "count": count, "contracts": rows})
        return
    heading(f"{plain(code)}: {word(STATES, found.state)}")
    pairs([(say("Grund", "Reason"), plain(found.campaign.reason)), (say("Ab", "From"), day(found.campaign.day))])
    _effect(found.sum)
    heading(say("Stand", "Where it stands"))
    pairs([(word(STANDS, name), number(total)) for name, total in sorted(found.stands.items())])
    _rows(rows, where)
    if count > len(rows):
        show(say("{a} von {b}; mehr mit --limit.", "{a} of {b}; more with --limit.", a=len(rows), b=number(count)))


def _rows(rows: Sequence[ContractStand], where: House) -> None:
    names = customer_names({row.customer for row in rows}, on=where.on)
    titles = columns(
        "Vertrag|Contract", "Kunde|Customer", "Ab|From", "Alt|Old", "Neu|New", "Stand|State", "Antwort|Answer"
    )
    table(
        titles,
        [
            (plain(row.contract), plain(names[row.customer].name), day(line.effective),
             price(line.old_price, row.currency), "" if line.verdict else price(line.new_price, row.currency),
             word(REASONS, line.verdict) if line.verdict else word(STANDS, row.stand), _said(row, where))
            for row in rows
            for line in row.lines
        ],
        right=(3, 4),
    )  # fmt: skip


def _said(row: ContractStand, where: House) -> str:
    said = row.declaration
    if said is None:
        return ""
    return plain(f"{instant(said.given_at, where.zone)} {said.channel} ({said.text_version})")


@app.command(
    "letter",
    help=example("Zeigt den Brief an einen Vertrag.", "Shows the letter to a contract.", "prices letter NETZ-2027 V-1"),
)
def letter(
    *, code: CodeArgument, contract: ContractArgument, seller: SellerOption = "", json: JsonOption = False
) -> None:
    """One letter as plain text."""
    text = price_letter(house(seller).id, code, contract)
    if json:
        answer({"campaign": code, "contract": contract, "letter": text})
        return
    show(plain(text))
