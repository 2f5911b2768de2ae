"""Announce a campaign: one letter per contract into the outbox, with its version of the text and its deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from turnus.contracts.campaign_facts import Loaded
from turnus.contracts.campaign_models import Announcement, CampaignLine
from turnus.contracts.campaigns import PRICE_LETTER, open_campaign
from turnus.contracts.models import Contract
from turnus.core.adjusting import refusal
from turnus.parties.facts import customer_facts, in_force, seller_facts
from turnus.records.audit import audit, queue
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from turnus.core.actors import Stamp

PAGE: Final = 1_000
_COLUMNS: Final = (
    "campaign_id", "contract_id", "day", "text_version", "language", "effective_on", "answer_by", "cancel_by",
)  # fmt: skip


def contracts_with_changes(campaign: int) -> Iterator[list[int]]:
    """Contracts of which the campaign changes a price, page by page in order of their ids."""
    after = 0
    while True:
        rows = CampaignLine.objects.filter(campaign_id=campaign, verdict="", contract_id__gt=after)
        page = list(rows.order_by("contract_id").values_list("contract_id", flat=True).distinct()[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1]


def announce_campaign(seller: int, code: str, *, on: date, by: Stamp) -> Iterator[int]:
    """Queue a letter for every contract that has none yet; yields how many per chunk. Twice announces nothing twice.

    Raises ``AdjustmentRefusedError("announced_too_late")`` where less than the notice lies before the campaign's day.
    """
    found = open_campaign(seller, code)
    last = found.campaign.day - timedelta(days=found.campaign.notice_days)
    if on > last:
        raise refusal("announced_too_late", campaign=code, on=str(on), last=str(last))
    language = seller_facts(seller, on=on).data.language
    for page in contracts_with_changes(found.id):
        yield _announce(found, page, language, on=on, by=by)


@transaction.atomic(durable=True)
def _announce(found: Loaded, contracts: Collection[int], language: str, *, on: date, by: Stamp) -> int:
    open_campaign(found.seller, found.campaign.code, lock=True)
    rows = Announcement.objects.filter(campaign_id=found.id, contract_id__in=contracts)
    known = set(rows.values_list("contract_id", flat=True))
    new = [contract for contract in contracts if contract not in known]
    customers = dict(Contract.objects.filter(id__in=new).values_list("id", "customer_id"))
    speaks = {
        customer: in_force(versions, on).data.language or language
        for customer, versions in customer_facts(set(customers.values())).items()
    }
    lines = CampaignLine.objects.filter(campaign_id=found.id, contract_id__in=new, verdict="").order_by("-effective_on")
    effective = dict(lines.values_list("contract_id", "effective_on"))  # the earliest is the last
    campaign = found.campaign
    insert(Announcement, _COLUMNS, [
        (found.id, contract, on, campaign.text_version, speaks[customers[contract]], effective[contract],
         campaign.answer_by, campaign.cancel_by or effective[contract] - timedelta(days=1))
        for contract in new
    ])  # fmt: skip
    queue(PRICE_LETTER, [f"{found.id}:{contract}" for contract in new])
    if new:
        after = {"day": on, "letters": len(new), "first": new[0], "last": new[-1], "text": campaign.text_version}
        audit(by, "campaign.announce", "campaign", found.id, after=after, reason=campaign.reason)
    return len(new)
