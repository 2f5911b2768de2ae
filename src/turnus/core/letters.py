"""The letter that announces new prices: plain text with blanks, in versions, in German and English.

A consent is given to a version of a text, so versions are never changed: a better text is a new version.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.faults import Fault, fault
from turnus.core.formatting import format_date, format_number, format_price
from turnus.core.schemes import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from turnus.core.schemes import Scheme


class Text(NamedTuple):
    """One letter: ``audience`` ``consent`` asks, ``clause`` informs."""

    version: str
    audience: str
    language: str
    body: str


class PriceLine(NamedTuple):
    """Old and new price of an item, major units of the currency for one unit and one fee period."""

    name: str
    old: Decimal
    new: Decimal
    schemes: tuple[Scheme, Scheme] | None = None
    """Old and new prices by tiers."""
    since: date | None = None
    """Where it differs from the letter's day."""


class Letter(NamedTuple):
    """What fills a letter."""

    seller: str
    customer: str
    contract: str
    currency: str
    lines: Sequence[PriceLine]
    effective: date
    answer_by: date | None
    cancel_by: date
    ground: str
    reason: str


MINIMUM_FEE: Final = {"de": "Mindestbetrag", "en": "Minimum fee"}
"""What a letter calls a minimum fee without a text of its own."""
AUDIENCES: Final = ("consent", "clause")
BLANKS: Final = frozenset(
    {"seller", "customer", "contract", "prices", "effective", "answer_by", "cancel_by", "ground", "reason"}
)

_CONSENT_DE: Final = """{customer}

Vertrag {contract}: neuer Preis ab {effective}, Ihre Zustimmung

Wir möchten die Preise Ihres Vertrags ab dem {effective} ändern:

{prices}

[{reason}

]Der neue Preis gilt nur, wenn Sie ausdrücklich zustimmen[, bitte bis zum {answer_by}]. Antworten Sie nicht,
gilt das nicht als Zustimmung: Ihr Vertrag läuft zum bisherigen Preis weiter.

Sie können den Vertrag aus diesem Anlass bis zum {cancel_by} kündigen; er endet dann vor dem {effective}.

{seller}
"""
_CONSENT_EN: Final = """{customer}

Contract {contract}: new price from {effective}, your consent

We would like to change the prices of your contract from {effective}:

{prices}

[{reason}

]The new price holds only if you expressly agree[, please by {answer_by}]. If you do not answer,
that is not consent: your contract continues at the old price.

On this occasion you may cancel the contract until {cancel_by}; it then ends before {effective}.

{seller}
"""
_CLAUSE_DE: Final = """{customer}

Vertrag {contract}: neuer Preis ab {effective}

Die Preise Ihres Vertrags ändern sich ab dem {effective}:

{prices}

[{reason}

][Grundlage: {ground}.

]Sie haben ein Sonderkündigungsrecht: Sie können den Vertrag bis zum {cancel_by} kündigen; er endet dann vor dem
{effective}.

{seller}
"""
_CLAUSE_EN: Final = """{customer}

Contract {contract}: new price from {effective}

The prices of your contract change from {effective}:

{prices}

[{reason}

][Basis: {ground}.

]You have a special right to cancel: you may cancel the contract until {cancel_by}; it then ends before {effective}.

{seller}
"""

STANDARD: Final[Mapping[str, tuple[Text, ...]]] = {
    "standard-1": (
        Text("standard-1", "consent", "de", _CONSENT_DE),
        Text("standard-1", "consent", "en", _CONSENT_EN),
        Text("standard-1", "clause", "de", _CLAUSE_DE),
        Text("standard-1", "clause", "en", _CLAUSE_EN),
    ),
}
"""Version → its letters."""

_BLANK: Final = re.compile(r"{(\w+)}")
_PART: Final = re.compile(r"\[([^\[\]]*)\]")


