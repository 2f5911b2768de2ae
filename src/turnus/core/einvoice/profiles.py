"""Profiles: what an invoice calls itself (BT-24, BT-23), in which syntax it is written and which rules it must obey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EN16931: Final = "urn:cen.eu:en16931:2017"
BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
SELF_BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0"
_XRECHNUNG: Final = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of EN 16931."""

    name: str
    specification: str
    """BT-24."""
    syntaxes: tuple[str, ...]
    """The first is written where the other party wants none."""
    process: str = ""
    """BT-23."""
    rules: frozenset[str] = frozenset()
    """Sets of rules beside those of EN 16931: ``xrechnung``, ``peppol``."""
    self_billing: bool | None = None
    """True: for self-billing only; False: never for it; None: for both."""
    self_credit: str = "381"
    """BT-3 of a document that takes a self-billing document back."""
    basic: bool = False
    """Holds the terms of Factur-X BASIC only."""
    invoice: bool = True
    """An invoice in the sense of § 14 UStG: MINIMUM and BASIC WL are none and are read only."""


_BOTH: Final = ("cii", "ubl")
_PEPPOL: Final = "#compliant#urn:fdc:peppol.eu:2017:poacc"

PROFILES: Final = {
    profile.name: profile
    for profile in (
        Profile("xrechnung", _XRECHNUNG, _BOTH, BILLING, frozenset({"xrechnung"})),
        Profile(
            "xrechnung-extension", f"{_XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
            ("ubl", "cii"),  # without KoSIT's rules only its UBL can be judged
            BILLING, frozenset({"xrechnung"}),
        ),
        Profile("en16931", EN16931, _BOTH),
        Profile("facturx-minimum", "urn:factur-x.eu:1p0:minimum", ("cii",), invoice=False),
        Profile("facturx-basicwl", "urn:factur-x.eu:1p0:basicwl", ("cii",), invoice=False),
        Profile("facturx-basic", f"{EN16931}#compliant#urn:factur-x.eu:1p0:basic", ("cii",), basic=True),
        Profile("facturx-en16931", EN16931, ("cii",)),
        Profile("facturx-extended", f"{EN16931}#conformant#urn:factur-x.eu:1p0:extended", ("cii",)),
        Profile("facturx-xrechnung", _XRECHNUNG, ("cii",), BILLING, frozenset({"xrechnung"})),
        Profile(
            "peppol", f"{EN16931}{_PEPPOL}:billing:3.0", ("ubl",), BILLING, frozenset({"peppol"}), self_billing=False
        ),
        Profile(
            "peppol-selfbilling", f"{EN16931}{_PEPPOL}:selfbilling:3.0", ("ubl",), SELF_BILLING,
            frozenset({"peppol"}), self_billing=True, self_credit="261",
        ),
    )
}  # fmt: skip
"""Name → profile."""

WRITABLE: Final = tuple(name for name, profile in PROFILES.items() if profile.invoice)


_SELF_BILLING_OF: Final = {"peppol": "peppol-selfbilling"}
"""Profile of a customer → that of documents which we write in its name."""
_BILLING_OF: Final = {other: name for name, other in _SELF_BILLING_OF.items()}


def profile_for(name: str, *, self_billed: bool) -> Profile:
    """The profile of a document to a party whose profile is ``name``: Peppol has one of its own for self-billing."""
    return PROFILES[(_SELF_BILLING_OF if self_billed else _BILLING_OF).get(name, name)]


def profile_of(specification: str) -> Profile | None:
    """The first profile with this BT-24; None for one that we do not know."""
    return next((profile for profile in PROFILES.values() if profile.specification == specification), None)
