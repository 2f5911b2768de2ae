"""``turnus contract new``: conclude a contract, out of a plan or item by item."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated

import typer

from turnus.catalog.plans import offered_items
from turnus.contracts.orders import conclude_order
from turnus.core.contracts import NewItem, Timing
from turnus.core.intake.cells import CellError
from turnus.core.intake.contract_columns import ANCHOR
from turnus.core.offers import AnchorRule, Choice, Conditions, Order
from turnus.core.periods import FAR_FUTURE
from turnus.core.trials import AfterTrial
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import (
    House,
    JsonOption,
    OnOption,
    SellerOption,
    all_at_once,
    cycle_of,
    day_of,
    decimal_of,
    end_of,
    house,
    stamp,
    unreadable,
)
from turnus.interfaces.cli.previews import DryRunOption, show_new
from turnus.interfaces.cli.screen import answer, plain, show
from turnus.interfaces.cli.term_options import (
    ConcludedOption,
    CutOffOption,
    InitialOption,
    NoticeOption,
    RenewalOption,
    own_terms,
)
from turnus.interfaces.cli.usage_options import UsageOption, with_metering

CustomerOption = Annotated[str, typer.Option("--customer", help=both("Kundennummer.", "Customer."), show_default=False)]
StartOption = Annotated[
    str,
    typer.Option("--start", metavar=both("TAG", "DAY"), help=both("Erster Tag.", "First day."), show_default=False),
]
PlanOption = Annotated[
    str,
    typer.Option(
        "--plan",
        metavar="PLAN/VARIANTE",
        help=both("Plan; was nicht angegeben ist, kommt von ihm.", "Plan; what is not given comes from it."),
    ),
]
ItemOption = Annotated[
    list[str] | None,
    typer.Option(
        "--item",
        metavar=both("PRODUKT[:MENGE[:PREIS]]", "PRODUCT[:QUANTITY[:PRICE]]"),
        help=both(
            "Position: Produkt, oder Position des Plans; ohne Preis gilt der des Katalogs oder Plans.",
            "Item: a product, or an item of the plan; without a price that of catalogue or plan.",
        ),
        show_default=False,
    ),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without", help=both("Position des Plans weglassen.", "Leave out an item of the plan."), show_default=False
    ),
]
CouponOption = Annotated[
    list[str] | None,
    typer.Option("--coupon", help=both("Gutschein einlösen.", "Redeem a coupon."), show_default=False),
]
EndOption = Annotated[str, typer.Option("--end", metavar=both("TAG", "DAY"), help=both("Letzter Tag.", "Last day."))]
CycleOption = Annotated[
    str,
    typer.Option(
        "--cycle", help=both("Wofür der Preis gilt; sonst monatlich.", "What the price covers; else monthly.")
    ),
]
BillingOption = Annotated[
    str,
    typer.Option(
        "--billing", help=both("Wie oft eine Rechnung kommt; leer: wie --cycle.", "How often an invoice comes.")
    ),
]
AnchorOption = Annotated[
    str,
    typer.Option(
        "--anchor",
        help=both(
            "Wo Zeiträume beginnen: beginn, kalender oder ein Tag.", "Where periods begin: sign up, calendar, day."
        ),
    ),
]
ArrearsOption = Annotated[
    bool | None,
    typer.Option("--arrears/--advance", help=both("Nachträglich oder im Voraus.", "In arrears or in advance.")),
]
TrialDaysOption = Annotated[
    int | None, typer.Option("--trial-days", min=0, help=both("Kostenlose Tage.", "Free days."))
]
AfterTrialOption = Annotated[
    AfterTrial | None,
    typer.Option("--after-trial", help=both("Danach: converts (bezahlt), ends (endet), waits (wartet auf Zusage).",
                                            "Then: converts, ends, or waits for conversion."), show_default=False),
]  # fmt: skip
KindOption = Annotated[str, typer.Option("--kind", help=both("Vertragsart, zum Filtern.", "Kind, to filter by."))]
GroupOption = Annotated[
    str, typer.Option("--group", help=both("Sammelrechnung: gleiches Wort.", "Same word: one invoice."))
]
ReferenceOption = Annotated[str, typer.Option("--reference", help=both("Bestellnummer.", "Buyer's reference."))]
PaymentDaysOption = Annotated[
    int | None, typer.Option("--payment-days", min=0, max=365, help=both("Zahlungsziel.", "Payment terms in days."))
]
PayoutOption = Annotated[
    bool, typer.Option("--payout", help=both("Wir schulden es dem Kunden: Gutschrift.", "We owe it: self-billing."))
]
PriceListOption = Annotated[str, typer.Option("--price-list", help=both("Preisliste.", "Price list."))]


@app.command(
    "new",
    help=example(
        "Schließt einen Vertrag.",
        "Concludes a contract.",
        "contract new V-1 --customer K-1 --start 01.12.2026 --item LIZENZ:5 --item SUPPORT:1:49,00 --cycle monatlich",
        "contract new V-2 --customer K-1 --start 01.12.2026 --plan TEAM/monat --item plaetze:8 --without einrichtung",
        'contract new V-3 --customer K-1 --start 01.12.2026 --item LIZENZ --initial "12 Monate" --notice "1 Monat"',
        "contract new V-4 --customer K-1 --start 01.12.2026 --item API --usage 1-API:aggregation=count,usage_unit=MIL",
    ),
)
def new(
    *,
    contract: ContractArgument,
    customer: CustomerOption,
    start: StartOption,
    plan: PlanOption = "",
    items: ItemOption = None,
    without: WithoutOption = None,
    usage: UsageOption = None,
    coupons: CouponOption = None,
    end: EndOption = "",
    cycle: CycleOption = "",
    billing: BillingOption = "",
    anchor: AnchorOption = "",
    arrears: ArrearsOption = None,
    trial_days: TrialDaysOption = None,
    after_trial: AfterTrialOption = None,
    kind: KindOption = "",
    group: GroupOption = "",
    reference: ReferenceOption = "",
    payment_days: PaymentDaysOption = None,
    payout: PayoutOption = False,
    price_list: PriceListOption = "",
    initial: InitialOption = "",
    renewal: RenewalOption = "",
    notice: NoticeOption = "",
    cut_off: CutOffOption = "",
    concluded: ConcludedOption = "",
    dry_run: DryRunOption = False,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Conclude one contract, or show the documents that it would cause."""
    where = house(seller, on)
    with all_at_once():
        first = day_of(start, where.on, "--start")
        terms = own_terms(where, initial_term=initial, renewal_term=renewal, notice_period=notice, cut_off=cut_off)
        own = Conditions(
            cycle_of(cycle, where, "--cycle") if cycle else None,
            cycle_of(billing, where, "--billing") if billing else None,
            None if arrears is None else Timing.ARREARS if arrears else Timing.ADVANCE, None,
            _anchor(anchor, where) if anchor else None, trial_days, payment_days, *terms, price_list or None,
            after_trial,
        )  # fmt: skip
        chosen, added = chosen_items(items or [], without or [], plan, first, where)
        order = Order(
            contract, customer, first, with_metering(added, usage, where), plan, chosen, own,
            end=_open(end_of(end, where, "--end")) if end else None, kind=kind, group=group, reference=reference,
            payout=payout, concluded=day_of(concluded, where.on, "--concluded") if concluded else None,
            coupons=tuple(coupons or ()),
        )  # fmt: skip
    act = partial(conclude_order, where.id, order, by=stamp())
    if dry_run:
        show_new(where, contract, act, json=json)
    else:
        _tell(act(), contract, json=json)


