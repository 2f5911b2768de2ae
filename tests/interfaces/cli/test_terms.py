"""``turnus contract``: term, notice, pause, renewal at the command line, in both languages."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

TERMS = ("--initial", "12 Monate", "--renewal", "12 Monate", "--notice", "3 Monate")
NEW = ("contract", "new", "V9", "--customer", "K1", "--start", "15.01.2026", "--item", "ABO:1:31,00")


@pytest.fixture
def yearly(filled: Desk) -> Desk:
    """V9: a year from 15.01.2026, three months' notice, renews by a year."""
    filled(*NEW, *TERMS)
    return filled


def test_show_says_state_term_renewal_and_last_day_for_notice(yearly: Desk) -> None:
    shown = yearly("contract", "show", "V9", "--on", "01.05.2026").out
    for text in (
        "Aktiv", "12 Monate", "3 Monate", "1: 15.01.2026–14.01.2027", "15.01.2027–14.01.2028", "14.10.2026",
    ):  # fmt: skip
        assert text in shown
    sheet = yearly("contract", "show", "V9", "--on", "01.05.2026", "--json").json["terms"]
    assert (sheet["state"], sheet["last_notice_day"], sheet["earliest_end"]) == ("active", "2026-10-14", "2027-01-15")
    english = yearly("--language", "en", "contract", "terms", "V9", "--on", "01.05.2026").out
    for text in ("active", "12 months", "Last day for notice", "14 Oct 2026"):
        assert text in english


def test_notice_is_shown_before_it_is_given_and_says_when_it_is_late(yearly: Desk) -> None:
    late = ("--received", "15.10.2026", "--dry-run", "--on", "16.10.2026")
    foreseen = yearly("contract", "notice", "V9", *late, "--json").json
    assert (foreseen["end"], foreseen["last_day"], foreseen["late"]) == ("2028-01-15", "2028-01-14", True)
    assert [document["gross"] for document in foreseen["documents"]][-1] == 31_00
    assert (
        "Letzter Beleg am 15.12.2027: 26,05\u00a0€ netto, 31,00\u00a0€ brutto."
        in yearly("contract", "notice", "V9", *late).out
    )
    assert yearly("contract", "show", "V9", "--json").json["line"]["end"] is None
    given = yearly("contract", "notice", "V9", "--received", "14.10.2026", "--on", "16.10.2026").out
    assert "14.01.2027" in given
    assert "Zu spät" not in given
    assert yearly("contract", "show", "V9", "--on", "16.10.2026", "--json").json["terms"]["state"] == "notice_given"
    assert "endet schon am 14.01.2027" in yearly("contract", "notice", "V9", "--on", "17.10.2026", code=3).err
    assert "offen" in yearly("contract", "notice", "V9", "--revoke", "--reason", "bleibt").out


def test_a_termination_for_arrears_needs_reason_and_warning_both_said_at_once(yearly: Desk) -> None:
    cause = ("contract", "notice", "V9", "--cause", "zahlungsverzug", "--by-seller")
    refused = yearly(*cause, "--on", "01.04.2026", code=3).err
    assert "§ 314 BGB): --reason" in refused
    assert "turnus contract warn" in refused
    yearly("contract", "warn", "V9", "--received", "02.03.2026", "--deadline", "14.03.2026")
    assert "bis 16.03.2026" in yearly(*cause, "--reason", "Rückstand", "--on", "16.03.2026", code=3).err
    assert "17.03.2026" in yearly(*cause, "--reason", "Rückstand", "--on", "17.03.2026").out


def test_terms_that_may_not_be_agreed_are_refused_in_both_languages(filled: Desk) -> None:
    bad = (*NEW, "--initial", "6 Monate", "--notice", "12 Monate")
    assert "ist länger als die Mindestlaufzeit (6 Monate)" in filled(*bad, code=3).err
    assert "longer than the initial term (6 months)" in filled("--language", "en", *bad, code=3).err
    assert "ist kein Turnus" in filled(*NEW, "--initial", "lang", code=2).err


def test_other_terms_and_the_renewal_log(yearly: Desk) -> None:
    assert yearly("contract", "renew", "--on", "15.10.2026", "--json").json == {"renewed": 1, "reminded": 0}
    assert yearly("contract", "renew", "--on", "15.10.2026", "--json").json == {"renewed": 0, "reminded": 0}
    assert yearly("contract", "terms", "V9", "--json").json["renewals"] == [[2, "2027-01-15", "2028-01-15"]]
    changed = yearly("contract", "terms", "V9", "--from", "01.11.2026", "--initial", "24 Monate", "--restart", "--on",
                     "02.11.2026", "--json").json  # fmt: skip
    assert changed["term"] == {"number": 1, "start": "2026-11-01", "end": "2028-11-01"}
    assert changed["renewal"] is None


