"""``turnus einvoice check`` and ``turnus rules``: words in both languages, exit codes, JSON, no traceback ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.adapters.validation.corpus import CII, FACTUR_X, UBL, pdf, swap, without
from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "rechnungen"
    folder.mkdir()
    for name, content in {
        "gut.xml": CII,
        "gut.pdf": pdf(("factur-x.xml", FACTUR_X)),
        "falsch.xml": swap(UBL, ">22.50<", ">22.51<"),
        "keine.xml": b"Hallo",
        "zwei.pdf": pdf(("factur-x.xml", FACTUR_X), ("xrechnung.xml", CII)),
        "iban.xml": without(UBL, "cac:PayeeFinancialAccount"),
    }.items():
        (folder / name).write_bytes(content)
    return folder


def test_valid_files_end_with_0_and_say_by_which_rules(desk: Desk, files: Path) -> None:
    done = desk("einvoice", "check", str(files / "gut.xml"), str(files / "gut.pdf"))
    assert done.out.count("gültig") == 2
    assert "nicht gültig" not in done.out
    for part in ("factur-x 7.8", "saxonche", hashlib.sha256(CII).hexdigest(), "factur-x.xml"):
        assert part in done.out


def test_a_wrong_file_ends_with_1_and_says_what_and_which_law(desk: Desk, files: Path) -> None:
    german = desk("einvoice", "check", str(files / "gut.xml"), str(files / "falsch.xml"), code=1)
    for part in (
        "nicht gültig: Inhaltsfehler",
        "BR-CO-14; BT-110, BT-117",
        "(§ 14 Abs. 4 Nr. 8 UStG)",
        "/Invoice/TaxTotal",
    ):
        assert part in german.out
    english = desk("--language", "en", "einvoice", "check", str(files / "iban.xml"), str(files / "zwei.pdf"), code=1)
    assert "not valid: business-rule error" in english.out
    assert "not valid: format error" in english.out
    assert "The PDF holds several e-invoices; which of them counts cannot be told." in english.out


def test_scripts_get_everything_as_json(desk: Desk, files: Path) -> None:
    done = desk("einvoice", "check", "--json", str(files / "falsch.xml"), str(files / "keine.xml"), code=1)
    wrong, none = done.json
    assert (wrong["verdict"], wrong["error_class"], wrong["syntax"]) == ("invalid", "content", "ubl-invoice")
    assert {one["rule"] for one in wrong["findings"]} == {"BR-CO-14", "BR-CO-15"}
    assert wrong["findings"][0]["law"] == "§ 14 Abs. 4 Nr. 8 UStG"
    assert wrong["rule_sets"][0]["name"] == "factur-x"
    assert (none["error_class"], none["findings"][0]["message"]) == (
        "format", "Die Datei ist weder XML noch PDF, also keine E-Rechnung.",
    )  # fmt: skip


def test_what_cannot_be_judged_ends_with_4_whatever_else_is_there(desk: Desk, files: Path) -> None:
    done = desk("einvoice", "check", str(files / "gut.xml"), str(files / "nichts.xml"), str(files), code=4)
    assert done.out.count("nicht geprüft, also abgelehnt") == 2
    assert "Traceback" not in done.out + done.err


def test_rule_sets_are_listed_and_checked(desk: Desk) -> None:
    assert [one["name"] for one in desk("rules", "list", "--json").json] == ["factur-x"]
    assert "vollständig" in desk("rules", "check").out


def test_a_rule_set_is_taken_in_found_damaged_and_taken_out(desk: Desk, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "rules.toml").write_text(
        'name = "house"\nversion = "1"\n[[scenario]]\n'
        'syntaxes = ["cii"]\nprofiles = ["urn:x"]\nschematron = ["a.xslt"]\n'
    )
    sheet = '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'
    (given / "a.xslt").write_text(sheet)
    assert "Aufgenommen: house 1 mit 1 Prüfungen." in desk("rules", "add", str(given)).out
    (copy,) = desk.home.glob("rules/house/1/a.xslt")
    copy.write_text(sheet + " ")
    damaged = desk("--language", "en", "rules", "check", code=1)
    assert "In the rule set house 1 the file a.xslt was changed; nothing is judged so." in damaged.out
    desk("rules", "remove", "house")
    desk("rules", "check")
    assert "Ein aktives Regelwerk house gibt es nicht." in desk("rules", "remove", "house", code=3).err
