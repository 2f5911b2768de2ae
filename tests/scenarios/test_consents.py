"""L-35: consumers pay more only if they agreed; silence is a no, and a check of its own watches over it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    Company,
    address,
    company,
    contract,
    customer,
    day,
    item,
    only,
    parked,
    product,
    run,
    run_months,
)
from tests.scenarios.campaigning import LATER, amount, announce, answer, apply, campaign, march, percent, plan
from turnus import order_to_cash
from turnus.adapters.store import FolderStore
from turnus.contracts.conclude import conclude
from turnus.contracts.consent_check import silent_consumers
from turnus.contracts.declare import NewDeclaration, declare
from turnus.contracts.lookup import contract_id, item_ids
from turnus.contracts.models import ItemTerms
from turnus.contracts.touch import touch
from turnus.core.adjusting import AdjustmentRefusedError
from turnus.core.campaigns import Answer, Stand, Standing
from turnus.core.contracts import NewContract
from turnus.core.parties import CustomerData, CustomerKind
from turnus.invoices.models import Invoice, Run
from turnus.parties.register import put_customers
from turnus.records.models import AuditEntry, OutboxMessage
from turnus.stories.doctor import doctor_findings
from turnus.stories.reprice import preview_prices

pytestmark = pytest.mark.database

CONSUMERS = 1_000
REPLIES = (Answer.CONSENT,) * 700 + (Answer.REFUSAL,) * 50


def bill(firm: Company, through: str) -> list[int]:
    """A whole run; the net totals of what it issued."""
    steps = list(order_to_cash.bill(firm.definition, through=day(through), on=day(through), by=BY))
    return list(Invoice.objects.filter(run_id=steps[0][1], state="issued").values_list("net", flat=True))


def test_l_35_of_a_thousand_consumers_those_who_agreed_pay_more_and_silence_is_a_no() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    numbers = [f"V{n:04}" for n in range(CONSUMERS)]
    people = [CustomerData(f"K{number}", number, CustomerKind.PERSON, address()) for number in numbers]
    signed = [NewContract(number, f"K{number}", day("2025-01-01"), (item("abo"),)) for number in numbers]
    with transaction.atomic():
        put_customers(firm.id, people, valid_from=day("2025-01-01"), by=BY)
        conclude(firm.id, signed, by=BY)
    bill(firm, "2025-01-01")
    wanted = campaign(amount("1.00"), "2025-03-01", notice_days=42, reason="Höhere Netzkosten")
    preview = [found for chunk in preview_prices(firm.id, wanted, on=day("2025-01-05")) for found in chunk.contracts]
    planned = plan(firm, wanted, "2025-01-05")
    assert [found.lines for found in planned] == [found.lines for found in preview]
    assert all(found.needs_consent for found in planned)
    assert sum(line.new_amount - line.old_amount for found in planned for line in found.lines) == CONSUMERS * 1_00
    assert announce(firm, "2025-01-10") == CONSUMERS
    assert OutboxMessage.objects.filter(topic="contracts.price_letter").count() == CONSUMERS
    for number, said in zip(numbers, REPLIES, strict=False):
        answer(firm, number, said, "2025-01-20")
    assert apply(firm, dry_run=True) == {Stand.APPLIED: 700, Stand.REFUSED: 50, Stand.SILENT: 250}
    assert ItemTerms.objects.count() == 0
    assert apply(firm) == {Stand.APPLIED: 700, Stand.REFUSED: 50, Stand.SILENT: 250}
    assert apply(firm) == {Stand.APPLIED: 700, Stand.REFUSED: 50, Stand.SILENT: 250}
    assert ItemTerms.objects.count() == 700
    bill(firm, "2025-02-01")
    nets = bill(firm, "2025-03-01")
    assert (nets.count(11_00), nets.count(10_00), len(nets)) == (700, 300, CONSUMERS)
    assert silent_consumers() == []
    entries = AuditEntry.objects.filter(action="price.consent")
    assert entries.count() == 700
    assert all('"text_version": "standard-1"' in entry.after for entry in entries)
    assert all('"given_at": "2025-01-20 12:00:00+00:00"' in entry.after for entry in entries)


def consumers(*numbers: str) -> Company:
    """Consumers who pay 10.00 a month from January, announced 11.00 from March on."""
    firm = company()
    product(firm, "abo", "10.00")
    for number in numbers:
        customer(firm, f"K{number}", kind=CustomerKind.PERSON)
        contract(firm, number, "2025-01-01", "abo", by=f"K{number}")
    run(firm, "2025-01-01")
    plan(firm, campaign(amount("1.00"), "2025-03-01"), "2025-01-05")
    announce(firm, "2025-01-10")
    return firm


def slip_in(model: ItemTerms, number: str, firm: Company) -> None:
    """What a mistake would write: the terms of one consumer for another who has not agreed."""
    other = contract_id(firm.id, number)
    columns = {field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields}
    [item_number] = item_ids(other).values()
    ItemTerms.objects.create(**columns | {"id": None, "contract_id": other, "item_id": item_number})
    touch([other], model.valid_from)


def test_l_35_a_run_that_would_bill_a_silent_consumer_the_new_price_parks_it(tmp_path: Path) -> None:
    firm = consumers("V1", "V2")
    answer(firm, "V1", Answer.CONSENT, "2025-01-20")
    apply(firm)
    slip_in(ItemTerms.objects.get(), "V2", firm)
    assert silent_consumers() == ["V2"]
    finding = {row.name: row for row in doctor_findings(FolderStore(tmp_path), tmp_path)}["consents"]
    assert (finding.ok, finding.details) == (False, ["V2"])
    assert march(firm) == ["KV1 11.00"]
    assert parked(Run.objects.latest("id").id) == ["unconsented_price"]


def test_l_35_applying_refuses_to_write_a_price_without_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = consumers("V1", "V2")
    ready = Standing(Stand.READY)
    monkeypatch.setattr("turnus.contracts.apply_prices.standing", lambda _answers, **_rest: ready)
    with pytest.raises(AdjustmentRefusedError, match=r"unconsented.*V1, V2"):
        apply(firm)
    assert ItemTerms.objects.count() == 0


def test_l_35_a_consent_after_all_counts_from_the_next_period_on() -> None:
    firm = consumers("V1")
    apply(firm)
    run_months(firm, "2025-02-01", "2025-03-01")
    answer(firm, "V1", Answer.CONSENT, "2025-03-10")
    apply(firm)
    assert run(firm, "2025-03-10") == []
    assert only(run(firm, "2025-04-01")).net == 11_00


def test_l_35_the_last_declaration_counts_until_the_price_is_applied() -> None:
    firm = consumers("V1", "V2")
    answer(firm, "V1", Answer.CONSENT, "2025-01-20")
    answer(firm, "V1", Answer.REFUSAL, "2025-01-21")
    answer(firm, "V2", Answer.REFUSAL, "2025-01-20")
    answer(firm, "V2", Answer.CONSENT, "2025-01-21")
    assert answer(firm, "V2", Answer.CONSENT, "2025-01-21") is False
    assert apply(firm) == {Stand.APPLIED: 1, Stand.REFUSED: 1}
    assert march(firm) == ["KV1 10.00", "KV2 11.00"]
    with pytest.raises(AdjustmentRefusedError, match="declared_after_all"):
        answer(firm, "V2", Answer.REFUSAL, "2025-03-02")


def test_l_35_what_only_falls_needs_no_consent() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    customer(firm, "K1", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-01", "abo")
    [planned] = plan(firm, campaign(percent("-5"), "2025-03-01"), "2025-01-05")
    assert not planned.needs_consent
    announce(firm, "2025-01-10")
    assert apply(firm) == {Stand.APPLIED: 1}
    assert [document.net for document in run_months(firm, "2025-02-01", "2025-03-01")] == [20_00, 9_50]
    assert silent_consumers() == []


def test_l_35_who_became_a_consumer_since_the_plan_is_asked_too_and_who_became_one_later_is_not() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    for number in ("V1", "V2"):
        contract(firm, number, "2025-01-01", "abo", by=f"K{number}")
    run(firm, "2025-01-01")
    plan(firm, campaign(amount("1.00"), "2025-03-01"), "2025-01-05")
    announce(firm, "2025-01-10")
    customer(firm, "KV1", kind=CustomerKind.PERSON, since="2025-02-01")
    customer(firm, "KV2", kind=CustomerKind.PERSON, since="2025-06-01")
    assert apply(firm) == {Stand.APPLIED: 1, Stand.SILENT: 1}
    assert march(firm) == ["KV1 10.00", "KV2 11.00"]
    assert silent_consumers() == []


def test_l_35_a_declaration_tells_everything_that_is_wrong_with_it() -> None:
    firm = consumers("V1")
    early = NewDeclaration("P1", "V1", Answer.CONSENT, datetime(2026, 1, 1, tzinfo=UTC), day("2025-01-01"), "", "other")
    with pytest.raises(AdjustmentRefusedError) as refused:
        declare(firm.id, early, by=LATER)
    assert sorted(fault.code for fault in refused.value.faults) == [
        "declared_in_future", "declared_no_channel", "declared_other_text", "declared_too_soon",
    ]  # fmt: skip
