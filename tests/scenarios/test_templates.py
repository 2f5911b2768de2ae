"""Every ready plan: offered, concluded, used, billed, as docs/algorithms/templates.md says (JB-26, JB-29 to 44)."""

from __future__ import annotations

import pytest

from tests.builders import BY, Company, company, day, money, order, run, used
from tests.core.tables import TABLES, Row, rows
from turnus.catalog.offer import OfferRefusedError
from turnus.catalog.templates import use_template
from turnus.core.plan_templates import PLAN_TEMPLATES, plan_template

pytestmark = pytest.mark.database


def take(firm: Company, name: str, code: str = "T") -> str:
    found = plan_template(name)
    assert found is not None
    return use_template(firm.id, found, code, valid_from=day("2025-01-01"), currency="EUR", by=BY)


def billed(firm: Company, on: str) -> str:
    """Net of every line."""
    return "; ".join(money(line.net, "EUR") for document in run(firm, on) for line in document.lines)


@pytest.mark.parametrize("row", rows("plan_templates"))
def test_a_ready_plan_bills_what_the_page_says(row: Row) -> None:
    firm = company()
    assert take(firm, row["template"]) == "created"
    order(firm, "V1", "2025-01-01", "T/standard")
    if row["January"]:
        code, said, *unit = row["January"].split()
        events = [("1", str(n)) for n in range(int(said[:-1]))] if said.endswith("×") else [(said, "")]
        for quantity, key in events:
            used(firm, "V1", code, "2025-01-15", quantity, key=key, **({"unit": unit[0]} if unit else {}))
    found = [billed(firm, on) for on in ("2025-01-01", "2025-02-01", "2025-04-01")]
    assert found == [row["on 1 January"], row["on 1 February"], row["on 1 April"]]


def test_every_ready_plan_is_on_the_page_and_every_one_is_known_by_its_code() -> None:
    assert sorted(row["template"] for row in TABLES["plan_templates"]) == sorted(row.code for row in PLAN_TEMPLATES)


def test_a_ready_plan_is_taken_twice_once_under_another_code_as_often_as_one_likes_and_never_over_another() -> None:
    firm = company()
    assert [take(firm, "seats"), take(firm, "seats"), take(firm, "seats", "TEAM")] == [
        "created",
        "unchanged",
        "created",
    ]
    with pytest.raises(OfferRefusedError, match="variant_changed"):
        take(firm, "units")
