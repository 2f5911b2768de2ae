"""Our own exact checks (``core/einvoice/checks.py``) on a file that the official rules let pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.checks import check
from turnus.core.einvoice.findings import Severity as Weight
from turnus.core.einvoice.findings import say
from turnus.core.einvoice.profiles import PROFILES, profile_of
from turnus.core.error_classes import error_class
from turnus.core.validation import Finding, Layer, Severity

if TYPE_CHECKING:
    from turnus.adapters.validation.validator import OwnChecks
    from turnus.core.einvoice.findings import Finding as Told
    from turnus.ports import InvoiceXml

OURS: Final = "T-"
"""Rules that stand in no standard, such as the check digits of a Leitweg-ID: they warn about files of others."""


def exact_checks(xml: InvoiceXml) -> OwnChecks:
    """The checks of a file: what cannot be read exactly, and every rule of its profile without tolerance."""

    def checks(content: bytes, _syntax: str, profile: str) -> list[Finding]:
        invoice, _kind, _outside, faults = xml.read(content)
        known = profile_of(profile) or replace(PROFILES["en16931"], specification=profile)
        unread = [
            _finding("VALUE", fault.term, fault.path, f"{fault.code}: {fault.value}", german="") for fault in faults
        ]
        return unread + [_told(one) for one in check(invoice, known)]

    return checks


def _told(one: Told) -> Finding:
    fatal = one.severity is Weight.ERROR and not one.rule.startswith(OURS)
    german, english = (say(one, language).removeprefix(f"{one.rule} ({one.term}): ") for language in ("de", "en"))
    return _finding(one.rule, one.term, one.path, english, german=german, fatal=fatal)


def _finding(rule: str, term: str, path: str, english: str, *, german: str, fatal: bool = True) -> Finding:
    return Finding(
        rule,
        Severity.FATAL if fatal else Severity.WARNING,
        Layer.OWN,
        english,
        path,
        (term,),
        error_class(Layer.OWN, (term,)) if fatal else None,
        (("german", german),) if german else (),
    )