def _tell(outcome: str, contract: str, *, json: bool) -> None:
    if json:
        answer({"contract": contract, "outcome": outcome})
        return
    if outcome == "unchanged":
        text = say("Der Vertrag {c} ist genau so schon da.", "Contract {c} is there already, word for word.",
                   c=plain(contract))  # fmt: skip
    else:
        text = say("Vertrag {c} geschlossen. Weiter: turnus contract plan {c}",
                   "Contract {c} concluded. Next: turnus contract plan {c}", c=plain(contract))  # fmt: skip
    show(text)


def _open(end: date) -> date | None:
    return None if end == FAR_FUTURE else end


def _anchor(text: str, where: House) -> AnchorRule | date:
    try:
        return ANCHOR.parse(text, where.reading)
    except CellError as error:
        return unreadable(error, "--anchor", AnchorRule.SIGN_UP)


def chosen_items(
    texts: list[str], without: list[str], plan: str, day: date, where: House
) -> tuple[tuple[Choice, ...], tuple[NewItem, ...]]:
    """What is chosen of the plan, and the items beside it."""
    offered = offered_items(where.id, plan, day) if plan else set()
    choices = [Choice(code, left_out=True) for code in without]
    added = []
    for place, text in enumerate(texts, 1):
        code, count, price = _parts(text, where)
        if code in offered:
            choices.append(Choice(code, count, price))
        else:
            added.append(NewItem(f"{place}-{code}", code, Decimal(1) if count is None else count, price))
    return tuple(choices), tuple(added)


def _parts(text: str, where: House) -> tuple[str, Decimal | None, Decimal | None]:
    """``CODE:QUANTITY:PRICE``."""
    code, _, rest = text.partition(":")
    quantity, _, price = rest.partition(":")
    count = decimal_of(quantity, where, "--item") if quantity else None
    return code, count, decimal_of(price, where, "--item") if price else None
