"""Ready price models to pick from: what is counted, how it becomes money, and what it is for (JB-25 to JB-44).

A template is a start: everything in its scheme can be changed and combined, and what comes out is data, usable at once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from turnus.core.catalog import Model
from turnus.core.periods import Cycle
from turnus.core.schemes import Break, Function, Scheme, Tier

D = Decimal


class Template(NamedTuple):
    """A price model that is shipped. ``scheme`` None: quantity × unit price."""

    code: str
    model: Model
    scheme: Scheme | None
    quantity: Decimal
    """Quantity of the example."""
    price: Decimal
    """Unit price of the example, major units (percent where the scheme says so)."""
    german: str
    english: str


_TIERS: Final = (Tier(D(100), D("0.10")), Tier(D(1000), D("0.08")), Tier(None, D("0.05")))
_STEPS: Final = (Tier(D(10), flat=D(20)), Tier(D(50), flat=D(60)), Tier(None, flat=D(100)))
_RATES: Final = (Tier(D(10_000), D(5)), Tier(None, D(3)))

TEMPLATES: Final[tuple[Template, ...]] = (
    Template("once", Model.ONE_OFF, None, D(1), D(49), "einmalig", "once"),
    Template("flat", Model.RECURRING_FLAT, None, D(1), D(29), "Pauschale je Zeitraum", "flat per period"),
    Template("per-unit", Model.RECURRING_UNIT, None, D(5), D(9), "je Einheit und Zeitraum", "per unit and period"),
    Template(
        "time", Model.METERED_UNIT, Scheme(quantum=D(15)), D(46), D("0.50"),
        "Zeit, je begonnene 15 Minuten", "time, per started 15 minutes",
    ),
    Template("clicks", Model.METERED_UNIT, None, D(1250), D("0.002"), "Klicks", "clicks"),
    Template("units", Model.METERED_UNIT, None, D(120), D("0.25"), "verbrauchte Einheiten", "units used"),
    Template("orders", Model.METERED_UNIT, None, D(17), D("1.20"), "Bestellungen", "orders"),
    Template(
        "commission", Model.METERED_UNIT, Scheme(percent=True), D("1234.56"), D("2.5"),
        "Provision auf Umsatz in Prozent", "commission on revenue in percent",
    ),
    Template(
        "commission-tiers", Model.METERED_UNIT, Scheme(Function.GRADUATED, _RATES, percent=True), D(15_000), D(0),
        "Provision auf Umsatz, gestaffelt", "commission on revenue by tiers",
    ),
    Template(
        "commission-units", Model.METERED_UNIT, None, D(40), D("0.75"),
        "Provision je Stück", "commission per unit",
    ),
    Template(
        "graduated", Model.METERED_UNIT, Scheme(Function.GRADUATED, _TIERS), D(1500), D(0),
        "Staffel: jede Einheit zum Preis ihrer Stufe", "graduated: each unit at the price of its tier",
    ),
    Template(
        "volume", Model.METERED_UNIT, Scheme(Function.VOLUME, _TIERS), D(1500), D(0),
        "Mengenpreis: alle Einheiten zum Preis der erreichten Stufe", "volume: all units at the reached tier",
    ),
    Template(
        "seats-volume", Model.RECURRING_UNIT, Scheme(Function.VOLUME, (Tier(D(10), D(9)), Tier(None, D(7)))), D(12),
        D(0), "Nutzer nach Mengenpreis, wiederkehrend", "seats at volume prices, recurring",
    ),
    Template(
        "tier-flat", Model.METERED_UNIT, Scheme(Function.VOLUME, _STEPS), D(11), D(0),
        "Pauschale der erreichten Stufe", "flat fee of the reached tier",
    ),
    Template(
        "package", Model.METERED_UNIT, Scheme(package=D(100)), D(201), D("9.90"),
        "Pakete, angefangene zählen ganz", "packages, started ones count whole",
    ),
    Template(
        "percent-capped", Model.METERED_UNIT, Scheme(percent=True, least=D(1), most=D(50)), D(3000), D("1.5"),
        "Prozent mit Mindest- und Höchstbetrag", "percent with a least and a most",
    ),
    Template(
        "allowance", Model.METERED_UNIT, Scheme(included=D(1000)), D(1250), D("0.02"),
        "Inklusivmenge, darüber je Einheit", "included quantity, then per unit",
    ),
    Template(
        "quantity-discount", Model.METERED_UNIT, Scheme(breaks=(Break(D(100), D(5)), Break(D(500), D(10)))), D(500),
        D("0.20"), "Mengenrabatt ab Schwellen", "quantity discount from thresholds",
    ),
    Template(
        "yearly-tiers", Model.METERED_UNIT, Scheme(Function.GRADUATED, _TIERS, window=Cycle(12, 0)), D(600), D(0),
        "Staffel, über ein Jahr gezählt und monatlich berechnet", "graduated, counted over a year, billed monthly",
    ),
    Template(
        "formula", Model.METERED_UNIT,
        Scheme(Function.FORMULA, _TIERS, formula="max(5, graduated(quantity) - 0.01 * quantity)"), D(1500), D(0),
        "eigene Formel über Menge, Preis und Stufen", "a formula of one's own over quantity, price and tiers",
    ),
)  # fmt: skip
"""In the order in which they are offered. Sets are products, minimum fees (JB-41) and instalments terms."""


def template(code: str) -> Template | None:
    """The template of this code."""
    return next((row for row in TEMPLATES if row.code == code), None)
