"""Prices of one's own: a small expression over quantity, price and tiers, read once and evaluated exactly.

``price * quantity if quantity <= 10 else 10 * price + graduated(quantity - 10)``

It knows numbers, ``quantity``, ``price`` (the item's unit price), ``days`` and ``slot_days``; ``+ - * /``, comparisons,
``and or not``, ``a if b else c``; ``min max ceil floor abs``, ``round_up(x, step)``, and the scheme's own tiers by
``graduated(x)``, ``volume(x)`` and ``tier_price(x)``. There is nothing else: no names of Python, no attributes, no
power, no loops. Numbers are exact fractions; the result is an amount in major units.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

MAX_LENGTH: Final = 500
MAX_NODES: Final = 200
NAMES: Final = ("quantity", "price", "days", "slot_days")

_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")

Value = Fraction | bool
Env = Mapping[str, Fraction]
Call = Callable[..., Fraction]
Node = Callable[[Env, Mapping[str, Call]], Value]


class FormulaError(ValueError):
    """The expression cannot be read or evaluated. ``place``: column from 1; ``what``: the piece that is wrong."""

    def __init__(self, place: int, what: str) -> None:
        super().__init__(place, what)
        self.place, self.what = place, what


class Formula(NamedTuple):
    """A formula that was read."""

    text: str
    run: Node
    names: frozenset[str] = frozenset()
    """Everything that it names."""

    def amount(self, env: Env, tiers: Mapping[str, Call]) -> Fraction:
        """Major units, exact. Raises ``FormulaError`` for a division by zero or a result that is no number."""
        try:
            found = self.run(env, tiers)
        except ZeroDivisionError:
            raise FormulaError(1, "/ 0") from None
        if isinstance(found, bool):
            raise FormulaError(1, self.text)
        return found


def _ceil(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator // value.denominator))


def _floor(value: Fraction) -> Fraction:
    return Fraction(value.numerator // value.denominator)


def _round_up(value: Fraction, step: Fraction) -> Fraction:
    return _ceil(value / step) * step


_BASIC: Final[dict[str, tuple[int, int, Call]]] = {
    "min": (1, 20, min),
    "max": (1, 20, max),
    "ceil": (1, 1, _ceil),
    "floor": (1, 1, _floor),
    "abs": (1, 1, abs),
    "round_up": (2, 2, _round_up),
}
"""Name → fewest and most arguments, and the function."""
TIERED: Final = ("graduated", "volume", "tier_price")


def needs_tiers(text: str) -> bool:
    """Whether a formula asks for tiers; not for one that cannot be read."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return False
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(called, ast.Name) and called.id in TIERED for called in calls)


@lru_cache(maxsize=1_024)
def compiled(text: str) -> Formula:
    """Read an expression. Raises ``FormulaError``."""
    if not text.strip() or len(text) > MAX_LENGTH:
        raise FormulaError(1, text[:40])
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise FormulaError(getattr(error, "offset", 1) or 1, text) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise FormulaError(1, text[:40])
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    return Formula(text.strip(), _Reader(text.strip()).node(tree.body), names)


_ARITHMETIC: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


class _Reader:
    """Turns the nodes it knows into closures; everything else is refused where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text

    def refuse(self, node: ast.expr) -> FormulaError:
        return FormulaError(node.col_offset + 1, ast.get_source_segment(self.text, node) or self.text)

    def node(self, node: ast.expr) -> Node:
        """A closure for any node of the language."""
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name(id=name) if name in NAMES:
                return lambda env, _tiers: env[name]
            case ast.UnaryOp() | ast.BoolOp() | ast.Compare():
                return self.logic(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self.binary(_ARITHMETIC[type(op)], left, right)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition, yes, no = self.truth(test), self.number(body), self.number(orelse)
                return lambda env, tiers: yes(env, tiers) if condition(env, tiers) else no(env, tiers)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(node, name, args)
        raise self.refuse(node)

    def logic(self, node: ast.expr) -> Node:
        """A sign, a comparison, or what joins comparisons."""
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.number(operand)
                return lambda env, tiers: -inner(env, tiers)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                truth = self.truth(operand)
                return lambda env, tiers: not truth(env, tiers)
            case ast.BoolOp(op=op, values=values):
                truths = [self.truth(value) for value in values]
                every = isinstance(op, ast.And)
                return lambda env, tiers: (all if every else any)(truth(env, tiers) for truth in truths)
            case ast.Compare():
                return self.comparison(node)
        raise self.refuse(node)

    def constant(self, node: ast.Constant) -> Node:
        """A number as it is written: 0.1 is a tenth."""
        written = ast.get_source_segment(self.text, node) or ""
        if not _NUMBER.fullmatch(written):
            raise self.refuse(node)
        value = Fraction(written)
        return lambda _env, _tiers: value

    def number(self, node: ast.expr) -> Callable[[Env, Mapping[str, Call]], Fraction]:
        """A node that must give a number."""
        inner = self.node(node)

        def run(env: Env, tiers: Mapping[str, Call]) -> Fraction:
            found = inner(env, tiers)
            if isinstance(found, bool):
                raise self.refuse(node)
            return found

        return run

    def truth(self, node: ast.expr) -> Callable[[Env, Mapping[str, Call]], bool]:
        """A node that must be true or false."""
        if not isinstance(node, ast.Compare | ast.BoolOp) and not (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            raise self.refuse(node)
        inner = self.node(node)
        return lambda env, tiers: bool(inner(env, tiers))

    def binary(self, apply: Callable[[Fraction, Fraction], Fraction], left: ast.expr, right: ast.expr) -> Node:
        """Two numbers and an operator."""
        first, second = self.number(left), self.number(right)
        return lambda env, tiers: apply(first(env, tiers), second(env, tiers))

    def comparison(self, node: ast.Compare) -> Node:
        """``a < b <= c``."""
        if any(type(op) not in _COMPARISONS for op in node.ops):
            raise self.refuse(node)
        sides = [self.number(side) for side in (node.left, *node.comparators)]
        tests = [_COMPARISONS[type(op)] for op in node.ops]

        def run(env: Env, tiers: Mapping[str, Call]) -> bool:
            values = [side(env, tiers) for side in sides]
            return all(test(a, b) for test, a, b in zip(tests, values, values[1:], strict=False))

        return run

    def call(self, node: ast.expr, name: str, args: list[ast.expr]) -> Node:
        """One of the known functions."""
        inner = [self.number(arg) for arg in args]
        if name in TIERED and len(args) == 1:
            return lambda env, tiers: tiers[name](inner[0](env, tiers))
        least, most, function = _BASIC.get(name, (1, 0, abs))
        if not least <= len(args) <= most:
            raise self.refuse(node)
        return lambda env, tiers: function(*(arg(env, tiers) for arg in inner))
