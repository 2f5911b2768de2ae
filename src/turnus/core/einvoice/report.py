"""Our exact checks as findings of a validation report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from turnus.core.einvoice.check_sums import check_sums
from turnus.core.einvoice.checks import check
from turnus.core.einvoice.findings import Findings, say
from turnus.core.einvoice.findings import Severity as Weight
from turnus.core.error_classes import error_class
from turnus.core.validation import Finding, Layer, Severity

if TYPE_CHECKING:
    from turnus.core.einvoice.findings import Finding as Told
    from turnus.core.einvoice.model import Invoice
    from turnus.core.einvoice.profiles import Profile

OURS: Final = "T-"
"""Rules that stand in no standard, such as the check digits of a Leitweg-ID: they warn about files of others."""


def exact_findings(invoice: Invoice, profile: Profile | None, *, net_prices: bool) -> tuple[Finding, ...]:
    """What is wrong with a document of our own under its profile; on paper (None) only sums can be wrong."""
    if profile is None:
        found = Findings()
        check_sums(invoice, found, net_prices=net_prices)
        return tuple(told(one) for one in found)
    return tuple(told(one) for one in check(invoice, profile, net_prices=net_prices))


def told(one: Told, *, strange: bool = False) -> Finding:
    """A finding with its class and its words. ``strange``: of a file of others, which need not obey our own rules."""
    fatal = one.severity is Weight.ERROR and not (strange and one.rule.startswith(OURS))
    german, english = (say(one, language).removeprefix(f"{one.rule} ({one.term}): ") for language in ("de", "en"))
    return Finding(
        one.rule, Severity.FATAL if fatal else Severity.WARNING, Layer.OWN, english, one.path, (one.term,),
        error_class(Layer.OWN, (one.term,)) if fatal else None, (("german", german),),
    )  # fmt: skip
