"""The demonstration company's plans, customer groups and coupons, as rows of their files."""

from __future__ import annotations

from typing import Final

from turnus.integration.demo.people import Cells

_START: Final = "01.01.2025"
_YEAR: Final = {"initial_term": "12 Monate", "notice_period": "3 Monate"}


def _plan(plan: str, variant: str, product: str, /, **cells: str) -> Cells:
    return {"plan": plan, "variant": variant, "valid_from": _START, "product": product, **cells}


PLANS: Final[tuple[Cells, ...]] = (
    _plan("HOSTING", "START", "WEB-S", plan_name="Webhosting", name="Start", **_YEAR),
    _plan("HOSTING", "START", "DOMAIN", role="wahlweise", item_cycle="jährlich", **_YEAR),
    _plan("HOSTING", "BUSINESS", "WEB-M", plan_name="Webhosting", name="Business", trial_days="14", **_YEAR),
    _plan("HOSTING", "BUSINESS", "MAIL", quantity="10", trial_days="14", **_YEAR),
    _plan("HOSTING", "BUSINESS", "SETUP", role="Einrichtung", trial_days="14", **_YEAR),
    _plan("BUERO", "TEAM", "CRM", plan_name="Büro", name="Team", quantity="5", billing_cycle="3 Monate"),
    _plan("BUERO", "TEAM", "ERP", role="wahlweise", billing_cycle="3 Monate"),
)
"""Two plans: hosting with a domain as an option or with mailboxes, trial and set-up; an office by the seat."""
GROUPS: Final[tuple[Cells, ...]] = (
    {"group": "VEREIN", "name": "Vereine", "valid_from": _START, "discount_percent": "10",
     "discount_label": "Vereinsrabatt", "payment_days": "30"},
    {"group": "SCHULE", "name": "Schulen", "valid_from": _START, "trial_days": "60"},
)  # fmt: skip
COUPONS: Final[tuple[Cells, ...]] = (
    {"coupon": "WILLKOMMEN", "label": "Willkommen", "discount_percent": "50", "periods": "3",
     "once_per_customer": "ja", "new_customers": "ja"},
    {"coupon": "HERBST", "label": "Herbstaktion", "discount_amount": "5,00", "periods": "1", "limit": "100",
     "plans": "HOSTING"},
)  # fmt: skip
