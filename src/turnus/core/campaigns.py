"""Price campaigns as values: a rule for many contracts, when it takes effect, and what customers declare to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from turnus.core.adjusting import faults_of
from turnus.core.faults import Fault, fault
from turnus.core.parties import CustomerKind
from turnus.core.schemes import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from turnus.core.adjusting import Rule
    from turnus.core.schemes import Scheme


class When(StrEnum):
    """Which day a contract's new price holds from."""

    DAY = "day"
    """On the day itself, also inside a period that is not billed yet."""
    NEXT_PERIOD = "next_period"
    """At the first fee period that begins on the day or later."""
    ANNIVERSARY = "anniversary"
    """On the first anniversary of the contract on the day or later."""


class Field(StrEnum):
    """What a filter looks at; several values of one field are alternatives, several fields hold together."""

    PRODUCT = "product"
    KIND = "kind"
    CUSTOMER = "customer"
    CONTRACT = "contract"
    COUNTRY = "country"
    BUYER = "buyer"
    """``company`` or ``person``."""
    CURRENCY = "currency"
    PRICE_LIST = "price_list"
    PLAN = "plan"
    """A plan (``PRO``) or one of its variants (``PRO/yearly``), in any version."""
    GROUP = "group"
    """Group of the customer."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as a person plans it."""

    code: str
    rule: Rule
    when: When
    day: date
    filters: tuple[tuple[Field, str], ...] = ()
    started_before: date | None = None
    """Only contracts whose first day lies before it."""
    ground: str = ""
    """The clause on which business customers' prices change without consent; empty: as each contract says."""
    notice_days: int = 42
    """Days that must lie between the announcement and the campaign's day."""
    answer_by: date | None = None
    """Last day on which a consent counts (§ 148 BGB); None: as long as the campaign stands."""
    cancel_by: date | None = None
    """Last day of the special right to cancel; None: the day before the new price."""
    text_version: str = "standard-1"
    """Version of the letter (``core/letters.py``, or the campaign's own)."""
    reason: str = ""

    def values(self, of: Field) -> set[str]:
        """The values that a filter admits; empty: all."""
        return {value for name, value in self.filters if name is of}


def campaign_faults(campaign: Campaign) -> list[Fault]:
    """Everything that is wrong with a campaign, its rule included."""
    found = faults_of(campaign.rule)
    if not campaign.code:
        found.append(fault("campaign_no_code"))
    if campaign.notice_days < 0:
        found.append(fault("rule_low", field="notice_days", value=campaign.notice_days, least=0))
    for name in ("answer_by", "cancel_by"):
        last = getattr(campaign, name)
        if last is not None and last < campaign.day - timedelta(days=campaign.notice_days):
            found.append(fault("campaign_too_soon", field=name, day=last))
    known = {kind.value for kind in CustomerKind}
    found += [fault("campaign_buyer", value=value) for value in sorted(campaign.values(Field.BUYER) - known)]
    return found


# ---- what a contract itself says -------------------------------------------------------------------------------------


class Clause(NamedTuple):
    """What a contract says about changes of its prices; ``item`` 0: of every item."""

    item: int = 0
    ground: str = ""
    """The clause by which a business customer's price may change without consent; empty: none."""
    mid_period: bool = False
    """The price may change inside a period that is billed already: the run then bills the difference."""
    fixed_until: date | None = None
    """No change takes effect before this day (Preisgarantie)."""
    series: str = ""
    reference: date | None = None
    """Index: first day of the month compared with, until a campaign has moved it."""
    threshold: Decimal | None = None
    cap: Decimal | None = None


NO_CLAUSE = Clause()


def needs_consent(lines: Sequence[Line], *, consumer: bool, grounds: Mapping[int, bool]) -> bool:
    """Whether a price rises that may not rise without consent: a consumer's, or one without a ground (item → ground).

    § 307 BGB: a clause is no ground against a consumer; what only falls needs nobody's consent.
    """
    return any(line.rises and (consumer or not grounds.get(line.item)) for line in lines)


# ---- what a campaign plans and customers declare ---------------------------------------------------------------------


