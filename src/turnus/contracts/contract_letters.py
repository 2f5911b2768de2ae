"""The letters on notice and renewal of a contract, in its customer's language. What waits in the outbox names them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lifetime_models import ContractNotice
from turnus.contracts.models import Contract
from turnus.contracts.term_sheet import term_sheet
from turnus.contracts.touch import UnknownContractError
from turnus.core.contract_letters import NoticeGiven, Parties, RenewalAhead, notice_letter, renewal_letter
from turnus.core.notices import NoticeKind
from turnus.parties.facts import customer_facts, in_force, seller_facts

if TYPE_CHECKING:
    from datetime import date


def letter_on_notice(seller: int, number: str) -> str:
    """The letter on the last notice of a contract, or on its revocation.

    Raises ``ContractRefusedError("never_noticed")`` where no notice was given.
    """
    contract = _contract(seller, number)
    row = ContractNotice.objects.filter(contract_id=contract.id).order_by("id").last()
    if row is None:
        raise ContractRefusedError("never_noticed", contract=number)
    zone = ZoneInfo(seller_facts(seller, on=row.received_on).data.time_zone)
    given = NoticeGiven(
        NoticeKind(row.kind), row.by_seller, row.cause, row.received_on, row.recorded_at.astimezone(zone), row.end_on,
        row.wished_on, row.reason,
    )  # fmt: skip
    return notice_letter(_parties(contract, row.received_on), given)


def letter_on_renewal(seller: int, number: str, *, on: date) -> str:
    """The reminder of the next renewal. Raises ``ContractRefusedError("no_renewal")`` where notice can prevent none."""
    contract = _contract(seller, number)
    sheet = term_sheet(contract.id, on=on)
    if sheet.next_renewal is None or sheet.last_notice_day is None:
        raise ContractRefusedError("no_renewal", contract=number, day=str(on))
    ahead = RenewalAhead(sheet.term, sheet.next_renewal, sheet.last_notice_day, sheet.notice, sheet.cut_off)
    return renewal_letter(_parties(contract, on), ahead)


def _contract(seller: int, number: str) -> Contract:
    found = Contract.objects.filter(seller_id=seller, number=number).first()
    if found is None:
        raise UnknownContractError(number)
    return found


def _parties(contract: Contract, day: date) -> Parties:
    house = seller_facts(contract.seller_id, on=day).data
    data = in_force(customer_facts([contract.customer_id])[contract.customer_id], day).data
    return Parties(house.name, data.name, contract.number, (data.language or house.language)[:2])
