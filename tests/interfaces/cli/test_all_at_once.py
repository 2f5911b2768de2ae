"""One wrong file, or one wrong command, says everything that is wrong with it, in German and English."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

PRODUCTS = """Artikelnummer;Bezeichnung;Preismodell;Preis;Gültig ab
A;;pauschal;x;01.01.2026
B;B;nix;-1;31.02.2026
"""
CONTRACTS = """Vertrag;Kunde;Beginn;Artikelnummer;Position;Änderung ab;Preis
V7;K9;01.01.2026;NIX;a;;
V7;;;NIX2;b;;
V8;K1;01.01.2026;LIC;;;
V8;;;BASE;LIC;01.01.2025;1,00
V9;K1;01.01.2026;LIC;;;
V9;;;;LIC;01.03.2026;1,0000000000000001
V9;;;;LIC;01.04.2026;2,0000000000000001
"""


def test_one_wrong_file_says_everything(filled: Desk) -> None:
    said = {
        "de": ["Zeile 2, Spalte „Bezeichnung“", "Zeile 2, Spalte „Preis“", "Zeile 3, Spalte „Preismodell“",
               "Zeile 3, Spalte „Gültig ab“"],
        "en": ["Row 2, column “Bezeichnung”", "Row 2, column “Preis”", "Row 3, column “Preismodell”",
               "Row 3, column “Gültig ab”"],
    }  # fmt: skip
    assert told(filled, "products", PRODUCTS) == said
    said = {
        "de": ["Zeile 2: Den Kunden K9", "Zeile 2: Das Produkt NIX", "Zeile 2: Das Produkt NIX2",
               "Zeile 5, Spalte „Artikelnummer“", "Zeile 5, Spalte „Änderung ab“", "Zeile 7, Spalte „Preis“",
               "Zeile 8, Spalte „Preis“"],
        "en": ["Row 2: There is no customer K9", "Row 2: There is no product NIX", "Row 2: There is no product NIX2",
               "Row 5, column “Artikelnummer”", "Row 5, column “Änderung ab”", "Row 7, column “Preis”",
               "Row 8, column “Preis”"],
    }  # fmt: skip
    found = told(filled, "contracts", CONTRACTS)
    for language, lines in said.items():
        assert [line.startswith(start) for line, start in zip(found[language], lines, strict=True)] == [True] * 7, found


def told(filled: Desk, kind: str, text: str) -> dict[str, list[str]]:
    """What an import says of its rows in each language; of cells without what is wrong with them."""
    found = {}
    for language in ("de", "en"):
        out = filled("--language", language, "import", kind, filled.file("x.csv", text), code=1).out
        rows = [line.strip() for line in out.splitlines() if line.startswith(("  Zeile ", "  Row "))]
        found[language] = [row.split(": ")[0] for row in rows] if kind == "products" else rows
    return found


WRONG = {
    ("contract", "new", "V9", "--customer", "K99", "--start", "heute", "--item", "NIX:1", "--item", "NIX2",
     "--price-list", "nix", "--initial", "1 Monat", "--notice", "3 Monate", "--coupon", "NIEDA"): (
        ["Kunden K99", "„NIEDA“", "länger als die Mindestlaufzeit", "Preisliste „nix“", "Produkt NIX ",
         "Produkt NIX2 "],
        ["customer K99", "“NIEDA”", "longer than the initial term", "Price list “nix”", "product NIX.",
         "product NIX2."]),
    ("contract", "minimum", "V1", "-5", "--item", "NIX", "--from", "heute"): (
        ["Position „NIX“", "Mindest"], ["no item “NIX”", "inimum"]),
    ("contract", "discount", "V1", "--item", "NIX", "--label", "x", "--percent", "120", "--amount", "5",
     "--from", "heute"): (
        ["entweder Prozent oder Betrag", "höchstens 100 Prozent", "Position „NIX“"],
        ["either percent or an amount", "at most 100 percent", "no item “NIX”"]),
    ("contract", "minimum", "V1", "5", "--item", "NIX", "--product", "NOPE", "--from", "01.01.1999",
     "--last-day", "01.01.1998"): (
        ["Position „NIX“", "Produkt NOPE", "liegt vor dem Beginn"],
        ["no item “NIX”", "product NOPE", "lies before the start"]),
}  # fmt: skip
"""A wrong command and what is said of it in German and English."""


@pytest.mark.parametrize("command", WRONG, ids=lambda command: command[1])
def test_one_wrong_command_says_everything(filled: Desk, command: tuple[str, ...]) -> None:
    for language, words in zip(("de", "en"), WRONG[command], strict=True):
        said = filled("--language", language, *command, code=3).err
        assert [word for word in words if word not in said] == [], said
        assert len(said.splitlines()) == len(words), said


UNREADABLE = {
    ("contract", "new", "V9", "--customer", "K1", "--start", "31.02.2026", "--cycle", "oft", "--anchor", "nie",
     "--notice", "bald", "--item", "LIC:viele", "--end", "später"): [
        "--start", "--notice", "--cycle", "--anchor", "--item", "--end"],
    ("scheme", "new", "s", "--tier", "a:1", "--tier", ":b", "--included", "c", "--break", "x:y", "--function", "nix"): [
        "--included", "--tier", "--tier", "--break", "--break", "--function"],
}  # fmt: skip
"""A command and the options of it that cannot be read."""


@pytest.mark.parametrize("command", UNREADABLE, ids=lambda command: command[0])
def test_all_options_that_cannot_be_read_are_said_at_once(filled: Desk, command: tuple[str, ...]) -> None:
    for language in ("de", "en"):
        said = filled("--language", language, *command, code=2).err
        found = [line.removeprefix("Fehler: ").removeprefix("Error: ").partition(":")[0] for line in said.splitlines()]
        assert found == UNREADABLE[command], said
