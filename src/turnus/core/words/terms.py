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
    "pause_of_nothing": (
        "Eine Pause setzt Abrechnung, Leistung oder beides aus; nichts auszusetzen ist keine Pause.",
        "A pause stops billing, the service or both; neither is no pause.",
    ),
    "pause_outside": (
        "Am {day} läuft der Vertrag nicht; eine Pause beginnt während des Vertrags.",
        "The contract does not run on {day}; a pause begins while it does.",
    ),
    "pause_overlaps": (
        "Vom {start}[ bis {day}] ist der Vertrag schon pausiert. Erst fortsetzen: turnus contract resume.",
        "The contract is paused from {start}[ to {day}] already. Resume it first: turnus contract resume.",
    ),
    "not_paused": (
        "Am {day} ist der Vertrag nicht pausiert, und keine Pause steht bevor.",
        "The contract is not paused on {day}, and no pause lies ahead.",
    ),
    "already_ends": (
        "Der Vertrag endet schon am {day}. Die Kündigung zurücknehmen: turnus contract notice --revoke.",
        "The contract ends on {day} already. Revoke the notice: turnus contract notice --revoke.",
    ),
    "no_notice": (
        "Der Vertrag ist nicht gekündigt; es gibt nichts zurückzunehmen.",
        "No notice was given of the contract; there is nothing to revoke.",
    ),
    "cause_reason": (
        "Eine Kündigung aus wichtigem Grund braucht den Grund in Worten (§ 314 BGB): --reason angeben.",
        "Termination for good cause needs its reason in words (§ 314 BGB): give --reason.",
    ),
    "warning_missing": (
        (
            "Vor der Kündigung wegen dieser Pflichtverletzung steht eine Abmahnung mit Frist (§ 314 Abs. 2 BGB): "
            "turnus contract warn."
        ),
        ("Termination for this breach needs a warning with a deadline first (§ 314 Abs. 2 BGB): turnus contract warn."),
    ),
    "warning_running": (
        "Die Frist der Abmahnung läuft noch bis {day} (§ 193 BGB); vorher kann nicht gekündigt werden.",
        "The deadline of the warning runs until {day} (§ 193 BGB); notice cannot be given before.",
    ),
    "billing_day": (
        "Den Tag {day} gibt es in keinem Monat; 1 bis 31 angeben.",
        "No month has a day {day}; give 1 to 31.",
    ),
    "not_ended": (
        "Der Vertrag läuft noch[ bis {day}]; eine Kündigung nimmt turnus contract notice --revoke zurück.",
        "The contract still runs[ until {day}]; turnus contract notice --revoke takes notice back.",
    ),
    "never_noticed": (
        "Der Vertrag {contract} ist nicht gekündigt; dazu gibt es keinen Brief. Kündigen: turnus contract notice.",
        "No notice was given of contract {contract}; there is no letter on it. Give notice: turnus contract notice.",
    ),
    "no_renewal": (
        (
            "Im Vertrag {contract} steht am {day} keine Verlängerung bevor, die sich noch kündigen ließe. Laufzeit und "
            "Frist: turnus contract terms {contract}."
        ),
        (
            "No renewal of contract {contract} lies ahead on {day} that notice could prevent. Term and notice: turnus "
            "contract terms {contract}."
        ),
    ),
    "replaced_already": (
        "Der Vertrag {contract} ist schon durch einen anderen ersetzt.",
        "Contract {contract} is replaced by another already.",
    ),
    "replaced_by_itself": (
        "Der Vertrag {contract} kann sich nicht selbst ersetzen; der neue braucht eine eigene Nummer.",
        "Contract {contract} cannot replace itself; the new one needs a number of its own.",
    ),
    "replacement_currency": (
        "Der alte Vertrag lautet auf {currency}; der neue muss es auch.",
        "The old contract is in {currency}; the new one must be, too.",
    ),
    "replacement_gap": (
        "Der alte Vertrag endet schon am {end}, der neue beginnt erst am {start}: das ist kein Ersatz.",
        "The old contract ends on {end} already, the new one begins on {start} only: that is no replacement.",
    ),
    "deadline_early": (
        "Die Frist ({day}) muss nach dem Zugang der Abmahnung liegen ({received}).",
        "The deadline ({day}) must lie after the receipt of the warning ({received}).",
    ),
}
"""Code → (German, English)."""
