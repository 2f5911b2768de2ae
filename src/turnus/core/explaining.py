"""Why a line is what it is: pieces in words and numbers whose amounts add up to the line, in minor units.

Every piece is a difference to the piece before, so the sum cannot miss the line. What is explained is what the line
stored when it was released: price, steps of its scheme, discount, share of the days; never what holds today.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.charges import is_fee, is_minimum, is_of_set, is_spread, value_on
from turnus.core.formatting import format_amount, format_date, format_number, format_period, format_price, format_share
from turnus.core.messages import message
from turnus.core.money import EXACT, half_up, line_amount
from turnus.core.payers import fraction
from turnus.core.periods import FAR_FUTURE, Basis, prorate
from turnus.core.rating import Kind, minor, steps_of
from turnus.core.reasons import UNKNOWN, taken
from turnus.core.words.explaining import BASES, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from turnus.core.charges import Charge, Identity
    from turnus.core.contracts import Discount
    from turnus.core.discounts import Taken
    from turnus.core.rating import Step
    from turnus.core.reasons import Least, Why


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
    names: Mapping[int, str] = {}
    """Product → its name."""

    def less(self, amount: int) -> str:
        """Minor units that are taken off."""
        return f"−{self.money(amount)}" if amount >= 0 else f"+{self.money(-amount)}"

    def money(self, amount: int) -> str:
        """Minor units as an amount."""
        return format_amount(amount, self.currency, self.language)

    def price(self, price: Decimal) -> str:
        """Major units with all decimals."""
        return format_price(price, self.currency, self.language)

    def number(self, value: Decimal | int) -> str:
        """A quantity."""
        return format_number(value, self.language)


def explain(charge: Charge, sign: int, net: int, value: int, told: Told, reason: Why = UNKNOWN) -> list[Piece]:
    """Pieces of one entry: ``value`` is its amount with sign, ``net`` what of it is net, ``reason`` what it is from."""
    identity = charge.identity
    pieces = list(_whole(charge, told, reason))
    reached = sum(piece.amount for piece in pieces)
    if reached != identity.amount:
        pieces.append(_share(identity, identity.amount - reached, told, reason))
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


def _whole(charge: Charge, told: Told, reason: Why) -> list[Piece]:
    """From price and quantity, or from the steps of a scheme, over rounding to the discounts."""
    if (kind := _derived(charge.identity)) is not None:
        return _derived_pieces(kind, charge, told, reason)
    if reason.of_set is not None:
        pieces = list(_steps(steps_of(charge.steps), told))
        amount = sum(piece.amount for piece in pieces)
        if (rows := taken(charge, amount, reason)) is not None:
            return pieces + [_discount(row, reason, told) for row in rows]
    if charge.steps and not is_of_set(charge.identity.part):
        pieces = list(_steps(steps_of(charge.steps), told))
    else:
        pieces = list(_price(charge, told))
    amount = sum(piece.amount for piece in pieces)
    rows = taken(charge, amount, reason._replace(of_set=None))
    if rows is not None:
        return pieces + [_discount(row, reason, told) for row in rows]
    blanks = {"label": charge.allowance_reason, "amount": told.less(charge.allowance)}
    return [*pieces, Piece("explain_discounts", blanks, -charge.allowance)] if charge.allowance else pieces


def _price(charge: Charge, told: Told) -> Iterator[Piece]:
    amount = line_amount(charge.quantity, charge.unit_price, told.digits)
    blanks = {"quantity": told.number(charge.quantity), "price": told.price(charge.unit_price)}
    yield Piece("explain_price", blanks | {"amount": told.money(amount)}, amount)
    exact = EXACT.multiply(charge.quantity, charge.unit_price)
    if EXACT.scaleb(exact, told.digits) != amount:
        yield Piece("explain_rounding", {"exact": told.price(exact), "amount": told.money(amount)}, 0)


def _discount(row: Taken, reason: Why, told: Told) -> Piece:
    """One discount: what kind it is, how long it is granted, and what it takes off what."""
    discount, base, off = row
    blanks = _granted(discount, reason, told) | {"base": told.money(base), "amount": told.less(off)}
    if discount.percent is not None:
        return Piece("explain_discount_percent", blanks | {"percent": told.number(discount.percent)}, -off)
    short = told.money(discount.amount or 0) if off < (discount.amount or 0) else ""
    return Piece("explain_discount_amount", blanks | {"granted": short}, -off)


def _granted(discount: Discount, reason: Why, told: Told) -> dict[str, str]:
    """Label and kind of a discount, which period of how many it is, and its last day."""
    kind = ("quantity" if discount.from_quantity is not None else discount.origin.value
            or ("item" if discount.item else "contract"))  # fmt: skip
    place, count = reason.places.get(discount.id, (0, 0))
    return {
        "label": discount.label, "kind": KINDS[kind][0 if told.language == "de" else 1],
        "threshold": "" if discount.from_quantity is None else told.number(discount.from_quantity),
        "place": str(place or ""), "count": str(count or ""),
        "until": format_date(discount.end - timedelta(days=1), told.language) if discount.end < FAR_FUTURE else "",
    }  # fmt: skip


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


def _derived_pieces(kind: str, charge: Charge, told: Told, reason: Why) -> list[Piece]:
    identity, days = charge.identity, format_period(charge.service, told.language)
    if reason.least is not None:
        return list(_minimum(reason.least, charge, told))
    if reason.reduction is not None:
        _charge, discount, off, own, whole = reason.reduction
        short = told.money(discount.amount or 0) if off < (discount.amount or 0) else ""
        blanks = _granted(discount, reason, told) | {
            "total": told.money(off), "granted": short, "own": told.money(own), "whole": told.money(whole),
            "amount": told.less(-identity.amount),
        }  # fmt: skip
        return [Piece("explain_contract_discount", blanks, identity.amount)]
    return [Piece(kind, {"label": charge.label, "days": days, "amount": told.money(identity.amount)}, identity.amount)]


def _minimum(least: Least, charge: Charge, told: Told) -> Iterator[Piece]:
    """The minimum, what the days of the window are of it, and what was charged in them."""
    (minimum, label, product, owing, reached), language = least, told.language
    days = format_period(charge.days, language)
    yield Piece("explain_minimum", {
        "item": label or told.names.get(product, ""), "days": days,
        "amount": told.money(minimum.amount),
    }, minimum.amount)  # fmt: skip
    if owing != (charge.days,):
        yield Piece("explain_minimum_days", {
            "days": told.number(sum(period.days for period in owing)), "whole": told.number(charge.days.days),
            "periods": ", ".join(format_period(period, language) for period in owing), "amount": told.money(reached),
        }, reached - minimum.amount)  # fmt: skip
    charged = reached - charge.identity.amount
    days = format_period(charge.service, language)
    yield Piece("explain_minimum_charged", {"days": days, "amount": told.money(charged)}, -charged)


_DERIVED: Final = {
    "minimum": "explain_minimum_missing", "discount": "explain_contract_discounts", "concession": "explain_concession",
    "agreed": "explain_agreed",
}  # fmt: skip


def _derived(identity: Identity) -> str | None:
    return _DERIVED.get(identity.part.partition(":")[0])


def _share(identity: Identity, difference: int, told: Told, reason: Why) -> Piece:
    """What a product of a set or a slot that begins late has of the whole."""
    code = "explain_share" if is_of_set(identity.part) else "explain_part"
    if reason.of_set is not None:
        product, place, parts = reason.of_set
        blanks = {
            "set": told.names.get(product, ""), "name": told.names.get(parts[place][0], ""),
            "parts": ", ".join(f"{told.names.get(part, '')} {weight}" for part, weight in parts),
            "weight": told.number(parts[place][1]), "whole": told.number(sum(weight for _part, weight in parts)),
        }  # fmt: skip
        return Piece("explain_set", blanks | {"amount": told.money(identity.amount)}, difference)
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
    basis = BASES[identity.basis][0 if told.language == "de" else 1]
    return [Piece(code, blanks | {"basis": basis}, through - identity.amount)]


def _exact_share(charge: Charge, told: Told) -> Decimal:
    """The share of the days before rounding, to two decimals more than the currency has."""
    identity = charge.identity
    scaled = half_up(identity.amount * 100 * charge.days.days, identity.slot.days)
    return Decimal(scaled).scaleb(-told.digits - 2)


def is_derived(part: str) -> bool:
    """A charge that was computed from others, or agreed by a person."""
    return not is_fee(part) and (is_minimum(part) or part.partition(":")[0] in _DERIVED)
