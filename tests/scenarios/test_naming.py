"""Items are named by code, or by product where one item alone is of it; a wrong name lists what there is."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.builders import BY, Company, company, contract, day, item, product
from turnus.contracts.amend import change_terms, end_item
from turnus.contracts.clauses import agree_clause
from turnus.contracts.commission import agree_commission
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import grant_discount
from turnus.contracts.minimums import set_minimum
from turnus.contracts.naming import item_code_meant, item_codes_meant
from turnus.contracts.raises import plan_raise
from turnus.contracts.touch import UnknownContractError
from turnus.core.adjusting import RuleKind
from turnus.core.campaigns import NO_CLAUSE
from turnus.core.commission import CommissionRule
from turnus.core.contracts import NewDiscount, NewMinimum, NewRaise
from turnus.core.messages import message
from turnus.core.periods import FAR_FUTURE

pytestmark = pytest.mark.database


@pytest.fixture
def firm() -> Company:
    firm = company()
    for code in ("PROV", "LIC", "BASE"):
        product(firm, code, "10.00")
    rows = (item("PROV", named="1-PROV"), item("LIC", named="2-LIC"), item("LIC", named="3-LIC"))
    contract(firm, "V1", "2025-01-01", *rows, item("BASE", named="LIC"))
    return firm


def test_a_product_names_the_one_item_that_is_of_it(firm: Company) -> None:
    assert item_code_meant(firm.id, "V1", "PROV") == "1-PROV"
    assert item_codes_meant(firm.id, "V1", ["2-LIC", "PROV", ""]) == ["2-LIC", "1-PROV", ""]
    with pytest.raises(UnknownContractError):
        item_code_meant(firm.id, "V9", "PROV")


def test_a_code_comes_before_a_product_and_two_items_of_one_product_are_not_guessed(firm: Company) -> None:
    assert item_code_meant(firm.id, "V1", "LIC") == "LIC"  # the item, not one of the product
    end_item(firm.id, "V1", "LIC", end=day("2025-02-01"), by=BY)
    contract(firm, "V2", "2025-01-01", item("LIC", named="a"), item("LIC", named="b"))
    assert item_code_meant(firm.id, "V2", "LIC") == "LIC"  # unresolved: what uses it refuses it


def test_a_product_that_an_item_changed_to_names_it(firm: Company) -> None:
    product(firm, "PLUS", "20.00")
    change_terms(firm.id, "V1", "1-PROV", valid_from=day("2025-03-01"), product="PLUS", by=BY)
    assert item_codes_meant(firm.id, "V1", ["PLUS", "PROV"]) == ["1-PROV", "1-PROV"]


def test_every_act_on_an_item_lists_the_items_where_it_finds_none(firm: Company) -> None:
    first = day("2025-01-01")
    acts: list[Callable[[], object]] = [
        lambda: change_terms(firm.id, "V1", "x", valid_from=first, by=BY),
        lambda: end_item(firm.id, "V1", "x", end=first, by=BY),
        lambda: grant_discount(firm.id, "V1", NewDiscount("l", Decimal(5), None, "x"), by=BY),
        lambda: set_minimum(firm.id, "V1", NewMinimum(100, None, "x"), by=BY),
        lambda: plan_raise(firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(3), "x"), on=first, by=BY),
        lambda: agree_clause(firm.id, "V1", NO_CLAUSE, item="x", by=BY),
        lambda: agree_commission(firm.id, "V1", "x", CommissionRule(0, first, FAR_FUTURE), by=BY),
    ]
    for act in acts:
        with pytest.raises(ContractRefusedError) as refused:
            act()
        [fault] = refused.value.faults
        assert message(fault.code, fault.params, "de").endswith("Seine Positionen: 1-PROV, 2-LIC, 3-LIC, LIC.")
        assert message(fault.code, fault.params, "en").endswith("Its items: 1-PROV, 2-LIC, 3-LIC, LIC.")
