"""Which files a document is: a PDF, XML beside it, or XML inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.document import SELF_BILLED
from turnus.core.einvoice.compose import CODES
from turnus.core.einvoice.hybrid import LEVELS
from turnus.core.einvoice.profiles import profile_for

if TYPE_CHECKING:
    from turnus.core.document import InvoiceDocument
    from turnus.core.einvoice.profiles import Profile

PDF: Final = "pdf"
HYBRID: Final = "zugferd"
"""A PDF/A-3 with the e-invoice inside it: ZUGFeRD, Factur-X."""
ELECTRONIC: Final = ("cii", "ubl", HYBRID)
"""Kinds of file that are e-invoices."""


def profile_of_document(document: InvoiceDocument) -> Profile | None:
    """The profile of its e-invoice; None where it is paper alone, or no invoice."""
    if not document.einvoice_profile or document.kind not in CODES:
        return None
    return profile_for(document.einvoice_profile, self_billed=document.kind in SELF_BILLED)


def syntax_of(document: InvoiceDocument, profile: Profile) -> str:
    """``cii`` or ``ubl``: as the other party wants it where the profile has both, else the profile's first."""
    wanted = document.einvoice_syntax
    return wanted if wanted in profile.syntaxes else profile.syntaxes[0]


def files_of(document: InvoiceDocument) -> tuple[str, ...]:
    """The kinds of its files, what counts before the law first: of two the XML is the invoice."""
    profile = profile_of_document(document)
    if profile is None:
        return (PDF,)
    return (HYBRID,) if profile.name in LEVELS else (syntax_of(document, profile), PDF)
