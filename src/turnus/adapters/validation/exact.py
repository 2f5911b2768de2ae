"""Our own exact checks (``core/einvoice/checks.py``) on a file that the official rules let pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from turnus.core.einvoice.checks import check
from turnus.core.einvoice.profiles import PROFILES, profile_of
from turnus.core.einvoice.report import told
from turnus.core.error_classes import error_class
from turnus.core.validation import Finding, Layer, Severity

if TYPE_CHECKING:
    from turnus.adapters.validation.validator import OwnChecks
    from turnus.core.einvoice.model import Fault
    from turnus.ports import InvoiceXml


def exact_checks(xml: InvoiceXml) -> OwnChecks:
    """The checks of a file: what cannot be read exactly, and every rule of its profile without tolerance."""

    def checks(content: bytes, _syntax: str, profile: str) -> list[Finding]:
        invoice, _kind, _outside, faults = xml.read(content)
        known = profile_of(profile) or replace(PROFILES["en16931"], specification=profile)
        unread = [_unread(fault) for fault in faults]
        return unread + [told(one, strange=True) for one in check(invoice, known)]

    return checks


def _unread(fault: Fault) -> Finding:
    english, terms = f"{fault.code}: {fault.value}", (fault.term,)
    kind = error_class(Layer.OWN, terms)
    return Finding("VALUE", Severity.FATAL, Layer.OWN, english, fault.path, terms, kind)
