"""Customer groups (PI-13, PI-16): their conditions, who belongs to them; conditions of single customers."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.catalog.conditions import condition_columns, conditions_of, discount_columns, discount_of
from turnus.catalog.facts import PriceBook
from turnus.catalog.models import CustomerGroup, GroupMember, SpecialTerms
from turnus.catalog.offer import OfferRefusedError, Outcome
from turnus.core.offer_rules import special_faults
from turnus.core.offers import Special
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from turnus.core.actors import Stamp


class UnknownGroupError(LookupError):
    """The seller has no customer group of this code."""


def put_group(seller: int, code: str, name: str, special: Special, *, valid_from: date, by: Stamp) -> Outcome:
    """Enter a group, or give it other conditions from a day on; concluded contracts keep theirs.

    Inside the caller's transaction. Raises ``OfferRefusedError`` with all that is wrong.
    """
    _check(seller, special, valid_from)
    group, created = CustomerGroup.objects.get_or_create(seller_id=seller, code=code, defaults={"name": name})
    renamed = group.name != name
    if renamed:
        CustomerGroup.objects.filter(id=group.id).update(name=name)
    changed = _put_special({"group_id": group.id}, special, valid_from, by)
    if not (created or renamed or changed):
        return "unchanged"
    audit(by, "group.put", "customer_group", group.id, after={"name": name, "from": valid_from, **asdict(special)})
    return "created" if created else "changed"


def put_customer_terms(seller: int, customer: int, special: Special, *, valid_from: date, by: Stamp) -> Outcome:
    """Conditions of a single customer from a day on; the same otherwise."""
    _check(seller, special, valid_from)
    if not _put_special({"customer_id": customer}, special, valid_from, by):
        return "unchanged"
    audit(by, "customer.terms", "customer", customer, after={"from": valid_from, **asdict(special)})
    return "changed"


def _check(seller: int, special: Special, valid_from: date) -> None:
    faults = special_faults(special, PriceBook(seller).lists, valid_from)
    if faults:
        raise OfferRefusedError(faults)


def _put_special(owner: dict[str, int], special: Special, valid_from: date, by: Stamp) -> bool:
    """Append a row unless the same holds from this day on already."""
    known = SpecialTerms.objects.filter(**owner, valid_from__lte=valid_from).order_by("-valid_from", "-id").first()
    if (special_of(known) if known else Special()) == special:
        return False
    columns = condition_columns(special.conditions) | discount_columns(special.discount)
    SpecialTerms.objects.create(
        **owner, valid_from=valid_from, recorded_at=by.at, currency=special.currency, **columns
    )  # fmt: skip
    return True


def join_group(seller: int, customer: int, code: str, *, valid_from: date, by: Stamp) -> Outcome:
    """A customer belongs to a group from a day on, or (code empty) to none. Raises ``UnknownGroupError``."""
    group = CustomerGroup.objects.filter(seller_id=seller, code=code).first() if code else None
    if code and group is None:
        raise UnknownGroupError(code)
    before = groups_on([(customer, valid_from)]).get((customer, valid_from))
    if before == (group.id if group else None):
        return "unchanged"
    GroupMember.objects.create(customer_id=customer, group=group, valid_from=valid_from, recorded_at=by.at)
    audit(by, "group.join", "customer", customer, before={"group": before}, after={"group": code, "from": valid_from})
    return "changed"


# ---- reading ---------------------------------------------------------------------------------------------------------


def special_of(row: SpecialTerms) -> Special:
    """A row as conditions."""
    return Special(conditions_of(row), discount_of(row), row.currency)


def groups_on(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """(customer, day) → the group that the customer belongs to on the day; none is left out."""
    rows = GroupMember.objects.filter(customer_id__in=[customer for customer, _day in wanted])
    joined: dict[int, list[tuple[date, int | None]]] = {}
    for customer, since, group in rows.order_by("valid_from", "id").values_list(
        "customer_id", "valid_from", "group_id"
    ):
        joined.setdefault(customer, []).append((since, group))
    found = {}
    for customer, day in wanted:
        now = next((group for since, group in reversed(joined.get(customer, [])) if since <= day), None)
        if now is not None:
            found[customer, day] = now
    return found


class SpecialRow(NamedTuple):
    """Conditions that hold from a day on, with their id."""

    id: int
    special: Special


class SpecialBook:
    """Conditions of some customers and of all groups that they belong to, loaded once."""

    def __init__(self, wanted: Collection[tuple[int, date]]) -> None:
        self._groups = groups_on(wanted)
        self._rows: dict[tuple[str, int], list[SpecialTerms]] = {}
        for column, ids in (
            ("group_id", set(self._groups.values())), ("customer_id", {customer for customer, _day in wanted}),
        ):  # fmt: skip
            mine: dict[str, Any] = {f"{column}__in": ids}
            for row in SpecialTerms.objects.filter(**mine).order_by("valid_from", "id"):
                self._rows.setdefault((column, getattr(row, column)), []).append(row)

    def of_customer(self, customer: int, day: date) -> SpecialRow:
        """What the customer has of its own on a day."""
        return self._on(("customer_id", customer), day)

    def of_group(self, customer: int, day: date) -> SpecialRow:
        """What the customer's group has of its own on a day."""
        return self._on(("group_id", self._groups.get((customer, day), 0)), day)

    def _on(self, owner: tuple[str, int], day: date) -> SpecialRow:
        row = next((row for row in reversed(self._rows.get(owner, [])) if row.valid_from <= day), None)
        return SpecialRow(row.id, special_of(row)) if row else SpecialRow(0, Special())


def specials(ids: Collection[int]) -> dict[int, Special]:
    """Stored conditions by id."""
    return {row.id: special_of(row) for row in SpecialTerms.objects.filter(id__in=ids)}


def members_of(seller: int, *, on: date, group: str = "") -> dict[int, str]:
    """Customer → code of the group that it belongs to on a day; ``group`` empty: all groups of the seller."""
    codes = dict(CustomerGroup.objects.filter(seller_id=seller).values_list("id", "code"))
    if group and group not in codes.values():
        raise UnknownGroupError(group)
    joined = GroupMember.objects.filter(valid_from__lte=on).order_by("valid_from", "id")
    now = dict(joined.values_list("customer_id", "group_id"))
    found = {customer: codes[number] for customer, number in now.items() if number in codes}
    return {customer: code for customer, code in found.items() if group in ("", code)}


def group_codes(groups: Collection[int]) -> dict[int, str]:
    """Group → its code."""
    return dict(CustomerGroup.objects.filter(id__in=groups).values_list("id", "code"))


class GroupLine(NamedTuple):
    """A group as it stands on a day."""

    code: str
    name: str
    members: int
    special: Special


def group_lines(seller: int, *, on: date) -> list[GroupLine]:
    """All groups of a seller in order of their codes."""
    rows = {row.id: row for row in CustomerGroup.objects.filter(seller_id=seller).order_by("code")}
    members = Counter(members_of(seller, on=on).values())
    found = {}
    for row in SpecialTerms.objects.filter(group_id__in=rows, valid_from__lte=on).order_by("valid_from", "id"):
        found[row.group_id] = special_of(row)
    return [GroupLine(row.code, row.name, members[row.code], found.get(row.id, Special())) for row in rows.values()]
