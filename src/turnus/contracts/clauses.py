"""Record what a contract says about changes of its prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.campaign_models import PriceClause
from turnus.contracts.naming import item_of
from turnus.contracts.touch import locked
from turnus.core.adjusting import AdjustmentRefusedError
from turnus.core.faults import fault
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp
    from turnus.core.campaigns import Clause


@transaction.atomic(durable=True)
def agree_clause(seller: int, number: str, clause: Clause, *, item: str = "", reason: str = "", by: Stamp) -> None:
    """From now on this clause counts for an item, or (item empty) for all that have none of their own.

    Raises ``ContractRefusedError`` for an unknown item and ``AdjustmentRefusedError`` with everything that is wrong.
    """
    contract = locked(seller, number)
    row = item_of(contract.id, item) if item else None
    faults = [
        fault("rule_low", field=name, value=value, least=0)
        for name, value in (("threshold", clause.threshold), ("cap", clause.cap))
        if value is not None and value < 0
    ]
    if clause.reference is not None and clause.reference.day != 1:
        faults.append(fault("rule_month_day", field="reference", day=clause.reference))
    if bool(clause.series) != (clause.reference is not None):
        faults.append(fault("clause_index", contract=number))
    if faults:
        raise AdjustmentRefusedError(faults)
    values = clause._replace(item=row.id if row else 0)._asdict()
    PriceClause.objects.create(
        contract_id=contract.id, item_id=values.pop("item"), **values, recorded_at=by.at, reason=reason
    )  # fmt: skip
    audit(by, "contract.price_clause", "contract", contract.id, after={"item": item, **values}, reason=reason)
