"""Contracts and usage of the demonstration company: what a month in the life of a subscription business looks like.

Contracts that began long ago carry ``billed_until``, so that a run for the month bills that month and no years before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from turnus.core.intake.dates import format_date, format_last_day
from turnus.core.intake.numbers import format_decimal
from turnus.core.periods import Cycle, add_months, slot_of
from turnus.integration.demo.offer import OFFERS
from turnus.integration.demo.people import Buyer, Cells
from turnus.integration.demo.words import LABELS

_PRICES: Final = {offer.product.code: Decimal(offer.price_new) for offer in OFFERS}
_CYCLES: Final = {"M": Cycle(1, 0), "Q": Cycle(3, 0), "H": Cycle(6, 0), "Y": Cycle(12, 0)}
_WORDS: Final = {"M": "monatlich", "Q": "vierteljährlich", "H": "halbjährlich", "Y": "jährlich"}
_KINDS: Final = {"M": "monatlich kündbar", "Q": "Quartalsvertrag", "H": "Halbjahresvertrag", "Y": "Jahresvertrag"}


@dataclass(slots=True)
class Deal:
    """One contract in the making: its rows and its usage."""

    number: str
    buyer: Buyer
    letter: str
    """M, Q, H or Y: how often it is billed."""
    start: date
    month: date
    arrears: bool = False
    trial: int = 0
    end: date | None = None
    group: str = ""
    rows: list[Cells] = field(default_factory=list)
    usage: list[Cells] = field(default_factory=list)

    @property
    def cycle(self) -> Cycle:
        """Fee and billing period."""
        return _CYCLES[self.letter]

    @property
    def billed_until(self) -> date | None:
        """First day that is not billed yet, so that only what falls due in the month is left."""
        if self.start >= self.month:
            return None
        slot = slot_of(self.start, self.cycle, self.month - timedelta(days=1))
        floor = slot.start if self.arrears else slot.end
        return floor if floor > self.start and not self.trial else None

    def item(self, product: str, quantity: int = 1, **cells: str) -> None:
        """Add an item; other than monthly it has an agreed price, the list price times its months."""
        row = {"contract": self.number, "item": product.lower(), "product": product, "quantity": str(quantity), **cells}
        if self.letter != "M" and _PRICES[product] and product not in ("SUPPORT", "DOMAIN", "BOOK"):
            row.setdefault("price", money(_PRICES[product] * self.cycle.months))
        self.rows.append(row)

    def finished(self) -> Deal:
        """With the contract's own cells in its first row."""
        floor = self.billed_until
        self.rows[0] |= {
            "customer": self.buyer.number,
            "kind": _KINDS[self.letter],
            "start": format_date(self.start),
            "end": format_last_day(self.end) if self.end else "",
            "cycle": _WORDS[self.letter],
            "timing": "nachträglich" if self.arrears else "im Voraus",
            "trial_days": str(self.trial or ""),
            "billed_until": format_last_day(floor) if floor else "",
            "group": self.group,
        }
        return self


def money(value: Decimal) -> str:
    """``12,50``; more decimals only where there are more."""
    return f"{value:.2f}".replace(".", ",") if value == value.quantize(Decimal("0.01")) else format_decimal(value)


def deals(random: Random, buyer: Buyer, month: date) -> list[Deal]:
    """All contracts of a customer."""
    plans = _COMPANY_PLANS if buyer.company else _CONSUMER_PLANS
    names = list(plans)
    plan = random.choices(names, [plans[name][0] for name in names])[0]
    if plan == "book" and buyer.country != "DE":
        plan = "epaper"
    first = _deal(random, buyer, plan, month, f"V-{buyer.number[2:]}-1")
    if plan != "web" or random.random() > 0.3:
        return [first]
    first.group = first.rows[0]["group"] = "Sammelrechnung"
    jubilee = random.choice((month.month, random.randint(1, 12)))
    start = date(random.randint(2019, month.year - 1), jubilee, random.randint(1, 28))
    domain = Deal(f"V-{buyer.number[2:]}-2", buyer, "Y", start, month, group="Sammelrechnung")
    domain.item("DOMAIN", label=f"Domain {buyer.cells['email'].partition('@')[2]}")
    return [first, domain.finished()]


def _deal(random: Random, buyer: Buyer, plan: str, month: date, number: str) -> Deal:
    _weight, letters, fill = (_COMPANY_PLANS if buyer.company else _CONSUMER_PLANS)[plan]
    deal = Deal(number, buyer, random.choice(letters), _start(random, month), month)
    lot = random.random()
    if plan == "cloud" and lot < 0.06:
        deal.start, deal.trial, deal.letter = add_months(month, -1) + timedelta(days=random.randint(3, 25)), 30, "M"
    elif lot < 0.06:
        deal.start = month + timedelta(days=random.choice((0, random.randint(0, 24))))
    elif lot < 0.10:
        deal.end = month + timedelta(days=random.randint(4, 28))
    elif lot < 0.11:
        deal.end = month
    fill(random, deal)
    if deal.start >= month and buyer.company:
        deal.rows[0] |= {"setup_fee": money(_PRICES["SETUP"]), "setup_product": "SETUP"}
    if not deal.trial and not deal.end:
        _later(random, deal)
    if random.random() < 0.14:
        _discount(random, deal)
    return deal.finished()


def _start(random: Random, month: date) -> date:
    first = add_months(month, -random.randint(2, 84))
    return first if random.random() < 0.6 else first + timedelta(days=random.randint(0, 27))


# ---- what customers buy ---------------------------------------------------------------------------------------------


def _web(random: Random, deal: Deal) -> None:
    deal.item(random.choice(("WEB-S", "WEB-M", "WEB-M", "WEB-L")))
    if random.random() < 0.6:
        deal.item("MAIL", random.randint(1, 25))
    if random.random() < 0.2:
        deal.item("BACKUP", random.randint(1, 8))


