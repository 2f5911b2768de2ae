"""F-19: a contract that always raises is parked with its reason; all others are billed."""

import pytest
from django.db import OperationalError, connection

from tests.builders import (
    BY,
    Company,
    company,
    contract,
    day,
    drafted,
    issued,
    only,
    parked,
    product,
    run,
    started,
)
from tests.scenarios import books
from turnus.core import owed as core_owed
from turnus.core.contracts import ContractFacts
from turnus.invoices.models import Invoice, NumberVoid, Run, RunUnit
from turnus.invoices.preview import preview
from turnus.invoices.runs import reopen_parked
from turnus.records.guards import guards, install_guards, missing_guards

pytestmark = pytest.mark.database

STRAIGHT = pytest.mark.parametrize("automation", ["draft", "issue"])


def five(automation: str = "issue") -> Company:
    """Five customers with one contract of 10.00 each."""
    firm = company(automation=automation)
    product(firm, "abo", "10.00")
    for number in range(1, 6):
        contract(firm, f"V{number}", "2025-01-01", "abo", by=f"K{number}")
    return firm


def break_item(change: str) -> None:
    """Spoil the item of the third contract behind the guards' back."""
    with connection.cursor() as cursor:
        for guard in guards():
            if guard.table == "contracts_item" and guard.event == "UPDATE":
                cursor.execute(
                    f"DROP TRIGGER {guard.name}" + ("" if connection.vendor == "sqlite" else f" ON {guard.table}")
                )
        cursor.execute(
            f"UPDATE contracts_item SET {change} "
            "WHERE contract_id IN (SELECT id FROM contracts_contract WHERE number = 'V3')"
        )
    install_guards()
    assert missing_guards() == []


BROKEN = pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("model = 'nonsense'", "model = 'recurring_flat'"),
        ("basis = 'nonsense'", "basis = 'actual_period'"),
        ("timing = 'nonsense'", "timing = 'advance'"),
        ("fee_months = 0, fee_days = 0", "fee_months = 1"),
        ("product_id = 4711", "product_id = (SELECT id FROM catalog_product)"),
    ],
)


@BROKEN
@STRAIGHT
def test_a_broken_fact_parks_its_contract_and_no_other_until_it_is_mended(
    broken: str, mended: str, automation: str
) -> None:
    firm = five(automation)
    break_item(broken)
    number = started(firm, "2025-01-01")
    documents = issued(number)
    assert [document.customer_number for document in documents] == ["K1", "K2", "K4", "K5"]
    assert [document.number for document in documents] == [f"RE-2025-00000{index}" for index in (1, 2, 3, 4)]
    assert (parked(number), Run.objects.get().state) == (["error"], Run.State.DONE)
    assert RunUnit.objects.get(state="parked").detail
    break_item(mended)
    assert reopen_parked(number, by=BY) == 1
    drafted(number)
    again = only(issued(number))
    assert (again.customer_number, again.number) == ("K3", "RE-2025-000005")
    assert books.findings() == []
    assert run(firm, "2025-01-01") == []


@STRAIGHT
@pytest.mark.parametrize("error", [AttributeError, RuntimeError, RecursionError, NotImplementedError])
def test_whatever_a_contract_raises_it_stops_nobody_else(
    automation: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = core_owed.owed

    def sometimes(facts: ContractFacts, *rest: object, **more: object) -> object:
        if facts.number == "V3":
            raise error("poison")
        return original(facts, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("turnus.core.billing.owed", sometimes)
    firm = five(automation)
    number = started(firm, "2025-01-01")
    assert [document.customer_number for document in issued(number)] == ["K1", "K2", "K4", "K5"]
    assert parked(number) == ["error"]
    assert error.__name__ in RunUnit.objects.get(state="parked").detail


def test_the_preview_shows_the_poisoned_contract_as_the_run_would_park_it() -> None:
    firm = five()
    break_item("model = 'nonsense'")
    [decided] = preview(firm.definition, through=day("2025-01-01"), on=day("2025-01-01"))
    assert sorted(draft.buyer.data.number for draft in decided.drafts) == ["K1", "K2", "K4", "K5"]
    assert [one.code for one in decided.parked] == ["error"]
    assert Invoice.objects.count() == 0


def test_the_preview_is_what_the_run_then_does() -> None:
    firm = five("draft")
    [decided] = preview(firm.definition, through=day("2025-01-01"), on=day("2025-01-01"))
    number = started(firm, "2025-01-01")
    stored = Invoice.objects.filter(run_id=number).order_by("unit").values_list("unit", "net", "tax", "gross")
    shown = [(d.unit, d.document.net, d.document.tax, d.document.gross) for d in decided.drafts]
    assert sorted(shown) == list(stored)


def failing(*_words: object, **_more: object) -> None:
    raise OperationalError("disk I/O error")


@STRAIGHT
@pytest.mark.parametrize("step", ["draft.save_drafts", "issue.post_documents"])
def test_a_database_that_cannot_work_blames_nobody(step: str, automation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = five(automation)
    with monkeypatch.context() as broken:
        broken.setattr(f"turnus.invoices.{step}", failing)
        with pytest.raises(OperationalError):
            issued(started(firm, "2025-01-01"))
    assert (NumberVoid.objects.count(), RunUnit.objects.filter(state="parked").count()) == (0, 0)
    documents = issued(started(firm, "2025-01-01"))
    assert [document.number for document in documents] == [f"RE-2025-00000{index}" for index in range(1, 6)]
    assert books.findings() == []