class Line(NamedTuple):
    """What a campaign means for one item: the new price from a day on, or why it is left out."""

    item: int
    verdict: str
    """Empty: adjusted; else the code of the reason."""
    effective: date
    old_price: Decimal
    new_price: Decimal
    old_scheme: Scheme | None = None
    new_scheme: Scheme | None = None
    month: date | None = None
    """Index: the month used, which is the next reference."""
    reference: date | None = None
    old_amount: int = 0
    """Minor units per fee period, discounts of the item taken off; usage as in the last twelve months."""
    new_amount: int = 0
    usage: bool = False
    """The amounts are an estimate from usage."""
    months: int = 0
    days: int = 0
    """The fee period."""
    minimum: int = 0
    """Of a minimum fee: its id, and the prices are its amounts in major units; ``item`` 0: of the whole contract."""

    @property
    def rises(self) -> bool:
        """Some price goes up, so a consumer must agree."""
        if self.verdict:
            return False
        return self.new_price > self.old_price or _dearer(self.old_scheme, self.new_scheme)


def _dearer(old: Scheme | None, new: Scheme | None) -> bool:
    """Any price inside a scheme goes up; a scheme of another shape counts as dearer."""
    if old is None or new is None:
        return old is not new
    alike = new._replace(tiers=old.tiers, least=old.least, most=old.most, id=old.id) == old
    if not alike or len(old.tiers) != len(new.tiers):
        return True
    before, after = _prices(old), _prices(new)
    return any(other > one for one, other in zip(before, after, strict=True))


def _prices(scheme: Scheme) -> list[Decimal]:
    """Every price inside a scheme; a missing bound counts as nothing."""
    bounds = [scheme.least or ZERO, scheme.most or ZERO]
    return bounds + [price for tier in scheme.tiers for price in (tier.unit_price, tier.flat)]


def same_scheme(one: Scheme | None, other: Scheme | None) -> bool:
    """The same prices, whichever version they are stored as."""
    if one is None or other is None:
        return one is other
    return one._replace(id=0) == other._replace(id=0)


class Answer(StrEnum):
    """What a customer declares to an announcement."""

    CONSENT = "consent"
    REFUSAL = "refusal"
    TERMINATION = "termination"
    """The special right to cancel, to the day of the new price."""


class Declaration(NamedTuple):
    """A customer's declaration with its evidence."""

    id: int
    answer: Answer
    given_at: datetime
    day: date
    """Local day of ``given_at``."""
    channel: str
    text_version: str


class Announced(NamedTuple):
    """What was announced to one contract."""

    day: date
    text_version: str


class Stand(StrEnum):
    """Where a contract stands in a campaign."""

    PLANNED = "planned"
    """To be announced."""
    SILENT = "silent"
    """Announced; without an answer the old price continues (L-35)."""
    REFUSED = "refused"
    LATE = "late"
    """Consented after the last day on which a consent counts."""
    TERMINATED = "terminated"
    READY = "ready"
    """May be applied."""
    APPLIED = "applied"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"


class Standing(NamedTuple):
    """Where a contract stands, and the declaration on which that rests."""

    stand: Stand
    declaration: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """All that is known of one contract's part in a campaign."""

    needs_consent: bool
    announced: Announced | None = None
    declarations: tuple[Declaration, ...] = field(default=())


def standing(answers: Answers, *, answer_by: date | None) -> Standing:
    """Who must consent has consented to the text that was announced, and in time; silence is a no.

    The last declaration counts; a termination is final. Who need not consent is ready once told.
    """
    ordered = sorted(answers.declarations, key=lambda row: (row.given_at, row.id))
    final = next((row for row in ordered if row.answer is Answer.TERMINATION), None)
    if final is not None:
        return Standing(Stand.TERMINATED, final)
    if answers.announced is None:
        return Standing(Stand.PLANNED)
    last = ordered[-1] if ordered else None
    if not answers.needs_consent:
        return Standing(Stand.READY, last)
    if last is None:
        return Standing(Stand.SILENT)
    if last.answer is Answer.REFUSAL:
        return Standing(Stand.REFUSED, last)
    if last.text_version != answers.announced.text_version:
        return Standing(Stand.SILENT, last)
    if answer_by is not None and last.day > answer_by:
        return Standing(Stand.LATE, last)
    return Standing(Stand.READY, last)