def test_the_worker_logs_renewals_too(yearly: Desk) -> None:
    assert yearly("work", "--on", "15.10.2026", "--json").json["renewed"] == 1
    assert "1 Verlängerungen" not in yearly("work", "--on", "15.10.2026").out


def test_pause_resume_and_a_free_month(yearly: Desk) -> None:
    yearly("contract", "pause", "V9", "--from", "15.03.2026", "--until", "14.04.2026", "--prolong", "--reason", "Umbau")
    sheet = yearly("contract", "show", "V9", "--on", "20.03.2026", "--json").json["terms"]
    assert (sheet["state"], sheet["term"]["end"]) == ("paused", "2027-02-15")
    assert "schon pausiert" in yearly("contract", "pause", "V9", "--from", "01.04.2026", code=3).err
    assert "Fortgesetzt ab 01.04.2026" in yearly("contract", "resume", "V9", "--from", "01.04.2026").out
    assert "nicht pausiert" in yearly("contract", "resume", "V9", "--from", "02.04.2026", code=3).err
    assert "billing oder service" in yearly("contract", "pause", "V9", "--from", "heute", "--only", "x", code=2).err
    yearly("contract", "free", "V9", "--from", "15.05.2026")
    [discount] = yearly("contract", "show", "V9", "--json").json["discounts"]
    assert (discount["label"], discount["start"], discount["end"]) == ("Freimonat", "2026-05-15", "2026-06-15")


def test_what_a_pause_would_cause_is_shown_and_not_done(yearly: Desk) -> None:
    yearly("run", "issue", "--through", "15.02.2026", "--on", "15.02.2026", "--customer", "K1")
    days = ("V9", "--from", "01.03.2026", "--until", "14.03.2026", "--on", "20.02.2026", "--dry-run")
    shown = yearly("contract", "pause", *days, "--json").json
    [credit] = shown["today"]["documents"]
    assert (credit["gross"], credit["anyway"]) == (-15_50, False)  # 31.00 × 14/28
    assert "Vorschau: nichts wird gespeichert" in yearly("contract", "pause", *days).out
    assert yearly("contract", "terms", "V9", "--json").json["pauses"] == []
    day = ("V9", "--day", "1", "--from", "15.03.2026", "--on", "20.02.2026", "--dry-run", "--json")
    moved = yearly("contract", "billing-day", *day).json
    assert [document["gross"] for document in moved["next"]["documents"]] == [17_00]  # 31.00 × 17/31


def test_a_replacement_shows_the_first_invoice_of_the_new_contract_before_it_is_made(yearly: Desk) -> None:
    new = ("V9", "V10", "--start", "15.03.2026", "--item", "ABO:1:50,00", "--on", "15.03.2026", "--dry-run", "--json")
    shown = yearly("contract", "replace", *new).json
    assert sorted(document["gross"] for document in shown["today"]["documents"]) == [50_00, 62_00]
    yearly("contract", "show", "V10", code=3)


def test_an_ended_contract_runs_again_and_is_replaced(yearly: Desk) -> None:
    yearly("contract", "end", "V9", "--last-day", "14.04.2026")
    yearly("contract", "reactivate", "V9", "--from", "15.04.2026", "--restart")
    assert yearly("contract", "show", "V9", "--on", "16.04.2026", "--json").json["terms"]["state"] == "active"
    said = yearly("contract", "replace", "V9", "V10", "--start", "15.06.2026", "--item", "ABO:2").out
    assert "V9 endet am 14.06.2026, V10 beginnt." in said
    assert yearly("contract", "terms", "V9", "--json").json["replaced_by"] == "V10"
    assert yearly("contract", "terms", "V10", "--json").json["replaces"] == "V9"
    assert "erst am 01.08.2026" in yearly("contract", "replace", "V9", "V11", "--start", "01.08.2026", "--item", "ABO",
                                          code=3).err  # fmt: skip


def test_another_billing_day(yearly: Desk) -> None:
    yearly("contract", "billing-day", "V9", "--day", "1", "--from", "15.02.2026", "--reason", "Wunsch")
    yearly("contract", "co-term", "V9", "1-ABO", "--from", "15.04.2026")
    assert "höchstens 31" in yearly("contract", "billing-day", "V9", "--day", "32", "--from", "heute", code=2).err
