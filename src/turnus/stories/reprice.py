"""Price campaigns across apps: contracts decide and write, invoices bring how far everything is billed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.contracts.apply_prices import Applied, apply_campaign
from turnus.contracts.campaigns import plan_campaign, preview_campaign
from turnus.invoices.billed import billed_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from turnus.contracts.campaign_scope import Chunk
    from turnus.core.actors import Stamp
    from turnus.core.campaigns import Campaign
    from turnus.core.letters import Text


def preview_prices(seller: int, campaign: Campaign, *, on: date) -> Iterator[Chunk]:
    """What a campaign would plan; nothing is saved."""
    return preview_campaign(seller, campaign, on=on, billed=billed_until)


def plan_prices(seller: int, campaign: Campaign, *, texts: Sequence[Text] = (), on: date, by: Stamp) -> Iterator[Chunk]:
    """Plan a campaign and keep it."""
    return plan_campaign(seller, campaign, texts=texts, on=on, billed=billed_until, by=by)


def apply_prices(seller: int, code: str, *, dry_run: bool = False, by: Stamp) -> Iterator[Applied]:
    """Write the new prices of everybody who may get them by now."""
    return apply_campaign(seller, code, billed=billed_until, dry_run=dry_run, by=by)
