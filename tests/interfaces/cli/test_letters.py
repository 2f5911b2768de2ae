"""Letters of a contract at the terminal: the confirmation of a notice, the reminder of a renewal."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database


def test_notice_and_renewal_have_letters_in_the_language_of_the_customer(filled: Desk) -> None:
    new = ("contract", "new", "V9", "--customer", "K3", "--start", "15.01.2026", "--item", "ABO:1:9,99")
    filled(*new, "--initial", "12 Monate", "--notice", "1 Monat")
    shown = filled("contract", "letter", "V9", "renewal", "--on", "22.11.2026").out
    assert "Erika Muster" in shown
    assert "läuft er ab dem 15.01.2027 auf\nunbestimmte Zeit weiter" in shown
    assert "Kündigung spätestens am 14.12.2026 zugehen" in shown
    late = filled("contract", "letter", "V9", "renewal", "--on", "15.12.2026", code=3).err
    assert "turnus contract terms V9" in late

    none = filled("--language", "en", "contract", "letter", "V9", "notice", code=3).err
    assert none == (
        "Error: No notice was given of contract V9; there is no letter on it. Give notice: turnus contract notice.\n"
    )
    filled("contract", "notice", "V9", "--received", "14.12.2026", "--on", "14.12.2026")
    told = filled("contract", "letter", "V9", "notice", "--json").json
    assert told["kind"] == "notice"
    assert "am 14.12.2026 bei uns eingegangen" in told["letter"]
    assert "Der Vertrag endet mit Ablauf des 14.01.2027." in told["letter"]
    filled("contract", "notice", "V9", "--revoke", "--on", "15.12.2026")
    assert "zurückgenommen" in filled("contract", "letter", "V9", "notice").out
    assert "V99" in filled("contract", "letter", "V99", "notice", code=3).err
    assert "notice" in filled("contract", "letter", "V9", "nix", code=2).err
