"""Whatever is wrong with contracts and the catalogue is said at once, in German and English, by command and by file."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import BY, Company, company, contract, customer, day, item, product
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.models import Contract
from turnus.core.contracts import NewContract, NewMinimum
from turnus.core.messages import message
from turnus.core.periods import Cycle
from turnus.core.schemes import Function, Scheme, Tier
from turnus.core.terms import NewContractTerms

pytestmark = pytest.mark.database


@pytest.fixture
def firm() -> Company:
    firm = company()
    product(firm, "abo", "10.00")
    customer(firm, "K1")
    return firm


def refused(firm: Company, *contracts: NewContract) -> list[str]:
    with pytest.raises(ContractRefusedError) as error, transaction.atomic():
        conclude(firm.id, contracts, by=BY)
    for fault in error.value.faults:  # each has its words
        assert message(fault.code, fault.params, "de") != message(fault.code, fault.params, "en")
    return [fault.code for fault in error.value.faults]


def test_one_contract_has_all_its_faults_named(firm: Company) -> None:
    scheme = Scheme(Function.GRADUATED, (Tier(Decimal(100), Decimal(-1)), Tier(Decimal(50))))
    wrong = NewContract(
        "V1", "nobody", day("2026-01-01"), (replace(item("none"), scheme=scheme), item("gone")),
        minimums=(NewMinimum(-1),), price_lists=("nix",),
        terms=NewContractTerms(initial=Cycle(1, 0), notice=Cycle(3, 0)),
    )  # fmt: skip
    assert refused(firm, wrong) == [
        "unknown_customer", "negative_minimum", "notice_longer_than_term", "scheme_negative", "scheme_tiers_overlap",
        "scheme_tiers_end", "unknown_price_list", "unknown_product", "unknown_product",
    ]  # fmt: skip


def test_several_contracts_have_all_their_faults_named(firm: Company) -> None:
    contract(firm, "V1", "2025-01-01", "abo")
    trial = NewContract("V2", "K1", day("2026-01-01"), (item("abo"),), trial_days=14)
    other = replace(trial, number="V1", trial_days=0)
    parent = replace(trial, number="V4", trial_days=0, bill_to_parent=True)
    unknown = NewContract("V3", "K1", day("2026-01-01"), (item("abo"), item("none")), trial_days=14)
    found = refused(firm, trial, other, unknown, trial, parent)
    assert found == ["no_parent", "unknown_product", "contract_differs", "contract_differs", "second_trial_product"]
    assert list(Contract.objects.values_list("number", flat=True)) == ["V1"]
