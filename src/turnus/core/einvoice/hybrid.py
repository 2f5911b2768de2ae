"""ZUGFeRD and Factur-X: what a PDF must say about the e-invoice inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "facturx-basic": ("BASIC", "1.0"),
    "facturx-en16931": ("EN 16931", "1.0"),
    "facturx-extended": ("EXTENDED", "1.0"),
    "facturx-xrechnung": ("XRECHNUNG", "3.0"),
}
"""Profile that lives in a PDF → conformance level and version of its standard, as the XMP names them."""


class Inside(NamedTuple):
    """An e-invoice to be put into its PDF (ZUGFeRD 2.5, Factur-X 1.09, part 6)."""

    xml: bytes
    name: str
    """``factur-x.xml``, or ``xrechnung.xml`` for the reference profile."""
    level: str
    version: str
    relationship: str = "alternative"
    """AFRelationship: paper and file say the same, from BASIC up; ``data`` would be less than an invoice."""


def inside(profile: str, xml: bytes) -> Inside:
    """The XML of a profile of ``LEVELS`` as its PDF holds it."""
    level, version = LEVELS[profile]
    return Inside(xml, "xrechnung.xml" if level == "XRECHNUNG" else "factur-x.xml", level, version)
