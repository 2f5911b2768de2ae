"""Plan price campaigns in chunks, and withdraw them. What is planned is kept line by line, also what is left out.

The campaign's row is written first (``planning``) and set to ``planned`` at the end, so a plan that broke off goes on
where it stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction

from turnus.catalog.offer import agree_scheme
from turnus.contracts.campaign_facts import RULE, TERMS, Loaded, load_campaign
from turnus.contracts.campaign_models import Announcement, CampaignFilter, CampaignLine, CampaignText
from turnus.contracts.campaign_models import Campaign as CampaignRow
from turnus.contracts.campaign_scope import Billed, Chunk, Reader
from turnus.contracts.models import ContractMinimum, ItemTerms
from turnus.core.adjusting import AdjustmentRefusedError, refusal
from turnus.core.campaigns import Campaign, campaign_faults
from turnus.core.faults import Fault, fault
from turnus.core.letters import Text, text_faults
from turnus.core.money import canonical
from turnus.records.audit import audit, unqueue
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.schemes import Scheme

PRICE_LETTER: Final = "contracts.price_letter"
"""Topic of the outbox: the key is campaign and contract."""

_LINE: Final = (
    "campaign_id", "contract_id", "item_id", "verdict", "effective_on", "old_price", "new_price", "old_scheme_id",
    "new_scheme_id", "month", "reference", "old_amount", "new_amount", "usage", "fee_months", "fee_days", "rises",
    "consent", "minimum_id",
)  # fmt: skip


def preview_campaign(seller: int, campaign: Campaign, *, on: date, billed: Billed) -> Iterator[Chunk]:
    """What a campaign would plan, chunk by chunk; nothing is saved. ``billed`` brings how far items are billed.

    Raises ``AdjustmentRefusedError`` with everything that is wrong, and ``IndexMissingError``.
    """
    reader = Reader(seller, campaign, on=on, billed=billed)
    _refuse(campaign_faults(campaign) + reader.faults)
    yield from reader.chunks(after=0)


def plan_campaign(
    seller: int, campaign: Campaign, *, texts: Sequence[Text] = (), on: date, billed: Billed, by: Stamp
) -> Iterator[Chunk]:
    """Plan a campaign and keep its lines; yields what was planned. Called again after a crash, it goes on.

    Raises ``AdjustmentRefusedError`` with everything that is wrong (also an index month without a value, before
    anything is saved), and ``campaign_exists`` for a code that is planned already.
    """
    reader = Reader(seller, campaign, on=on, billed=billed)
    _refuse(campaign_faults(campaign) + reader.faults + text_faults(campaign.text_version, texts))
    number = _open(seller, campaign, texts, by=by)
    for chunk in reader.chunks(after=_reached(number)):
        _save_lines(number, chunk, seller, by=by)
        yield chunk
    _finish(number, by=by)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise AdjustmentRefusedError(faults)


@transaction.atomic(durable=True)
def _open(seller: int, campaign: Campaign, texts: Sequence[Text], *, by: Stamp) -> int:
    known = CampaignRow.objects.filter(seller_id=seller, code=campaign.code).first()
    if known is not None:
        if known.state == CampaignRow.State.PLANNING and load_campaign(seller, campaign.code).campaign == campaign:
            return known.id
        raise refusal("campaign_exists", campaign=campaign.code)
    rule = campaign.rule
    row = CampaignRow.objects.create(
        seller_id=seller, code=campaign.code, state=CampaignRow.State.PLANNING, recorded_at=by.at, kind=rule.kind,
        when=campaign.when, day=campaign.day, **{name: getattr(rule, name) for name in RULE},
        **{name: getattr(campaign, name) for name in TERMS},
    )  # fmt: skip
    filters = sorted(set(campaign.filters))
    CampaignFilter.objects.bulk_create(CampaignFilter(campaign_id=row.id, field=f, value=v) for f, v in filters)
    CampaignText.objects.bulk_create(CampaignText(campaign_id=row.id, **text._asdict()) for text in texts)
    after: dict[str, Any] = {name: getattr(campaign, name) for name in ("code", "when", "day", "filters", *TERMS)}
    rules = {name: getattr(rule, name) for name in ("kind", *RULE)}
    audit(by, "campaign.plan", "campaign", row.id, after=after | {"rule": rules}, reason=campaign.reason)
    return row.id


def _reached(campaign: int) -> int:
    """The last contract that has lines; its chunk was saved whole."""
    last = CampaignLine.objects.filter(campaign_id=campaign).order_by("-contract_id")
    return last.values_list("contract_id", flat=True).first() or 0


@transaction.atomic(durable=True)
def _save_lines(campaign: int, chunk: Chunk, seller: int, *, by: Stamp) -> None:
    stored: dict[Scheme, int] = {}

    def scheme_id(scheme: Scheme | None) -> int | None:
        if scheme is None or scheme.id:
            return scheme and scheme.id
        if scheme not in stored:
            stored[scheme] = agree_scheme(seller, scheme, by=by)
        return stored[scheme]

    insert(CampaignLine, _LINE, [
        (campaign, planned.contract, line.item, str(line.verdict), line.effective, canonical(line.old_price),
         canonical(line.new_price), scheme_id(line.old_scheme), scheme_id(line.new_scheme), line.month, line.reference,
         line.old_amount, line.new_amount, line.usage, line.months, line.days, line.rises, planned.needs_consent,
         line.minimum)
        for planned in chunk.contracts
        for line in planned.lines
    ])  # fmt: skip


@transaction.atomic(durable=True)
def _finish(campaign: int, *, by: Stamp) -> None:
    CampaignRow.objects.filter(id=campaign).update(state=CampaignRow.State.PLANNED)
    lines = CampaignLine.objects.filter(campaign_id=campaign)
    counts = {"lines": lines.filter(verdict="").count(), "left_out": lines.exclude(verdict="").count()}
    audit(by, "campaign.planned", "campaign", campaign, after=counts)


class Withdrawn(NamedTuple):
    """What a withdrawal did: letters taken back from the outbox, and those that have left already."""

    kept_back: int
    sent: int


@transaction.atomic(durable=True)
def withdraw_campaign(seller: int, code: str, *, reason: str, by: Stamp) -> Withdrawn | None:
    """Take a campaign back before any of it is applied; letters that have not left are taken from the outbox.

    Returns None where it was withdrawn already. Raises ``AdjustmentRefusedError("campaign_applied")``.
    """
    found = load_campaign(seller, code, lock=True)
    if found.state == CampaignRow.State.WITHDRAWN:
        return None
    if applied_contracts(found.id):
        raise refusal("campaign_applied", campaign=code)
    CampaignRow.objects.filter(id=found.id).update(state=CampaignRow.State.WITHDRAWN)
    told = Announcement.objects.filter(campaign_id=found.id).values_list("contract_id", flat=True)
    kept = unqueue(PRICE_LETTER, [f"{found.id}:{contract}" for contract in told])
    audit(by, "campaign.withdraw", "campaign", found.id, before={"state": found.state},
          after={"letters_kept_back": kept}, reason=reason)  # fmt: skip
    return Withdrawn(kept, len(told) - kept)


def applied_contracts(campaign: int, contracts: Collection[int] | None = None) -> set[int]:
    """Contracts, of these or of all, in which a campaign has written a price or a minimum fee."""
    found: set[int] = set()
    for table in (ItemTerms, ContractMinimum):
        rows = table.objects.filter(campaign_id=campaign)
        rows = rows if contracts is None else rows.filter(contract_id__in=contracts)
        found |= set(rows.values_list("contract_id", flat=True))
    return found


def open_campaign(seller: int, code: str, *, lock: bool = False) -> Loaded:
    """A campaign that is planned and not withdrawn. Raises ``AdjustmentRefusedError``."""
    found = load_campaign(seller, code, lock=lock)
    if found.state != CampaignRow.State.PLANNED:
        raise AdjustmentRefusedError([fault(f"campaign_{found.state}", campaign=code)])
    return found
