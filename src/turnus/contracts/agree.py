"""Agree term, renewal and notice: at conclusion, and later from a day on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lifetime import lifetimes, terms_columns
from turnus.contracts.lifetime_models import ContractTerms
from turnus.contracts.renewals import watch
from turnus.contracts.touch import locked
from turnus.core.term_rules import terms_faults
from turnus.core.terms import terms_on
from turnus.parties.facts import customer_facts, is_consumer

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.terms import NewContractTerms


def enter_agreed_terms(
    seller: int,
    number: str,
    terms: NewContractTerms,
    *,
    valid_from: date,
    restart: bool = False,
    reason: str = "",
    correction: bool = False,
    by: Stamp,
) -> None:
    """Other terms from a day on. ``restart``: a new first term begins on that day; otherwise the terms run on.

    Raises ``ContractRefusedError`` with all that may not be agreed with this customer (§ 309 Nr. 9 BGB).
    """
    contract = locked(seller, number)
    facts = lifetimes([contract.id])[contract.id]
    now = terms_on(facts.terms, valid_from)
    begin = valid_from if restart else now.begin
    consumer = is_consumer(customer_facts([contract.customer_id])[contract.customer_id], valid_from)
    faults = terms_faults(terms, consumer=consumer, begin=begin)
    if faults:
        raise ContractRefusedError.of(faults)
    ContractTerms.objects.create(
        contract_id=contract.id, valid_from=valid_from, begin_on=None if begin == facts.life.paid_from else begin,
        recorded_at=by.at, reason=reason, correction=correction, **terms_columns(terms, valid_from),
    )  # fmt: skip
    changed = Changed("terms", "", valid_from, now._asdict(), asdict(terms))
    record_amendment(contract, [changed], Why(reason, correction), by=by)
    watch([contract.id])


agree_terms = transaction.atomic(durable=True)(enter_agreed_terms)
