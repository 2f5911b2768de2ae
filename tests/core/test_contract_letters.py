"""Letters on notice and renewal, word for word: receipt, moment, end (§ 312k BGB); when a notice must arrive."""

from datetime import date, datetime

import pytest

from turnus.core.contract_letters import NoticeGiven, Parties, RenewalAhead, notice_letter, renewal_letter
from turnus.core.notices import Cause, NoticeKind
from turnus.core.periods import FAR_FUTURE, Cycle
from turnus.core.terms import CutOff, Term
from turnus.core.words.letters import CAUSES, CUT_OFFS, LETTERS

GERMAN, ENGLISH = (Parties("Beispiel GmbH", "Erika Muster", "V-1", language) for language in ("de", "en"))
GIVEN = NoticeGiven(
    NoticeKind.ORDINARY, by_seller=False, cause="", received=date(2026, 12, 14),
    recorded=datetime(2026, 12, 14, 9, 5), end=date(2027, 1, 15),  # noqa: DTZ001 - the seller's local time
)  # fmt: skip
AHEAD = RenewalAhead(
    Term(1, date(2026, 1, 15), date(2027, 1, 15)), Term(2, date(2027, 1, 15), date(2028, 1, 15)), date(2026, 12, 14),
    Cycle(1, 0), CutOff.DAY,
)  # fmt: skip


def test_a_confirmation_says_receipt_moment_and_end() -> None:
    assert notice_letter(GERMAN, GIVEN) == (
        "Erika Muster\n\nVertrag V-1: Bestätigung Ihrer Kündigung\n\n"
        "Ihre Kündigung des Vertrags V-1 ist am 14.12.2026 bei uns eingegangen.\n\n"
        "Der Vertrag endet mit Ablauf des 14.01.2027.\n\n"
        "Was für Tage danach schon berechnet ist, schreiben wir gut.\n\n"
        "Erfasst am 14.12.2026 um 09:05 Uhr.\n\nBeispiel GmbH\n"
    )
    english = notice_letter(ENGLISH, GIVEN)
    assert "The contract ends at the end of 14 Jan 2027.\n" in english
    assert "Recorded on 14 Dec 2026 at 09:05." in english


def test_who_wished_an_earlier_end_reads_why_it_is_not_possible() -> None:
    wished = GIVEN._replace(wished=date(2026, 12, 25))
    text = notice_letter(GERMAN, wished)
    assert "Sie hatten das Ende mit Ablauf des 24.12.2026 gewünscht; der 14.01.2027 ist" in text
    assert "gewünscht" not in notice_letter(GERMAN, wished._replace(wished=GIVEN.end))


def test_a_notice_for_cause_of_ours_and_a_revocation_have_letters_of_their_own() -> None:
    ours = GIVEN._replace(
        kind=NoticeKind.CAUSE, by_seller=True, cause=Cause.NON_PAYMENT, reason="Rückstand seit August"
    )
    text = notice_letter(GERMAN, ours)
    assert "Wir kündigen den Vertrag V-1 (außerordentlich, wegen Zahlungsverzugs)." in text
    assert "Grund: Rückstand seit August" in text
    back = GIVEN._replace(kind=NoticeKind.REVOCATION, end=None)
    assert "seit dem 14.12.2026 zurückgenommen. Der Vertrag läuft weiter." in notice_letter(GERMAN, back)
    assert "until the end of 14 Jan 2027." in notice_letter(ENGLISH, back._replace(end=GIVEN.end))


def test_a_reminder_says_until_when_the_contract_is_renewed_and_when_a_notice_must_arrive() -> None:
    assert renewal_letter(GERMAN, AHEAD) == (
        "Erika Muster\n\nVertrag V-1: Verlängerung ab 15.01.2027\n\n"
        "Die Laufzeit Ihres Vertrags V-1 endet mit Ablauf des 14.01.2027. Kündigen Sie nicht, läuft er ab dem "
        "15.01.2027\nweiter bis zum Ablauf des 14.01.2028.\n\n"
        "Möchten Sie das nicht, muss uns Ihre Kündigung spätestens am 14.12.2026 zugehen.\n\nBeispiel GmbH\n"
    )


@pytest.mark.parametrize(
    ("notice", "cut_off", "text"),
    [
        (Cycle(1, 0), CutOff.DAY, "jederzeit mit einer Frist von 1 Monat kündigen"),
        (Cycle(3, 0), CutOff.QUARTER, "jederzeit mit einer Frist von 3 Monaten zum Quartalsende kündigen"),
        (Cycle(0, 14), CutOff.DAY, "jederzeit mit einer Frist von 14 Tagen kündigen"),
        (Cycle(0, 0), CutOff.DAY, "jederzeit kündigen"),
    ],
)
def test_a_renewal_for_an_indefinite_time_says_how_it_can_be_ended(notice: Cycle, cut_off: CutOff, text: str) -> None:
    following = Term(2, date(2027, 1, 15), FAR_FUTURE)
    told = renewal_letter(GERMAN, AHEAD._replace(following=following, notice=notice, cut_off=cut_off))
    assert text in " ".join(told.split())
    assert "[" not in told
    assert "{" not in told


def test_every_letter_cause_and_cut_off_has_words_in_both_languages() -> None:
    assert set(CAUSES) == set(Cause)
    assert set(CUT_OFFS) == set(CutOff)
    for german, english in LETTERS.values():
        assert german != english
