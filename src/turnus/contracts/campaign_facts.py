"""Rows of price campaigns → core values. A fixed number of queries per chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import schemes_of
from turnus.contracts.campaign_models import (
    Announcement,
    CampaignFilter,
    CampaignLine,
    PriceClause,
    PriceDeclaration,
)
from turnus.contracts.campaign_models import (
    Campaign as CampaignRow,
)
from turnus.contracts.models import ContractMinimum, ItemTerms
from turnus.core.adjusting import Rule, RuleKind, refusal
from turnus.core.campaigns import (
    Announced,
    Answer,
    Answers,
    Campaign,
    Clause,
    Declaration,
    Field,
    Line,
    When,
)
from turnus.records.bulk import read
from turnus.records.fields import exact

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from decimal import Decimal

RULE = (
    "value", "series", "month", "lag", "reference", "as_of", "threshold", "cap", "floor", "year_cap", "contract_cap",
    "minimums",
)  # fmt: skip
TERMS = (
    "started_before", "ground", "notice_days", "answer_by", "cancel_by", "text_version", "reason",
)  # fmt: skip


class Loaded(NamedTuple):
    """A campaign with its id and state."""

    id: int
    seller: int
    state: str
    campaign: Campaign


def load_campaign(seller: int, code: str, *, lock: bool = False) -> Loaded:
    """A campaign by its code. Raises ``AdjustmentRefusedError("unknown_campaign")``."""
    rows = CampaignRow.objects.filter(seller_id=seller, code=code)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row is None:
        raise refusal("unknown_campaign", campaign=code)
    return _campaign(row)


def campaigns_of(seller: int) -> list[Loaded]:
    """Every campaign of a seller, the latest first."""
    return [_campaign(row) for row in CampaignRow.objects.filter(seller_id=seller).order_by("-id")]


def _campaign(row: CampaignRow) -> Loaded:
    rule = Rule(RuleKind(row.kind), **{name: getattr(row, name) for name in RULE})
    filters = CampaignFilter.objects.filter(campaign_id=row.id).order_by("field", "value").values_list("field", "value")
    found = Campaign(
        row.code, rule, When(row.when), row.day, tuple((Field(name), value) for name, value in filters),
        **{name: getattr(row, name) for name in TERMS},
    )  # fmt: skip
    return Loaded(row.id, row.seller_id, row.state, found)


# ---- what contracts say ----------------------------------------------------------------------------------------------

_CLAUSE = (
    "contract_id", "item_id", "ground", "mid_period", "fixed_until", "series", "reference", "threshold", "cap",
)  # fmt: skip


def clauses_of(contracts: Collection[int]) -> dict[int, list[Clause]]:
    """Contract → its clauses on price changes in force, one per item (0: the contract)."""
    found: dict[int, dict[int, Clause]] = {}
    for row in read(PriceClause, _CLAUSE, "contract_id", contracts, order="id"):
        contract, item, ground, mid, fixed, series, reference, threshold, cap = row
        clause = Clause(item, ground, bool(mid), fixed, series, reference, _maybe(threshold), _maybe(cap))
        found.setdefault(contract, {})[item] = clause
    return {contract: list(rows.values()) for contract, rows in found.items()}


def _maybe(value: object) -> Decimal | None:
    return None if value is None else exact(value)


def references_of(contracts: Collection[int], series: str) -> dict[int, date]:
    """Item → month of the series that the last campaign applied to it used."""
    used = CampaignLine.objects.filter(
        contract_id__in=contracts,
        month__isnull=False,
        campaign_id__in=CampaignRow.objects.filter(series=series).values("id"),
    )
    rows = used.values_list("campaign_id", "item_id", "month")
    months = {(campaign, item): month for campaign, item, month in rows if month is not None}
    applied = ItemTerms.objects.filter(contract_id__in=contracts, campaign_id__isnull=False).order_by("id")
    found: dict[int, date] = {}
    for campaign, item in applied.values_list("campaign_id", "item_id"):
        if campaign is not None and (campaign, item) in months:
            found[item] = months[campaign, item]
    return found


def minimum_references(contracts: Collection[int]) -> dict[int, date]:
    """Minimum fee → month of the index with which the campaign that wrote it reckoned."""
    written = ContractMinimum.objects.filter(contract_id__in=contracts, campaign_id__isnull=False, supersedes=None)
    rows = list(written.values_list("id", "campaign_id", "contract_id", "item_id"))
    lines = CampaignLine.objects.filter(
        campaign_id__in={row[1] for row in rows}, contract_id__in=contracts, minimum_id__gt=0, month__isnull=False
    )
    months = {
        (campaign, contract, item): month
        for campaign, contract, item, month in lines.values_list("campaign_id", "contract_id", "item_id", "month")
    }
    found = {number: months.get((campaign or 0, contract, item)) for number, campaign, contract, item in rows}
    return {number: month for number, month in found.items() if month is not None}


# ---- what was planned, announced and declared ------------------------------------------------------------------------

LINE = (
    "contract_id", "item_id", "verdict", "effective_on", "old_price", "new_price", "old_scheme_id", "new_scheme_id",
    "month", "reference", "old_amount", "new_amount", "usage", "fee_months", "fee_days",
    "minimum_id", "consent",
)  # fmt: skip


class Planned(NamedTuple):
    """The lines of one contract, and whether they need the customer's consent."""

    lines: list[Line]
    needs_consent: bool


def planned_lines(campaign: int, contracts: Collection[int]) -> dict[int, Planned]:
    """Contract → its lines in a campaign."""
    rows = list(
        CampaignLine.objects.filter(campaign_id=campaign, contract_id__in=contracts).order_by("id").values_list(*LINE)
    )
    schemes = schemes_of({scheme for row in rows for scheme in row[6:8] if scheme is not None})
    found: dict[int, Planned] = {}
    for contract, item, verdict, effective, old, new, old_scheme, new_scheme, *rest, consent in rows:
        line = Line(
            item, verdict, effective, old, new, schemes[old_scheme] if old_scheme else None,
            schemes[new_scheme] if new_scheme else None, *rest,
        )  # fmt: skip
        found.setdefault(contract, Planned([], consent)).lines.append(line)
    return found


Known = tuple[Announced | None, tuple[Declaration, ...]]


def answers_of(campaign: int, contracts: Collection[int]) -> dict[int, Known]:
    """Contract → what was announced to it, and what its customer declared."""
    told = Announcement.objects.filter(campaign_id=campaign, contract_id__in=contracts)
    announced = {row[0]: Announced(*row[1:]) for row in told.values_list("contract_id", "day", "text_version")}
    said = PriceDeclaration.objects.filter(campaign_id=campaign, contract_id__in=contracts).order_by("id")
    declared: dict[int, tuple[Declaration, ...]] = {}
    columns = ("contract_id", "id", "answer", "given_at", "day", "channel", "text_version")
    for contract, number, answer, *rest in said.values_list(*columns):
        declared[contract] = (*declared.get(contract, ()), Declaration(number, Answer(answer), *rest))
    known = announced.keys() | declared.keys()
    return {contract: (announced.get(contract), declared.get(contract, ())) for contract in known}


def answers(planned: Planned, known: Known | None) -> Answers:
    """One contract's part as the core judges it."""
    told, said = known or (None, ())
    return Answers(planned.needs_consent, told, said)
