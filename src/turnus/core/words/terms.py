"""Terms, notice, pauses and renewals that cannot be agreed or entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH: Final = (
    "[{month} Monat][{months} Monate][{day} Tag][{days} Tage]",
    "[{month} month][{months} months][{day} day][{days} days]",
)
_TERM: Final = tuple(text.replace("{", "{term_") for text in _LENGTH)

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "terms_initial_length": (
        "Die Mindestlaufzeit muss länger als 0 sein, in Monaten oder in Tagen.",
        "The initial term must be longer than 0, in months or in days.",
    ),
    "terms_renewal_length": (
        "Die Verlängerung muss länger als 0 sein, in Monaten oder in Tagen.",
        "The renewal term must be longer than 0, in months or in days.",
    ),
    "terms_notice_length": (
        "Die Kündigungsfrist darf nicht negativ sein und steht in Monaten oder in Tagen.",
        "The notice period must not be negative, and is in months or in days.",
    ),
    "terms_reminder": (
        "Die Erinnerung kommt nicht {days} Tage vor dem letzten Tag der Kündigung; mindestens 0 angeben.",
        "The reminder cannot come {days} days before the last day for notice; give at least 0.",
    ),
    "terms_renewal_alone": (
        "Eine Verlängerung braucht eine Mindestlaufzeit, nach der sie beginnt.",
        "A renewal term needs an initial term after which it begins.",
    ),
    "terms_cut_off_unused": (
        "Wer sich um feste Laufzeiten verlängert, endet nur mit ihnen: Kündigungstermin oder Verlängerung weglassen.",
        "What renews by fixed terms ends with them only: leave out the cut-off or the renewal term.",
    ),
    "notice_longer_than_term": (
        f"Die Kündigungsfrist ({_LENGTH[0]}) ist länger als die Mindestlaufzeit ({_TERM[0]}).",
        f"The notice period ({_LENGTH[1]}) is longer than the initial term ({_TERM[1]}).",
    ),
    "notice_longer_than_renewal": (
        f"Die Kündigungsfrist ({_LENGTH[0]}) ist länger als die Verlängerung ({_TERM[0]}).",
        f"The notice period ({_LENGTH[1]}) is longer than the renewal term ({_TERM[1]}).",
    ),
    "consumer_initial_term": (
        f"Mindestlaufzeit {_LENGTH[0]}: mit Verbrauchern höchstens 24 Monate (§ 309 Nr. 9 a BGB).",
        f"Initial term {_LENGTH[1]}: with consumers at most 24 months (§ 309 Nr. 9 a BGB).",
    ),
    "consumer_renewal": (
        (
            f"Verlängerung um {_LENGTH[0]}: mit Verbrauchern nur auf unbestimmte Zeit, jederzeit kündbar "
            "(§ 309 Nr. 9 b BGB). Verlängerung leer lassen."
        ),
        (
            f"Renewal by {_LENGTH[1]}: with consumers only for an indefinite time that can be ended at any time "
            "(§ 309 Nr. 9 b BGB). Leave the renewal term blank."
        ),
    ),
    "consumer_renewal_old": (
        (
            f"Verlängerung um {_LENGTH[0]}: mit Verbrauchern vor dem 01.03.2022 höchstens 12 Monate (§ 309 Nr. 9 b BGB "
            "alter Fassung)."
        ),
        (
            f"Renewal by {_LENGTH[1]}: with consumers before 01.03.2022 at most 12 months (§ 309 Nr. 9 b BGB, old "
            "version)."
        ),
    ),
    "consumer_notice": (
        (
            f"Kündigungsfrist {_LENGTH[0]}: mit Verbrauchern höchstens 1 Monat oder 28 Tage, denn mehr Tage sind im "
            "Februar mehr als ein Monat (§ 309 Nr. 9 c BGB)."
        ),
        (
            f"Notice period {_LENGTH[1]}: with consumers at most 1 month or 28 days, for more days are more than a "
            "month in February (§ 309 Nr. 9 c BGB)."
        ),
    ),
    "consumer_notice_old": (
        (
            f"Kündigungsfrist {_LENGTH[0]}: mit Verbrauchern vor dem 01.03.2022 höchstens 3 Monate oder 89 Tage "
            "(§ 309 Nr. 9 c BGB alter Fassung)."
        ),
        (
            f"Notice period {_LENGTH[1]}: with consumers before 01.03.2022 at most 3 months or 89 days "
            "(§ 309 Nr. 9 c BGB, old version)."
        ),
    ),
    "consumer_cut_off": (
        (
            "Nach der Mindestlaufzeit können Verbraucher jederzeit kündigen, nicht nur zu einem Termin "
            "(§ 309 Nr. 9 b BGB). Kündigungstermin leer lassen."
        ),
        (
            "After the initial term consumers may give notice at any time, not only to a cut-off day "
            "(§ 309 Nr. 9 b BGB). Leave the cut-off blank."
        ),
    ),
}
"""Code → (German, English)."""