def _crm(random: Random, deal: Deal) -> None:
    deal.item("CRM", random.randint(2, 40))
    if random.random() < 0.3:
        deal.item("BACKUP", random.randint(1, 8))


def _erp(random: Random, deal: Deal) -> None:
    deal.item("ERP", random.randint(1, 30))


def _support(_random: Random, deal: Deal) -> None:
    deal.item("SUPPORT")


def _server(random: Random, deal: Deal) -> None:
    deal.arrears = True
    deal.item("SERVER", random.randint(1, 6))
    deal.item("TRAFFIC", usage_unit="GB", usage_display="Tabelle")
    _use(random, deal, "traffic", random.randint(4, 9), "GB", lambda: Decimal(random.randint(2_000, 400_000)) / 1000)
    if random.random() < 0.4:
        deal.item("POWER")
        _use(random, deal, "power", 4, "kWh", lambda: Decimal(random.randint(200, 9_000)) / 10)


def _phone(random: Random, deal: Deal) -> None:
    deal.arrears = True
    deal.item("PHONE", random.randint(1, 20))
    deal.item("CALLS", usage_display="Anlage")
    _use(
        random, deal, "calls", random.randint(3, 20), "Sekunden", lambda: Decimal(random.randint(5, 3_600)), rated=True
    )


def _cloud(_random: Random, deal: Deal) -> None:
    deal.item("CLOUD")


def _epaper(_random: Random, deal: Deal) -> None:
    deal.item("EPAPER")


def _book(_random: Random, deal: Deal) -> None:
    deal.item("BOOK")


_Fill = Callable[[Random, Deal], None]
_COMPANY_PLANS: Final[dict[str, tuple[int, str, _Fill]]] = {
    "web": (34, "MMMMMMQQHY", _web),
    "crm": (22, "MMMMMQQQYY", _crm),
    "erp": (12, "MMMQQHHYYY", _erp),
    "support": (6, "Y", _support),
    "server": (15, "M", _server),
    "phone": (11, "M", _phone),
}
_CONSUMER_PLANS: Final[dict[str, tuple[int, str, _Fill]]] = {
    "cloud": (55, "MMMMMMMMYY", _cloud),
    "epaper": (37, "MMMMMMHYYY", _epaper),
    "book": (8, "Y", _book),
}


def _use(
    random: Random,
    deal: Deal,
    item: str,
    count: int,
    unit: str,
    quantity: Callable[[], Decimal],
    *,
    rated: bool = False,
) -> None:
    """Usage of the period that falls due in the month; ``rated`` usage brings its own amount."""
    start = max(deal.start, deal.billed_until or deal.start)
    end = min(slot_of(deal.start, deal.cycle, max(start, deal.month - timedelta(days=1))).end, deal.end or date.max)
    for index in range(count if start < end else 0):
        day = start + timedelta(days=random.randrange((end - start).days))
        used = quantity()
        deal.usage.append(
            {
                "contract": deal.number,
                "item": item,
                "key": f"{deal.number}-{item}-{index + 1}",
                "at": f"{format_date(day)} {random.randint(6, 22):02}:{random.randint(0, 59):02}",
                "quantity": format_decimal(used),
                "unit": unit,
                "amount": format_decimal(used * random.randint(2, 90) / 100_000) if rated else "",
            }
        )


# ---- what happens later ---------------------------------------------------------------------------------------------


def _later(random: Random, deal: Deal) -> None:
    """Sometimes an add-on in the middle of the month, another quantity, or a new price."""
    lot, item = random.random(), deal.rows[0]["item"]
    day = deal.month + timedelta(days=random.choice((0, 14, random.randint(2, 26))))
    if day <= deal.start:
        return
    product = deal.rows[0]["product"]
    if lot < 0.06 and deal.buyer.company and product not in ("SUPPORT", "BOOK"):
        addon = next(name for name in ("BACKUP", "MAIL", "CRM") if all(row["product"] != name for row in deal.rows))
        deal.item(addon, random.randint(1, 5), item_start=format_date(day))
    elif lot < 0.09 and product in ("CRM", "ERP", "SERVER", "PHONE"):
        deal.rows.append(
            {
                "contract": deal.number,
                "item": item,
                "quantity": str(random.randint(1, 45)),
                "valid_from": format_date(day),
            }
        )
    elif lot < 0.12:
        months = 1 if product in ("SUPPORT", "BOOK") else deal.cycle.months
        dearer = (_PRICES[product] * months * Decimal("1.06")).quantize(Decimal("0.1"))
        deal.rows.append(
            {"contract": deal.number, "item": item, "price": money(dearer), "valid_from": format_date(day)}
        )


def _discount(random: Random, deal: Deal) -> None:
    until = random.choice((None, deal.month + timedelta(days=14), date(deal.month.year, 12, 31)))
    cells = {
        "discount_label": random.choice(LABELS),
        "discount_scope": random.choice(("Position", "Vertrag")),
        "discount_from": format_date(deal.start),
        "discount_until": format_date(until) if until and until > deal.start else "",
    }
    if random.random() < 0.75:
        cells["discount_percent"] = random.choice(("5", "10", "15", "2,5", "20"))
    else:
        cells["discount_amount"] = random.choice(("1,00", "2,50", "5,00"))
    deal.rows[0] |= cells


def all_deals(seed: int, customers: Iterator[Buyer], month: date) -> Iterator[Deal]:
    """The contracts of all customers; each customer's depend on the seed and on itself alone."""
    for buyer in customers:
        yield from deals(Random(f"{seed} {buyer.number}"), buyer, month)  # noqa: S311 - a demonstration, no secret
