"""Ready plans to start from: products, prices, schemes and measuring of each price model, usable at once (JB-26).

What comes out is an ordinary plan: everything in it can be changed and combined with everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from turnus.core.catalog import Model
from turnus.core.offers import Conditions, Role
from turnus.core.periods import Cycle
from turnus.core.schemes import Break, Function, Scheme, Tier
from turnus.core.usage import PLAIN, Aggregation, Metering

D: Final = Decimal
ZERO: Final = D(0)
ONE: Final = D(1)
FLAT, UNIT, USAGE, ONCE = Model.RECURRING_FLAT, Model.RECURRING_UNIT, Model.METERED_UNIT, Model.ONE_OFF


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """A product of a ready plan with its price (major units; percent where the scheme says so), and its item."""

    code: str
    german: str
    english: str
    model: Model
    price: Decimal = ZERO
    quantity: Decimal = ONE
    unit: str = "C62"
    scheme: Scheme | None = None
    role: Role = Role.ITEM
    metering: Metering = PLAIN
    weights: tuple[tuple[str, int], ...] = ()
    """Of a set: products that share its price, with their weights; they are no items of the plan."""
    campaign: tuple[Decimal, int] | None = None
    """Another price for the first so many months from the day on which the plan begins."""
    reduced: bool = False
    """Taxed at the reduced rate."""


USUAL: Final = Conditions()


@dataclass(frozen=True, slots=True)
class PlanTemplate:
    """A ready plan."""

    code: str
    german: str
    english: str
    parts: tuple[OfferedPart, ...]
    conditions: Conditions = USUAL


_TIERS: Final = (Tier(D(100), D("0.10")), Tier(D(1000), D("0.08")), Tier(None, D("0.05")))
_BASE: Final = OfferedPart("base", "Grundgebühr", "Base fee", FLAT, D(29))
_EVENTS: Final = Metering(aggregation=Aggregation.COUNT)


def _usage(code: str, german: str, english: str, price: str = "0", **rest: object) -> OfferedPart:
    return OfferedPart(code, german, english, USAGE, D(price), **rest)  # type: ignore[arg-type]


def _one(code: str, german: str, english: str, *parts: OfferedPart) -> PlanTemplate:
    return PlanTemplate(code, german, english, parts)


PLAN_TEMPLATES: Final = (
    _one("once", "Einmalige Zahlung", "One-off payment", OfferedPart("work", "Leistung", "Service", ONCE, D(490))),
    _one("recurring", "Wiederkehrende Zahlung mit Einrichtung und Zusatz", "Recurring payment with set-up and add-on",
         _BASE, OfferedPart("setup", "Einrichtung", "Set-up", ONCE, D(49), role=Role.SETUP),
         OfferedPart("backup", "Sicherung", "Backup", FLAT, D(5), role=Role.OPTION)),
    _one("flat", "Pauschale, gleich welche Menge", "Flat rate whatever the quantity",
         OfferedPart("flat", "Flatrate", "Flat rate", FLAT, D(39), D(7))),
    _one("seats", "Je Nutzer und Monat", "Per seat and month",
         OfferedPart("seat", "Nutzer", "Seat", UNIT, D(9), D(5))),
    _one("seats-volume", "Nutzer nach Mengenpreis", "Seats at volume prices",
         OfferedPart("seat", "Nutzer", "Seat", UNIT, D(0), D(12),
                     scheme=Scheme(Function.VOLUME, (Tier(D(10), D(9)), Tier(None, D(7)))))),
    _one("time", "Zeit, je begonnene Viertelstunde", "Time, per quarter of an hour begun",
         _usage("time", "Beratung", "Consulting", "120", unit="HUR", metering=Metering(unit="HUR", quantum=D("0.25")))),
    _one("clicks", "Klicks", "Clicks", _usage("clicks", "Klicks", "Clicks", "0.20", metering=_EVENTS)),
    _one("units", "Verbrauchte Einheiten", "Units used", _usage("units", "Einheiten", "Units", "0.25")),
    _one("orders", "Bestellungen", "Orders", _usage("orders", "Bestellungen", "Orders", "1.20", metering=_EVENTS)),
    _one("commission", "Provision auf Umsatz", "Commission on revenue",
         _usage("revenue", "Provision", "Commission", "2.5", scheme=Scheme(percent=True))),
    _one("commission-tiers", "Provision auf Umsatz, gestaffelt", "Commission on revenue by tiers",
         _usage("revenue", "Provision", "Commission",
                scheme=Scheme(Function.GRADUATED, (Tier(D(10_000), D(5)), Tier(None, D(3))), percent=True))),
    _one("commission-units", "Provision je Stück", "Commission per unit",
         _usage("sold", "Provision", "Commission", "0.75")),
    _one("graduated", "Staffel: jede Einheit zum Preis ihrer Stufe", "Graduated: each unit at the price of its tier",
         _usage("calls", "Abrufe", "Calls", scheme=Scheme(Function.GRADUATED, _TIERS))),
    _one("volume", "Mengenpreis: alle zum Preis der erreichten Stufe", "Volume: all units at the reached tier",
         _usage("calls", "Abrufe", "Calls", scheme=Scheme(Function.VOLUME, _TIERS))),
    _one("tier-flat", "Pauschale der erreichten Stufe", "Flat fee of the reached tier",
         _usage("calls", "Abrufe", "Calls", scheme=Scheme(
             Function.VOLUME, (Tier(D(10), flat=D(20)), Tier(D(50), flat=D(60)), Tier(None, flat=D(100)))))),
    _one("quantity-discount", "Mengenrabatt ab Schwellen", "Quantity discount from thresholds",
         _usage("units", "Einheiten", "Units", "0.20",
                scheme=Scheme(breaks=(Break(D(100), D(5)), Break(D(500), D(10)))))),
    _one("set", "Set aus Buch und Zugang zu einem Preis", "Set of a book and access at one price",
         OfferedPart("set", "Set", "Set", FLAT, D(30), weights=(("book", 20), ("access", 20))),
         OfferedPart("book", "Buch", "Book", FLAT, D(20), reduced=True),
         OfferedPart("access", "Zugang", "Access", FLAT, D(20))),
    _one("minimum", "Verbrauch mit Mindestbetrag", "Usage with a least amount",
         _usage("units", "Einheiten", "Units", "0.25", scheme=Scheme(least=D(20)))),
    _one("price-window", "Preis mit Anfang und Ende: drei Monate günstiger",
         "Price with start and end: cheaper for three months",
         OfferedPart("base", "Grundgebühr", "Base fee", FLAT, D(29), campaign=(D(19), 3))),
    _one("flat-and-usage", "Grundgebühr und Verbrauch", "Flat fee and usage",
         _BASE, _usage("units", "Einheiten", "Units", "0.25")),
    _one("allowance", "Grundgebühr mit Inklusivmenge", "Flat fee with an included quantity",
         _BASE, _usage("calls", "Abrufe", "Calls", "0.02", scheme=Scheme(included=D(1000)))),
    _one("package", "Pakete, angefangene zählen ganz", "Packages, started ones count whole",
         _usage("mails", "Nachrichten", "Messages", "9.90", scheme=Scheme(package=D(100)))),
    _one("percent-capped", "Prozent mit Mindest- und Höchstbetrag", "Percent with a least and a most",
         _usage("revenue", "Gebühr", "Fee", "1.5", scheme=Scheme(percent=True, least=D(1), most=D(50)))),
    PlanTemplate("yearly", "Jahresvertrag mit Laufzeit und Testphase", "Yearly contract with term and trial",
                 (OfferedPart("base", "Jahresgebühr", "Yearly fee", FLAT, D(290)),),
                 Conditions(fee=Cycle(12, 0), trial_days=14, initial=Cycle(12, 0), notice=Cycle(1, 0))),
)  # fmt: skip
"""In the order in which they are offered."""


def plan_template(code: str) -> PlanTemplate | None:
    """The ready plan of this code."""
    return next((row for row in PLAN_TEMPLATES if row.code == code), None)
