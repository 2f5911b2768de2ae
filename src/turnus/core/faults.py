"""What is wrong with something that a person entered: all of it at once, each fault with the code of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Fault(NamedTuple):
    """One thing that is wrong; ``code`` and ``params`` make a message in ``core/messages`` that says how to mend it."""

    code: str
    params: Mapping[str, str]


def fault(code: str, **params: object) -> Fault:
    """``fault("unknown_item", item="x")``."""
    return Fault(code, {name: str(value) for name, value in params.items()})


def unknown_item(item: str, codes: Iterable[str]) -> Fault:
    """A contract has no such item; ``codes``: those it has, which the text lists."""
    return fault("unknown_item", item=item, items=", ".join(sorted(codes)))
