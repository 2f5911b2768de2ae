"""Letters on notice and renewal: plain text with blanks; a part in square brackets needs all of its blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTICE_DE: Final = """{customer}

Vertrag {contract}: Bestätigung Ihrer Kündigung

Ihre Kündigung des Vertrags {contract}[ ({cause})] ist am {received} bei uns eingegangen.

Der Vertrag endet mit Ablauf des {last}.[ Sie hatten das Ende mit Ablauf des {wished} gewünscht; der {last} ist nach
Laufzeit und Kündigungsfrist der frühestmögliche Tag.]

Was für Tage danach schon berechnet ist, schreiben wir gut.

Erfasst am {recorded} um {time} Uhr.

{seller}
"""
_NOTICE_EN: Final = """{customer}

Contract {contract}: confirmation of your notice

We received your notice of contract {contract}[ ({cause})] on {received}.

The contract ends at the end of {last}.[ You had wished it to end at the end of {wished}; by its term and notice period
{last} is the earliest day.]

What is billed already for days after that is credited.

Recorded on {recorded} at {time}.

{seller}
"""
_OURS_DE: Final = """{customer}

Vertrag {contract}: Kündigung

Wir kündigen den Vertrag {contract}[ ({cause})]. Die Kündigung ist Ihnen am {received} zugegangen.

Der Vertrag endet mit Ablauf des {last}.[

Grund: {reason}]

Was für Tage danach schon berechnet ist, schreiben wir gut.

{seller}
"""
_OURS_EN: Final = """{customer}

Contract {contract}: termination

We give notice of contract {contract}[ ({cause})]. You received it on {received}.

The contract ends at the end of {last}.[

Reason: {reason}]

What is billed already for days after that is credited.

{seller}
"""
_REVOKED_DE: Final = """{customer}

Vertrag {contract}: Kündigung zurückgenommen

Die Kündigung des Vertrags {contract} ist seit dem {received} zurückgenommen. Der Vertrag läuft weiter[ bis zum Ablauf
des {last}].

Erfasst am {recorded} um {time} Uhr.

{seller}
"""
_REVOKED_EN: Final = """{customer}

Contract {contract}: notice revoked

The notice of contract {contract} has been revoked since {received}. The contract goes on[ until the end of {last}].

Recorded on {recorded} at {time}.

{seller}
"""
_RENEWAL_DE: Final = """{customer}

Vertrag {contract}: Verlängerung ab {start}

Die Laufzeit Ihres Vertrags {contract} endet mit Ablauf des {last}. Kündigen Sie nicht, läuft er ab dem {start}[
weiter bis zum Ablauf des {until}].

Möchten Sie das nicht, muss uns Ihre Kündigung spätestens am {deadline} zugehen.

{seller}
"""
_RENEWAL_EN: Final = """{customer}

Contract {contract}: renewal from {start}

The term of your contract {contract} ends at the end of {last}. Unless you give notice, it goes on from {start}[
until the end of {until}].

If you do not want that, your notice must reach us by {deadline}.

{seller}
"""
_INDEFINITE_DE: Final = """{customer}

Vertrag {contract}: Verlängerung ab {start}

Die Laufzeit Ihres Vertrags {contract} endet mit Ablauf des {last}. Kündigen Sie nicht, läuft er ab dem {start} auf
unbestimmte Zeit weiter; Sie können ihn dann jederzeit[ mit einer Frist von {notice}][ zum {cut_off}] kündigen.

Möchten Sie das nicht, muss uns Ihre Kündigung spätestens am {deadline} zugehen.

{seller}
"""
_INDEFINITE_EN: Final = """{customer}

Contract {contract}: renewal from {start}

The term of your contract {contract} ends at the end of {last}. Unless you give notice, it goes on from {start} for an
indefinite time; you may then end it at any time[ with a notice period of {notice}][ to the end of a {cut_off}].

If you do not want that, your notice must reach us by {deadline}.

{seller}
"""

LETTERS: Final[Mapping[str, tuple[str, str]]] = {
    "notice": (_NOTICE_DE, _NOTICE_EN),
    "our_notice": (_OURS_DE, _OURS_EN),
    "revocation": (_REVOKED_DE, _REVOKED_EN),
    "renewal": (_RENEWAL_DE, _RENEWAL_EN),
    "indefinite": (_INDEFINITE_DE, _INDEFINITE_EN),
}
"""Letter → (German, English)."""
CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "non_payment": ("außerordentlich, wegen Zahlungsverzugs", "for good cause: arrears"),
    "breach": ("außerordentlich, wegen Pflichtverletzung", "for good cause: breach"),
    "other": ("außerordentlich", "for good cause"),
}
"""Cause of a notice → words."""
CUT_OFFS: Final[Mapping[str, tuple[str, str]]] = {
    "day": ("", ""),
    "month": ("Monatsende", "month"),
    "quarter": ("Quartalsende", "quarter"),
    "half_year": ("Halbjahresende", "half-year"),
    "year": ("Jahresende", "year"),
}
"""To which days a contract may end → words."""
UNITS: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "months": (("Monat", "Monaten"), ("month", "months")),
    "days": (("Tag", "Tagen"), ("day", "days")),
}
"""Unit → its word in German (after "von") and English, for one and for several."""
