"""A company whose month is billed by processes that may be killed at any moment; started by `processes.py`.

found CONTRACTS            set the company up
found-with-past CONTRACTS  the same, and January is over
live [POINT:HIT]           live through February; killed at the failpoint, then started again; tell all
bill CHUNK [NAME]          wait for a line on standard input, bill January, tell what was created; NAME: of the run
cancel                     cancel the first invoice and bill again, twice
found-meters               set a contract with meters up
report SEED                wait for a line, report usage in an order of its own, tell how much was new
tell-meters                tell the daily rows of usage
tell                       tell what the books say

Whatever is told is JSON on the last line of standard output.
"""

import json
import os
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch

from django.db import transaction

from tests.builders import BY, SINCE, UNIT, Company, address, company, contract, day, days, item, product
from tests.faults.meters import found_meters, report, told_meters
from tests.scenarios import books
from turnus import order_to_cash
from turnus.contracts.amend import change_terms, end_contract
from turnus.contracts.conclude import conclude
from turnus.contracts.models import Contract
from turnus.core.contracts import NewContract
from turnus.core.parties import CustomerData, CustomerKind
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.draft import freeze
from turnus.invoices.manual import ManualLine, issue_draft, open_draft
from turnus.invoices.models import Invoice, InvoiceLine, Pending, Run, RunDefinition, RunUnit
from turnus.invoices.runs import DEFAULT, DefinitionData, put_definition
from turnus.ledger.facts import items_of_invoices
from turnus.ledger.post import PaymentData, record_payment
from turnus.parties.register import put_customers
from turnus.records.models import OutboxMessage

CHUNK = 4


def found(contracts: int) -> None:
    """So many contracts of 10.00 a month in advance, each of a customer of its own, none billed; half of them gold."""
    firm = company(automation="send")
    product(firm, "abo", "10.00", UNIT)
    numbers = range(1, contracts + 1)
    buyers = [CustomerData(f"K{n}", f"Kunde {n}", CustomerKind.COMPANY, address()) for n in numbers]
    with transaction.atomic():
        put_customers(firm.id, buyers, valid_from=SINCE, by=BY)
        rows = [
            NewContract(f"V{n}", f"K{n}", day("2025-01-01"), (item("abo"),), kind="gold" if n % 2 else "silver")
            for n in numbers
        ]
        conclude(firm.id, rows, by=BY)
    for kind in ("gold", "silver"):
        put_definition(firm.id, DefinitionData(kind, automation="send", contract_kind=kind), by=BY)


def found_with_past(contracts: int) -> None:
    """The same after January: one contract shrank, one ended early, and one customer has money on account."""
    found(contracts)
    bill(chunk=CHUNK, on="2025-01-01")
    change_terms(firm_().id, "V2", "abo", valid_from=day("2025-01-16"), price=Decimal(5), by=BY)
    end_contract(firm_().id, "V4", end=day("2025-01-20"), by=BY)
    payer = Invoice.objects.get(number="RE-2025-000003").customer_id
    record_payment(firm_().id, PaymentData(payer, "before", "EUR", 5_00, day("2025-01-20")), by=BY)
    contract(firm_(), "V100", "2025-02-01", item("abo", "2"), by="K5", group="all")
    contract(firm_(), "V101", "2025-02-01", item("abo", "3"), by="K5", group="all")


def firm_() -> Company:
    row = RunDefinition.objects.get(name=DEFAULT)
    return Company(row.seller_id, row.id)


def bill(chunk: int, on: str, name: str = DEFAULT) -> dict[str, int]:
    """A whole run in chunks of a size of our own. Returns what this process did of each step."""
    done: dict[str, int] = {}
    definition = RunDefinition.objects.get(name=name).id
    with patch.object(order_to_cash, "freeze", partial(freeze, chunk=chunk)):
        for step, _chunk, documents in order_to_cash.bill(definition, through=day(on), on=day(on), by=BY):
            done[step] = done.get(step, 0) + documents
    return done


