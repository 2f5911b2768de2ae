"""QR codes as one vector path: runs of dark modules become strokes one module wide."""

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
    dark = [f"M{run.start()} {y}.5h{len(run[0])}" for y, row in enumerate(code.matrix) for run in _RUN.finditer(row)]
    size = len(code.matrix)
    path = f'<path stroke="#000" d="{"".join(dark)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">{path}</svg>'
