"""Price campaigns for reading: lists, effect, where each contract stands, letters."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.catalog.facts import product_facts
from turnus.contracts.campaign_facts import Loaded, answers, answers_of, campaigns_of, load_campaign, planned_lines
from turnus.contracts.campaign_models import Announcement, CampaignLine, CampaignText
from turnus.contracts.campaign_scope import SETTINGS
from turnus.contracts.campaigns import applied_contracts
from turnus.contracts.facts import contract_facts
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import Contract
from turnus.core.adjusting import refusal
from turnus.core.campaign_effect import Sum, Tally
from turnus.core.campaigns import Stand, standing
from turnus.core.letters import MINIMUM_FEE, STANDARD, Letter, PriceLine, Text, chosen, written
from turnus.core.schemes import Scheme
from turnus.parties.facts import customer_facts, in_force, seller_facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from turnus.core.campaigns import Campaign, Declaration, Line

PAGE: Final = 1_000
_DAY: Final = timedelta(days=1)


class CampaignEntry(NamedTuple):
    """What a list shows of a campaign."""

    code: str
    state: str
    kind: str
    day: date
    contracts: int
    """With a new price."""
    announced: int
    applied: int


class ContractStand(NamedTuple):
    """Where one contract stands in a campaign."""

    contract: str
    customer: int
    currency: str
    stand: Stand
    needs_consent: bool
    declaration: Declaration | None
    lines: list[Line]


class CampaignDetail(NamedTuple):
    """A campaign with its effect and how its contracts stand."""

    campaign: Campaign
    state: str
    sum: Sum
    stands: dict[str, int]


def campaign_entries(seller: int) -> list[CampaignEntry]:
    """Every campaign of a seller, the latest first."""
    return [_entry(found) for found in campaigns_of(seller)]


def _entry(found: Loaded) -> CampaignEntry:
    changed = CampaignLine.objects.filter(campaign_id=found.id, verdict="")
    return CampaignEntry(
        found.campaign.code, found.state, found.campaign.rule.kind, found.campaign.day,
        changed.values("contract_id").distinct().count(), Announcement.objects.filter(campaign_id=found.id).count(),
        len(applied_contracts(found.id)),
    )  # fmt: skip


def campaign_detail(seller: int, code: str) -> CampaignDetail:
    """A campaign with its effect. Raises ``AdjustmentRefusedError("unknown_campaign")``."""
    found = load_campaign(seller, code)
    tally, stands = Tally(), Counter[str]()
    for row in _stands(found):
        tally.add(row.currency, row.lines, needs_consent=row.needs_consent)
        stands[row.stand] += 1
    return CampaignDetail(found.campaign, found.state, tally.sum, dict(stands))


def contract_stands(seller: int, code: str, *, stand: str = "", limit: int = 50) -> tuple[list[ContractStand], int]:
    """Contracts of a campaign in order of their ids, and how many there are; ``stand`` narrows them."""
    found: list[ContractStand] = []
    count = 0
    for row in _stands(load_campaign(seller, code)):
        if stand in ("", row.stand):
            count += 1
            if len(found) < limit:
                found.append(row)
    return found, count


def _stands(found: Loaded) -> Iterator[ContractStand]:
    after = 0
    while True:
        rows = CampaignLine.objects.filter(campaign_id=found.id, contract_id__gt=after).order_by("contract_id")
        page = list(rows.values_list("contract_id", flat=True).distinct()[:PAGE])
        if not page:
            return
        yield from _page(found, page)
        after = page[-1]


def _page(found: Loaded, contracts: Collection[int]) -> Iterator[ContractStand]:
    columns = ("id", "number", "customer_id", "currency")
    rows = {row[0]: row[1:] for row in Contract.objects.filter(id__in=contracts).values_list(*columns)}
    planned, known = planned_lines(found.id, contracts), answers_of(found.id, contracts)
    applied = applied_contracts(found.id, contracts)
    for contract in contracts:
        plan = planned[contract]
        judged = standing(answers(plan, known.get(contract)), answer_by=found.campaign.answer_by)
        stand = judged.stand
        if all(line.verdict for line in plan.lines):
            stand = Stand.LEFT_OUT
        elif contract in applied:
            stand = Stand.APPLIED
        elif found.state == Stand.WITHDRAWN:
            stand = Stand.WITHDRAWN
        number, customer, currency = rows[contract]
        yield ContractStand(number, customer, currency, stand, plan.needs_consent, judged.declaration, plan.lines)


def price_letter(seller: int, code: str, number: str) -> str:
    """The letter to one contract, as it was or would be announced; plain text in the customer's language.

    Raises ``AdjustmentRefusedError`` for a contract whose prices the campaign does not change.
    """
    found = load_campaign(seller, code)
    contract = contract_id(seller, number)
    plan = planned_lines(found.id, [contract]).get(contract)
    lines = [line for line in plan.lines if not line.verdict] if plan else []
    if plan is None or not lines:
        raise refusal("not_in_campaign", campaign=code, contract=number)
    row = Contract.objects.get(id=contract)
    told = Announcement.objects.filter(campaign_id=found.id, contract_id=contract).first()
    campaign = found.campaign
    first = min(line.effective for line in lines)
    data = in_force(customer_facts([row.customer_id])[row.customer_id], told.day if told else first).data
    house = seller_facts(seller, on=told.day if told else first).data
    text = _text(found, plan.needs_consent, told.language if told else data.language or house.language)
    names = _names(seller, contract, lines, text.language)
    prices = [
        PriceLine(names[line.item, line.minimum], line.old_price, line.new_price, _schemes(line),
                  line.effective if line.effective != first else None)
        for line in lines
    ]  # fmt: skip
    cancel_by = told.cancel_by if told else campaign.cancel_by or first - _DAY
    ground = campaign.ground if not plan.needs_consent else ""
    return written(text, Letter(house.name, data.name, number, row.currency, prices, first, campaign.answer_by,
                                cancel_by, ground, campaign.reason))  # fmt: skip


def _schemes(line: Line) -> tuple[Scheme, Scheme] | None:
    """Old and new prices by tiers; a scheme that comes new or goes counts as one without tiers."""
    if line.old_scheme is None and line.new_scheme is None:
        return None
    return line.old_scheme or Scheme(), line.new_scheme or Scheme()


def _text(found: Loaded, needs_consent: bool, language: str) -> Text:  # noqa: FBT001
    version = found.campaign.text_version
    own = CampaignText.objects.filter(campaign_id=found.id, version=version)
    texts = [Text(*row) for row in own.values_list("version", "audience", "language", "body")]
    return chosen(texts or STANDARD[version], "consent" if needs_consent else "clause", language)


def _names(seller: int, contract: int, lines: Collection[Line], language: str) -> dict[tuple[int, int], str]:
    """Item and minimum fee → what the letter calls it: its label, or its product on the day of the new price."""
    products = product_facts(seller)
    [loaded] = contract_facts([contract], SETTINGS)
    found = {}
    fees = {row.id: row.label for row in loaded.facts.minimums}
    for line in lines:
        if line.minimum:
            found[line.item, line.minimum] = fees.get(line.minimum) or MINIMUM_FEE["de" if language == "de" else "en"]
            continue
        item = next(row for row in loaded.facts.items if row.id == line.item)
        terms = next((row for row in reversed(item.terms) if row.since <= line.effective), item.terms[0])
        facts = products[terms.product]
        found[line.item, 0] = terms.label or (facts.name if language == "de" else facts.name_en or facts.name)
    return found
