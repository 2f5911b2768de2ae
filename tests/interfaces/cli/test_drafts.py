"""Drafts by hand at the terminal: written, edited, checked, issued (JB-78 to 81)."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

LINE = "LIC:2:80,00:01.11.2026:30.11.2026:Workshop"


def test_a_draft_is_edited_checked_and_issued(filled: Desk) -> None:
    made = filled("invoice", "new", "K1", "--line", LINE, "--on", "30.11.2026", "--note", "Hallo", "--json").json
    draft = str(made["id"])
    filled("invoice", "edit", draft, "--on", "01.12.2026", "--reference", "PO 7", "--payment-days", "30")
    filled("invoice", "lines", draft, "--add", "LIC:1:10,00:01.11.2026:30.11.2026")
    assert "Nichts fehlt" in filled("invoice", "check", draft).out
    shown = filled("invoice", "show", draft).out
    for text in ("01.12.2026", "31.12.2026", "PO 7"):
        assert text in shown
    number = filled("invoice", "issue", draft, "--json").json["number"]
    assert filled("invoice", "show", number, "--json").json["net"] == 170_00
    filled("invoice", "edit", draft, "--note", "x", code=3)


def test_a_check_names_everything_at_once(filled: Desk) -> None:
    rows = "Kundennummer;Name;Art;Straße;PLZ;Ort;Land;E-Rechnung\nK9;Amt;Firma;Weg 1;01067;Dresden;DE;xrechnung\n"
    filled("import", "customers", filled.file("k.csv", rows))
    draft = str(filled("invoice", "new", "K9", "--line", LINE, "--on", "30.11.2026", "--json").json["id"])
    said = filled("invoice", "check", draft, code=1).out
    assert "BR-DE-15" in said
    assert "PEPPOL-EN16931-R010" in said
    lacks = filled("invoice", "check", draft, "--json", code=1).json["missing"]
    assert len(lacks) == len(said.strip().splitlines()) > 1
    refused = filled("invoice", "issue", draft, code=3).err
    assert all(lack["law"] in refused for lack in lacks)


def test_a_pro_forma_invoice_by_hand(filled: Desk) -> None:
    made = filled("invoice", "new", "K1", "--line", LINE, "--proforma", "--on", "30.11.2026", "--json").json
    assert filled("invoice", "issue", str(made["id"]), "--json").json["number"] == "PF-2026-000001"
