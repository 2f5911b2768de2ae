"""What customers declare to a campaign: consent, refusal, special termination; each with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.amend import enter_end
from turnus.contracts.campaign_models import Announcement, CampaignLine, PriceDeclaration
from turnus.contracts.campaigns import open_campaign
from turnus.contracts.models import ItemTerms
from turnus.contracts.touch import locked
from turnus.core.adjusting import AdjustmentRefusedError, refusal
from turnus.core.campaigns import Answer
from turnus.core.faults import Fault, fault
from turnus.records.audit import audit

if TYPE_CHECKING:
    from datetime import date, datetime

    from turnus.contracts.models import Contract
    from turnus.core.actors import Stamp


class NewDeclaration(NamedTuple):
    """What a customer declared, when (an instant and its local day), by which channel, and to which text."""

    campaign: str
    contract: str
    answer: Answer
    given_at: datetime
    day: date
    channel: str
    text_version: str = ""
    """Empty: the one that was announced."""
    reference: str = ""


@transaction.atomic(durable=True)
def declare(seller: int, new: NewDeclaration, *, by: Stamp) -> bool:
    """Record a declaration. Returns False where it is known already. Raises ``AdjustmentRefusedError``."""
    return enter_declaration(seller, new, by=by)


def enter_declaration(seller: int, new: NewDeclaration, *, by: Stamp) -> bool:
    """``declare`` inside the caller's transaction. A termination ends the contract before the new price."""
    found = open_campaign(seller, new.campaign)
    contract = locked(seller, new.contract)
    told = Announcement.objects.filter(campaign_id=found.id, contract_id=contract.id).first()
    if told is None:
        lines = CampaignLine.objects.filter(campaign_id=found.id, contract_id=contract.id, verdict="")
        code = "not_announced" if lines.exists() else "not_in_campaign"
        raise refusal(code, campaign=new.campaign, contract=new.contract)
    key = {"campaign_id": found.id, "contract_id": contract.id, "answer": new.answer, "given_at": new.given_at}
    if PriceDeclaration.objects.filter(**key).exists():
        return False
    faults = _faults(new, told, found.id, contract, by=by)
    if faults:
        raise AdjustmentRefusedError(faults)
    row = PriceDeclaration.objects.create(
        **key, day=new.day, channel=new.channel, text_version=new.text_version or told.text_version,
        reference=new.reference, recorded_at=by.at,
    )  # fmt: skip
    after = {**new._asdict(), "text_version": row.text_version}
    audit(by, f"price.{new.answer}", "contract", contract.id, after=after, reason=new.reference)
    if new.answer is Answer.TERMINATION:
        enter_end(seller, new.contract, end=told.effective_on, reason=f"{new.campaign}: {new.answer}", by=by)
    return True


def _faults(new: NewDeclaration, told: Announcement, campaign: int, contract: Contract, *, by: Stamp) -> list[Fault]:
    """Everything that keeps a declaration from being recorded."""
    found = []
    if not new.channel:
        found.append(fault("declared_no_channel", contract=new.contract))
    if new.day < told.day:
        found.append(fault("declared_too_soon", contract=new.contract, day=new.day, announced=told.day))
    if new.given_at > by.at:
        found.append(fault("declared_in_future", contract=new.contract, day=new.day))
    if new.text_version not in ("", told.text_version):
        found.append(
            fault("declared_other_text", contract=new.contract, text=new.text_version, announced=told.text_version)
        )
    if new.answer is Answer.TERMINATION and new.day > told.cancel_by:
        found.append(fault("special_right_over", contract=new.contract, last=told.cancel_by))
    applied = ItemTerms.objects.filter(campaign_id=campaign, contract_id=contract.id).exists()
    if new.answer is Answer.REFUSAL and applied:
        found.append(fault("declared_after_all", contract=new.contract))
    return found
