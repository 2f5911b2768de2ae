"""QR codes as one vector path: rows of dark modules become rectangles in the unit of a module."""

from __future__ import annotations

import re
from typing import Final

import segno

from turnus.core.girocode import MAX_VERSION

_RUN: Final = re.compile(rb"\x01+")
MASK: Final = 3
"""Every mask is readable; choosing the best of eight takes 80 % of the time (9.6 against 1.9 ms a code)."""


def svg(payload: str) -> str:
    """A GiroCode (level M, EPC069-12) as SVG without quiet zone."""
    code = segno.make(payload, error="m", micro=False, boost_error=False, mode="byte", encoding="utf-8", mask=MASK)
    assert int(code.version) <= MAX_VERSION, code.designator
    dark = [
        f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(code.matrix)
        for run in _RUN.finditer(row)
    ]
    size = len(code.matrix)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{"".join(dark)}"/></svg>'