def live() -> None:
    """February: bill, take a payment, write an invoice by hand, cancel one, bill what became billable again.

    Whoever is killed in it starts it anew; each act looks first whether it was done.
    """
    month = day("2025-02-01")
    if not Run.objects.filter(through=month, state=Run.State.DONE).exists():
        bill(chunk=CHUNK, on="2025-02-01")
    first = Invoice.objects.get(number="RE-2025-000001")
    payment = PaymentData(first.customer_id, "bank-1", "EUR", first.gross, day("2025-02-02"), invoices=[first.id])
    record_payment(first.seller_id, payment, by=BY)
    by_hand = Invoice.objects.filter(origin="manual").first()
    if by_hand is None:
        row = ManualLine("abo", Decimal(2), Decimal(7), days("2025-02-01", "2025-02-03"))
        open_draft(first.seller_id, first.customer_id, [row], on=day("2025-02-03"), by=BY)
        by_hand = Invoice.objects.get(origin="manual")
    if by_hand.state == "draft":
        issue_draft(by_hand.id, by=BY)
    second = Invoice.objects.filter(kind="invoice", issue_date=month).order_by("number")[1]
    if not Invoice.objects.filter(corrects_id=second.id).exists():
        cancel_invoice(second.id, on=day("2025-02-04"), reason="Irrtum", by=BY)
    bill(chunk=CHUNK, on="2025-02-05")


def told() -> dict[str, Any]:
    """What the books say, without the ids that differ from life to life."""
    names = dict(Contract.objects.values_list("id", "number"))
    lines: dict[int, list[str]] = {}
    for row in InvoiceLine.objects.order_by("invoice_id", "position"):
        text = f"{names.get(row.contract_id)} {row.part} {row.days_start}/{row.days_end} {row.value} #{row.sequence}"
        lines.setdefault(row.invoice_id, []).append(text)
    documents = list(Invoice.objects.order_by("number"))
    numbers = {row.id: row.number for row in documents}
    items = items_of_invoices(list(numbers))
    sent = OutboxMessage.objects.filter(topic="invoice.send").values_list("key", flat=True)
    rendered = OutboxMessage.objects.filter(topic="invoices.render").values_list("key", flat=True)
    return {
        "findings": books.findings(),
        "unbilled": books.unbilled(),
        "documents": [
            [row.number, row.state, row.kind, str(row.issue_date), row.net, row.tax, row.gross, row.applied,
             sum(item.open for item in items[row.id]) if row.id in items else None, *lines[row.id]]
            for row in documents
        ],
        "contracts": [
            [row.number, row.revision, row.billed_revision, str(row.due_on), str(row.sealed_through)]
            for row in Contract.objects.order_by("number")
        ],
        "sent": sorted(numbers[int(key)] for key in sent),
        "rendered": sorted(numbers[int(number)] for key in rendered for number in key.split(",")),
        "waiting": Pending.objects.count(),
        "units": sorted(set(RunUnit.objects.values_list("state", flat=True))),
        "runs": sorted(set(Run.objects.values_list("state", flat=True))),
    }  # fmt: skip


def in_child(act: Callable[[], object], failpoint: str = "") -> int:
    """Do it in a process of its own. Returns its exit code; negative is the signal that killed it."""
    child = os.fork()
    if child == 0:
        os.environ["TURNUS_FAILPOINT"] = failpoint
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tell(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main(words: list[str]) -> None:
    """One step of the story."""
    match words:
        case ["found", contracts]:
            found(int(contracts))
        case ["found-with-past", contracts]:
            found_with_past(int(contracts))
        case ["live", *failpoint]:
            codes = [in_child(live, point) for point in (*failpoint, "")]
            tell(told() | {"codes": codes})
        case ["bill", chunk, *name]:
            tell("ready")
            sys.stdin.readline()
            tell(bill(int(chunk), "2025-01-01", *name))
        case ["found-meters"]:
            found_meters()
        case ["report", seed]:
            tell("ready")
            sys.stdin.readline()
            tell(report(int(seed)))
        case ["tell-meters"]:
            tell(json.loads(told_meters()))
        case ["cancel"]:
            cancel_invoice(Invoice.objects.earliest("number").id, on=day("2025-01-02"), reason="Irrtum", by=BY)
            tell([bill(1_000, "2025-01-02"), bill(1_000, "2025-01-02")])
        case _:
            tell(told())
