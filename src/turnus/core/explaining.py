"""Why a line is what it is: pieces in words and numbers whose amounts add up to the line, in minor units.

Every piece is a difference to the piece before, so the sum cannot miss the line. What is explained is what the line
stored when it was released: price, steps of its scheme, discount, share of the days; never what holds today.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.charges import is_fee, is_minimum, is_of_set, is_spread, value_on
from turnus.core.formatting import format_amount, format_number, format_period, format_price, format_share
from turnus.core.messages import message
from turnus.core.money import EXACT, half_up, line_amount
from turnus.core.payers import fraction
from turnus.core.periods import Basis, prorate
from turnus.core.rating import Kind, minor, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from turnus.core.charges import Charge, Identity
    from turnus.core.rating import Step


class Piece(NamedTuple):
    """A step of the explanation: code of its text (``core/words/explaining``), its blanks, and what it adds."""

    code: str
    params: dict[str, str]
    amount: int
    """Minor units; 0 where it only tells something."""


class Told(NamedTuple):
    """How numbers are written."""

    currency: str
    digits: int
    language: str

    def money(self, amount: int) -> str:
        """Minor units as an amount."""
        return format_amount(amount, self.currency, self.language)

    def price(self, price: Decimal) -> str:
        """Major units with all decimals."""
        return format_price(price, self.currency, self.language)

    def number(self, value: Decimal | int) -> str:
        """A quantity."""
        return format_number(value, self.language)


def explain(charge: Charge, sign: int, net: int, value: int, told: Told) -> list[Piece]:
    """Pieces of one entry: ``value`` is its amount with sign, ``net`` what of it is net."""
    identity = charge.identity
    pieces = list(_whole(charge, told))
    reached = sum(piece.amount for piece in pieces)
    if reached != identity.amount:
        pieces.append(_share(identity, identity.amount - reached, told))
    pieces += _days(charge, told)
    reached = sum(piece.amount for piece in pieces)
    if identity.share:
        own = value_on(identity, charge.days)
        blanks = {"share": format_share(*fraction(identity.share), told.language), "amount": told.money(own)}
        pieces.append(Piece("explain_payer", blanks, own - reached))
        reached = own
    if sign < 0:
        pieces = [Piece("explain_reversal", {"amount": told.money(reached)}, 0), *map(_negated, pieces)]
        reached = -reached
    if value != reached:
        pieces.append(Piece("explain_rest", {}, value - reached))
    if identity.gross and net != value:
        pieces.append(Piece("explain_net", {"gross": told.money(value), "rate": told.number(
            Decimal(identity.rate).scaleb(-2))}, net - value))  # fmt: skip
    return pieces


def _negated(piece: Piece) -> Piece:
    return piece._replace(amount=-piece.amount)


def step_texts(steps: str | Iterable[Step], told: Told) -> list[str]:
    """The steps of a scheme as short lines of text, for paper: ``100 × 0,10 € = 10,00 €``."""
    rows = steps_of(steps)
    if len(rows) == 1 and rows[0].kind is Kind.UNITS:
        return []
    return [message(f"step_{step.kind}", _blanks(step, told), told.language) for step in rows]


def texts(pieces: Sequence[Piece], language: str) -> list[str]:
    """The pieces in words."""
    return [message(piece.code, piece.params, language) for piece in pieces]


# ---- the amount of the whole slot ------------------------------------------------------------------------------------


def _whole(charge: Charge, told: Told) -> Iterator[Piece]:
    """From price and quantity, or from the steps of a scheme, over rounding to the discount."""
    identity = charge.identity
    if (kind := _derived(identity)) is not None:
        days = format_period(charge.service, told.language)
        yield Piece(kind, {"label": charge.label, "days": days, "amount": told.money(identity.amount)}, identity.amount)
        return
    if charge.steps and not is_of_set(identity.part):
        yield from _steps(steps_of(charge.steps), told)
    else:
        amount = line_amount(charge.quantity, charge.unit_price, told.digits)
        blanks = {"quantity": told.number(charge.quantity), "price": told.price(charge.unit_price)}
        yield Piece("explain_price", blanks | {"amount": told.money(amount)}, amount)
        if EXACT.scaleb(EXACT.multiply(charge.quantity, charge.unit_price), told.digits) != amount:
            exact = EXACT.multiply(charge.quantity, charge.unit_price)
            yield Piece("explain_rounding", {"exact": told.price(exact), "amount": told.money(amount)}, 0)
    if charge.allowance:
        blanks = {"label": charge.allowance_reason, "amount": told.money(charge.allowance)}
        yield Piece("explain_discount", blanks, -charge.allowance)


def _steps(rows: Sequence[Step], told: Told) -> Iterator[Piece]:
    """Each step with what it adds to the rounded running total, so that the pieces add up.

    What earlier slots of the window were charged was rounded by itself, so it is taken off as it was charged.
    """
    so_far = Decimal(0)
    for step in rows:
        if step.kind is Kind.EARLIER:
            yield Piece(f"step_{step.kind}", _blanks(step, told), -minor(-step.amount, told.digits))
            continue
        before = minor(so_far, told.digits)
        so_far = EXACT.add(so_far, step.amount)
        yield Piece(f"step_{step.kind}", _blanks(step, told), minor(so_far, told.digits) - before)
    rounded = minor(so_far, told.digits)
    if EXACT.scaleb(so_far, told.digits) != rounded:
        blanks = {"exact": told.price(so_far), "amount": told.money(rounded)}
        yield Piece("explain_rounding", blanks, 0)


def _blanks(step: Step, told: Told) -> dict[str, str]:
    return {
        "quantity": told.number(step.quantity), "price": told.price(step.price), "percent": told.number(step.price),
        "size": told.number(step.price), "amount": told.price(step.amount),
    }  # fmt: skip


_DERIVED: Final = {
    "minimum": "explain_minimum", "discount": "explain_contract_discount", "concession": "explain_concession",
    "agreed": "explain_agreed",
}  # fmt: skip


def _derived(identity: Identity) -> str | None:
    return _DERIVED.get(identity.part.partition(":")[0])


def _share(identity: Identity, difference: int, told: Told) -> Piece:
    """What a product of a set or a slot that begins late has of the whole."""
    code = "explain_share" if is_of_set(identity.part) else "explain_part"
    return Piece(code, {"amount": told.money(identity.amount)}, difference)


# ---- the days of the line --------------------------------------------------------------------------------------------


def _days(charge: Charge, told: Told) -> list[Piece]:
    identity = charge.identity
    if not is_spread(identity) or charge.days == identity.slot:
        return []
    through = prorate(identity.amount, identity.slot, charge.days, identity.basis)
    blanks = {
        "days": told.number(charge.days.days), "whole": told.number(identity.slot.days),
        "period": format_period(charge.days, told.language), "slot": format_period(identity.slot, told.language),
        "amount": told.money(through), "exact": told.price(_exact_share(charge, told)),
    }  # fmt: skip
    code = "explain_days" if identity.basis is Basis.ACTUAL_PERIOD else "explain_days_basis"
    return [Piece(code, blanks | {"basis": identity.basis.value}, through - identity.amount)]


def _exact_share(charge: Charge, told: Told) -> Decimal:
    """The share of the days before rounding, to two decimals more than the currency has."""
    identity = charge.identity
    scaled = half_up(identity.amount * 100 * charge.days.days, identity.slot.days)
    return Decimal(scaled).scaleb(-told.digits - 2)


def is_derived(part: str) -> bool:
    """A charge that was computed from others, or agreed by a person."""
    return not is_fee(part) and (is_minimum(part) or part.partition(":")[0] in _DERIVED)
