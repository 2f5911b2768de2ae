"""Corrections of details at the terminal (L-08)."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

LINE = "LIC:1:10,00:01.11.2026:30.11.2026:Beratung"


def test_details_are_corrected_and_told(filled: Desk) -> None:
    draft = filled("invoice", "new", "K1", "--line", LINE, "--on", "30.11.2026", "--json").json
    number = filled("invoice", "issue", str(draft["id"]), "--json").json["number"]
    right = ("--text", "1=Schulung", "--reference", "PO 7", "--reason", "Text", "--on", "01.12.2026")
    said = filled("invoice", "correct", number, *right).out
    for text in ("Berichtigung ", "Referenz: PO 7 (bisher: keine Angabe)", "Position 1: Schulung (bisher: Beratung)"):
        assert text in said
    shown = filled("invoice", "show", number).out
    assert "Angaben berichtigt" in shown
    assert "Offen" in shown
    wrong = ("invoice", "correct", number, "--reason", "x", "--on", "02.12.2026")
    assert "nichts zu berichtigen" in filled(*wrong, code=3).err
    assert "no line 7" in filled("--language", "en", *wrong, "--text", "7=x", code=3).err
    filled(*wrong, "--text", "x", code=2)
    made = filled(*wrong, "--cost-centre", "4711", "--json").json
    assert made["details"] == ["Kostenstelle: 4711 (bisher: keine Angabe)"]
    assert "self-billing" in filled("--language", "en", "invoice", "object", number, code=3).err
    filled("doctor")
