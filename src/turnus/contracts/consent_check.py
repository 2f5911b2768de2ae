"""L-35 as an invariant: no consumer pays a campaign's higher price without having consented to it.

The check goes its own way: it looks at the terms as they are written, at the customer as a person of that day, and at
the declaration that the terms name; never at what the campaign decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.contracts.campaign_models import CampaignLine, PriceDeclaration
from turnus.contracts.models import Contract, ContractMinimum, ItemTerms
from turnus.core.campaigns import Answer
from turnus.core.parties import CustomerKind
from turnus.parties.facts import customer_facts, ever_consumers, in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

PAGE: Final = 1_000


class Written(NamedTuple):
    """Terms that a campaign wrote, or is about to write, for an item."""

    contract: int
    item: int
    valid_from: date
    campaign: int
    declaration: int | None
    minimum: int = 0
    """Of a minimum fee: which one it replaces."""


def unconsented(contracts: Collection[int]) -> set[int]:
    """Those of the contracts that have such terms. Two queries where no campaign ever touched them."""
    rows = ItemTerms.objects.filter(contract_id__in=contracts, campaign_id__isnull=False)
    columns = ("contract_id", "item_id", "valid_from", "campaign_id", "declaration_id")
    written = [Written(*row) for row in rows.values_list(*columns)]
    fees = ContractMinimum.objects.filter(contract_id__in=contracts, campaign_id__isnull=False)
    since = {(row.campaign_id, row.item_id): row.start_on for row in fees.filter(supersedes=None)}
    written += [
        Written(row.contract_id, row.item_id, since.get((row.campaign_id, row.item_id), row.start_on),
                row.campaign_id or 0, row.declaration_id, row.supersedes or 0)
        for row in fees.filter(supersedes__isnull=False)
    ]  # fmt: skip
    return {row.contract for row in without_consent(written)} if written else set()


def without_consent(written: Sequence[Written]) -> list[Written]:
    """The terms that raise a consumer's price without a consent of that contract to that campaign."""
    named = {row.declaration for row in written if row.declaration is not None}
    given = PriceDeclaration.objects.filter(id__in=named, answer=Answer.CONSENT)
    consents = {number: (campaign, contract) for number, campaign, contract in
                given.values_list("id", "campaign_id", "contract_id")}  # fmt: skip
    left = [row for row in written if consents.get(row.declaration or 0) != (row.campaign, row.contract)]
    if not left:
        return []
    customers = dict(Contract.objects.filter(id__in={row.contract for row in left}).values_list("id", "customer_id"))
    versions = customer_facts(ever_consumers(set(customers.values())))
    consumers = [
        row
        for row in left
        if (known := versions.get(customers[row.contract]))
        and in_force(known, row.valid_from).data.kind is CustomerKind.PERSON
    ]
    if not consumers:
        return []
    falls = CampaignLine.objects.filter(
        campaign_id__in={row.campaign for row in consumers}, item_id__in={row.item for row in consumers}, rises=False
    )
    lower = set(falls.values_list("campaign_id", "contract_id", "item_id", "minimum_id"))
    return [row for row in consumers if (row.campaign, row.contract, row.item, row.minimum) not in lower]


def silent_consumers() -> list[str]:
    """Numbers of all contracts that break the rule; for the doctor."""
    found: set[int] = set()
    after = 0
    while True:
        tables = (ItemTerms, ContractMinimum)
        rows = [table.objects.filter(campaign_id__isnull=False, contract_id__gt=after) for table in tables]
        ids = [row.order_by("contract_id").values_list("contract_id", flat=True).distinct()[:PAGE] for row in rows]
        page = sorted({contract for some in ids for contract in some})[:PAGE]
        if not page:
            break
        found |= unconsented(page)
        after = page[-1]
    return sorted(Contract.objects.filter(id__in=found).values_list("number", flat=True))