def text_faults(version: str, texts: Sequence[Text]) -> list[Fault]:
    """What is wrong with a campaign's own texts: an unknown version, blanks or letters that are missing."""
    own = [text for text in texts if text.version == version]
    if not own:
        return [] if version in STANDARD else [fault("letter_unknown", version=version)]
    found = [fault("letter_standard", version=version)] if version in STANDARD else []
    missing = [audience for audience in AUDIENCES if not any(text.audience == audience for text in own)]
    found += [fault("letter_missing", version=version, audience=audience) for audience in missing]
    for text in own:
        unknown = sorted(set(_BLANK.findall(text.body)) - BLANKS)
        found += [fault("letter_blank", version=version, blank=blank) for blank in unknown]
        if not {"prices", "effective"} <= set(_BLANK.findall(text.body)):
            found.append(fault("letter_silent", version=version, audience=text.audience))
    return found


def chosen(texts: Sequence[Text], audience: str, language: str) -> Text:
    """The text for an audience in a language; German where there is none in it, else any."""
    fitting = [text for text in texts if text.audience == audience]
    return next(
        (text for wanted in (language[:2], "de") for text in fitting if text.language == wanted), fitting[0]
    )  # fmt: skip


def written(text: Text, letter: Letter) -> str:
    """The letter with its blanks filled; a part in square brackets is left out where one of its blanks is empty."""
    language = text.language

    def day(value: date | None) -> str:
        return "" if value is None else format_date(value, language)

    blanks = {
        "seller": letter.seller, "customer": letter.customer, "contract": letter.contract,
        "prices": "\n".join(_priced(line, letter.currency, language) for line in letter.lines),
        "effective": day(letter.effective), "answer_by": day(letter.answer_by), "cancel_by": day(letter.cancel_by),
        "ground": letter.ground, "reason": letter.reason,
    }  # fmt: skip
    return filled(text.body, blanks)


def filled(body: str, blanks: Mapping[str, str]) -> str:
    """A text with its blanks filled; a part in square brackets is left out where one of its blanks is empty."""
    body = _PART.sub(lambda m: m[1] if all(blanks.get(name) for name in _BLANK.findall(m[1])) else "", body)
    return _BLANK.sub(lambda m: blanks.get(m[1], ""), body)


def _priced(line: PriceLine, currency: str, language: str) -> str:
    words = _WORDS["de" if language == "de" else "en"]
    since = f", {words.since} {format_date(line.since, language)}" if line.since else ""

    def change(old: Decimal, new: Decimal) -> str:
        before, after = (format_price(price, currency, language) for price in (old, new))
        return f"{after} ({words.before} {before})"

    if line.schemes is None or not any(scheme.tiers for scheme in line.schemes):
        return f"  {line.name}: {change(line.old, line.new)}{since}"
    old, new = line.schemes
    if [tier.up_to for tier in old.tiers] != [tier.up_to for tier in new.tiers] or old.function is not new.function:
        return f"  {line.name}: {words.listed}{since}"
    told = [f"  {line.name}{since}:"]
    for before, after in zip(old.tiers, new.tiers, strict=True):
        name = words.rest if after.up_to is None else f"{words.up_to} {format_number(after.up_to, language)}"
        flat = f", {words.flat} {change(before.flat, after.flat)}" if before.flat or after.flat else ""
        told.append(f"    {name}: {change(before.unit_price, after.unit_price)}{flat}")
    bounds = ((words.least, old.least, new.least), (words.most, old.most, new.most))
    told += [f"    {name} {change(low or ZERO, high or ZERO)}" for name, low, high in bounds if low != high]
    return "\n".join(told)


class _Words(NamedTuple):
    before: str
    since: str
    listed: str
    rest: str
    up_to: str
    flat: str
    least: str
    most: str


_WORDS: Final = {
    "de": _Words("bisher", "ab", "Staffelpreise nach Preisliste", "darüber", "bis", "dazu einmal", "mindestens",
                 "höchstens"),
    "en": _Words("until now", "from", "tiers as in the price list", "above that", "up to", "plus once", "at least",
                 "at most"),
}  # fmt: skip
