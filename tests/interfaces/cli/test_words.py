"""What the command line says: both languages, refusals in words with their exit code, exact figures for scripts."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import turnus
from tests.interfaces.cli.conftest import CUSTOMERS, SELLER, Desk
from turnus.core.document import PostalAddress
from turnus.core.intake.texts import CODES
from turnus.core.invoicing import missing_of_buyer, missing_of_seller
from turnus.core.messages import FIELDS, TEXTS, message
from turnus.core.parties import CustomerData, CustomerKind, SellerData
from turnus.core.status import WORDS, Status
from turnus.core.words import explaining
from turnus.interfaces.cli.app import app
from turnus.interfaces.cli.language import both

database = pytest.mark.database
SOURCE = Path(turnus.__file__).parent
CODED = {
    "TaxHoldError", "ContractRefusedError", "CorrectionRefusedError", "RunRefusedError", "UsageRefusedError",
    "RefusedError", "_Refused", "IssueDateError", "AllocationError", "fault",
}  # fmt: skip


# ---- every code has words --------------------------------------------------------------------------------------------


def codes_in_source() -> Iterator[tuple[str, str]]:
    """Codes that the source refuses, parks and holds with, each with its place."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = 1 if name == "Parked" else 0
            if (name in CODED or name == "Parked") and len(node.args) > place:
                code = node.args[place]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value, f"{path.name}:{node.lineno}"


def test_every_code_has_words_in_both_languages() -> None:
    found = dict(codes_in_source())
    assert len(found) > 60
    assert {code: place for code, place in found.items() if code not in TEXTS} == {}
    assert {"overlap", "many_lines", "missing", "deviation", "price_changed", "unknown_parent"} <= set(TEXTS)


def test_both_languages_of_a_text_ask_for_the_same_blanks() -> None:
    for code, (german, english) in TEXTS.items():
        blanks = [set(re.findall(r"{([a-z_]+)}", text)) for text in (german, english)]
        assert blanks[0] == blanks[1], code
        assert german != english or not re.search(r"[^\W\d_]", re.sub(r"{\w+}", "", german)), code
        assert german.endswith((".", "]", "…")) or code in explaining.TEXTS, code


def test_days_and_missing_fields_are_written_for_people() -> None:
    said = message("vat_id_check_old", {"vat_id": "ATU1", "day": "2026-11-01"}, "de")
    assert "vom 01.11.2026" in said
    said = message("missing", {"fields": "buyer.street (§ 14 Abs. 4 Nr. 1 UStG)"}, "en")
    assert "the customer's street (§ 14" in said


def test_every_field_that_can_be_missing_has_a_name() -> None:
    nowhere = PostalAddress("", "", "", "DE")
    lacks = missing_of_seller(SellerData("x", "", nowhere)) + missing_of_buyer(
        CustomerData("1", "", CustomerKind.COMPANY, nowhere)
    )
    assert {lack.field for lack in lacks} <= set(FIELDS)


def test_every_status_has_a_word() -> None:
    assert set(WORDS) == set(Status)


def test_file_errors_and_refusals_have_separate_words() -> None:
    assert len(CODES) > 40


# ---- help ------------------------------------------------------------------------------------------------------------


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


SEPARATOR = both("", "")
TREE = dict(commands(typer.main.get_command(app)))


def examples() -> Iterator[tuple[tuple[str, ...], str]]:
    for path, command in TREE.items():
        for line in (command.help or "").partition(SEPARATOR)[0].splitlines():
            words = line.strip().removeprefix("$ turnus ")
            if words != line.strip() and words.split()[: len(path)] == list(path) and path:
                yield path, words


def refused(path: tuple[str, ...], words: str) -> str:
    """What keeps an example from being typed, but for a file that is not there; empty: nothing."""
    try:
        TREE[path].make_context("turnus", shlex.split(words)[len(path) :])
    except typer.BadParameter as error:
        missing = type(error) is typer.BadParameter and "does not exist" in error.message
        return "" if missing else f"{words}: {error}"
    return ""


def test_the_examples_of_the_help_can_be_typed() -> None:
    """Every option and argument of every example exists."""
    assert len(list(examples())) > 300
    assert [told for path, words in examples() if (told := refused(path, words))] == []


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_command_has_help_with_an_example_in_both_languages(path: tuple[str, ...]) -> None:
    command = TREE[path]
    german, _, english = (command.help or "").partition(SEPARATOR)
    assert german != english
    for text in (german, english):
        assert "\n$ turnus " in text, path
        examples = re.findall(r"\$ turnus (.*)", text)
        if path and not hasattr(command, "commands"):
            assert any(line.startswith(" ".join(path)) for line in examples), (path, examples)
    for parameter in command.params:
        if parameter.name != "help":
            assert SEPARATOR in (parameter.help or ""), (path, parameter.name)


@pytest.mark.parametrize(
    ("language", "words"), [("de", ("Aufruf:", "Optionen", "Verträge")), ("en", ("Usage:", "contracts"))]
)
def test_help_speaks_the_chosen_language(
    language: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNUS_LANGUAGE", language)
    from typer.testing import CliRunner  # noqa: PLC0415 - beside its use

    said = CliRunner().invoke(app, ["--help"]).stdout
    for word in words:
        assert word in said
    assert "\x1f" not in said


# ---- refusals --------------------------------------------------------------------------------------------------------


@database
def test_nothing_works_before_init_and_says_so(desk: Desk) -> None:
    for command in (("run", "preview"), ("invoice", "list"), ("contract", "list"), ("customer", "list")):
        assert "turnus init" in desk(*command, code=3).err


@database
def test_a_command_written_wrongly_ends_with_2(filled: Desk) -> None:
    wrong = {
        ("run", "draft", "--foo"): "Die Option --foo gibt es nicht",
        ("--language", "fr", "doctor"): "de oder en",
        ("nix",): "Den Befehl gibt es nicht: nix",
        ("invoice", "show"): "INVOICE fehlt",
        ("run", "issue", "abc"): "keine ganze Zahl",
        ("run", "draft", "zuviel"): "Das ist zu viel: zuviel",
        ("invoice", "list", "--limit"): "--limit braucht einen Wert",
        ("contract", "plan", "V1", "--months", "0"): "mindestens 1",
        ("import", "columns", "nix"): "Möglich: 'customers'",
        ("run", "draft", "--through", "31.02.2026"): "gibt es im Kalender nicht",
        ("run", "draft", "--through", "bald"): "ist kein Datum",
        ("run", "draft", "--automation", "sofort"): "draft, issue oder send",
        ("run", "draft", "--cycle", "manchmal"): "ist kein Turnus",
        ("run", "draft", "--definition", "standard", "--kind", "Pro"): "entweder --definition oder Filter",
        ("run", "define", "x", "--every", "monatlich"): "--every und --first gehören zusammen",
        ("payment", "record", "K1", "--amount", "1.234"): "1234 oder 1,2340",
        ("payment", "record", "K1", "--amount", "0"): "darf nicht 0 sein",
        ("contract", "change", "V1", "LIC", "--from", "heute"): "--price, --quantity, --product oder --text",
        ("contract", "end", "V1"): "--last-day oder --revoke",
        ("customer", "vat-check", "K1"): "--valid oder --invalid",
        ("invoice", "new", "K1", "--line", "LIC:1"): "Beispiel: LIZENZ",
    }
    for args, words in wrong.items():
        assert words in filled(*args, code=2).err, args


@database
def test_what_a_rule_refuses_ends_with_3_and_says_how_to_mend(filled: Desk) -> None:
    filled("run", "issue", "--through", "01.12.2026", "--on", "22.11.2026", code=1)
    refused = {
        ("invoice", "show", "RE-9"): "turnus invoice list",
        ("invoice", "cancel", "RE-2026-000001"): "--reason",
        ("contract", "show", "V99"): "turnus contract list",
        ("customer", "account", "K99"): "turnus import customers",
        ("run", "preview", "--definition", "nix"): "turnus run define",
        ("run", "status", "99"): "turnus run status",
        ("run", "draft", "--through", "01.12.2026", "--on", "01.11.2026"): "--on 22.11.2026",
        (
            "invoice",
            "credit",
            "RE-2026-000001",
            "--amount",
            "999",
            "--reason",
            "x",
            "--on",
            "22.11.2026",
        ): "100,66\u00a0€",
        ("invoice", "credit", "RE-2026-000001", "--amount", "1", "--line", "9", "--reason", "x"): "Zeile 9",
        ("payment", "record", "K2", "--amount", "5", "--invoice", "RE-2026-000001"): "anderen Kunden",
        ("contract", "new", "V9", "--customer", "K1", "--start", "heute", "--item", "NIX:1"): "turnus import products",
        ("contract", "change", "V1", "NIX", "--from", "heute", "--price", "1"): "Positionen: GB, LIC",
        ("contract", "discount", "V1", "--label", "x", "--percent", "120", "--from", "heute"): "höchstens 100 Prozent",
        ("customer", "vat-check", "K1", "--valid"): "keine USt-IdNr",
        ("invoice", "list", "--seller", "nix"): "turnus init",
        ("import", "customers", "nirgends.csv"): "nirgends.csv",
    }
    for args, words in refused.items():
        answer = filled(*args, code=3)
        assert words in answer.err, (args, answer.err)
        assert answer.err.startswith("Fehler: ")
        assert answer.err.count("\n") == 1, "one message, one line"


@database
def test_refusals_speak_english_when_asked(filled: Desk) -> None:
    assert filled("--language", "en", "invoice", "show", "RE-9", code=3).err.startswith("Error: There is no invoice")
    assert "is not a date" in filled("--language", "en", "run", "draft", "--through", "soon", code=2).err
    shown = filled("--language=en", "run", "preview", "--through", "2026-12-01", "--on", "2026-11-22", code=1).out
    for text in ("Contracts due", "VAT 19%", "Reverse charge", "€210.66", "has not been checked"):
        assert text in shown


@database
def test_import_errors_name_row_and_column_and_how_to_mend(desk: Desk) -> None:
    desk(*SELLER)
    bad = (
        CUSTOMERS
        + "K5;;Firma;Weg;01067;Dresden;DE;;;\nK6;Sechs;Firma;Weg;1067;Dresden;DE;;;\nK1;x;Firma;W;01067;D;DE;;;\n"
    )
    path = desk.file("kunden.csv", bad)
    said = desk("import", "customers", path, "--errors", str(desk.home / "fehler.csv"), code=1).out
    assert "Zeile 6, Spalte „Name“: fehlt." in said
    assert "Zeile 7, Spalte „PLZ“: „1067“ ist keine deutsche Postleitzahl" in said
    assert "Zeile 8, Spalte „Kundennummer“: „K1“ steht schon in Zeile 2." in said
    assert "Nichts gespeichert" in said
    assert (desk.home / "fehler.csv").read_bytes().startswith(b"\xef\xbb\xbfZeile;Fehler\r\n")
    report = desk("import", "customers", path, "--skip-errors", "--json", code=1).json
    assert (report["created"], report["errors"], report["saved"]) == (4, 3, True)
    assert report["problems"][1] | {"text": ""} == {"row": 7, "column": "PLZ", "code": "postcode", "text": ""}
    english = desk("--language", "en", "import", "customers", path, code=1).out
    assert "Row 7, column “PLZ”" in english


@database
def test_unknown_columns_are_refused_with_the_known_ones(desk: Desk) -> None:
    desk(*SELLER)
    said = desk("import", "customers", desk.file("x.csv", "Kundennummer;Nam;Art;Ort\n1;2;3;4\n"), code=3).err
    assert "unbekannte Spalten: Nam" in said


# ---- figures for scripts ---------------------------------------------------------------------------------------------


def floats(value: Any) -> list[float]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return [found for part in value.values() for found in floats(part)]
    if isinstance(value, list):
        return [found for part in value for found in floats(part)]
    return [value] if isinstance(value, float) else []


@database
def test_json_has_whole_minor_units_and_exact_texts_never_fractions(filled: Desk) -> None:
    filled("run", "issue", "--through", "01.12.2026", "--on", "22.11.2026", code=1)
    for args in (
        ("invoice", "list"), ("invoice", "show", "RE-2026-000001"), ("contract", "list"), ("contract", "show", "V1"),
        ("contract", "plan", "V1"), ("customer", "list"), ("customer", "show", "K1"), ("customer", "account", "K1"),
        ("run", "status"), ("run", "define"), ("doctor",), ("work", "--on", "22.11.2026"),
    ):  # fmt: skip
        text = filled(*args, "--json").out
        assert floats(json.loads(text)) == [], args
        assert "\x1b" not in text
    shown = filled("invoice", "show", "RE-2026-000001", "--json").json
    assert (shown["net"], shown["tax"], shown["gross"], shown["currency"]) == (10_066, 1_913, 11_979, "EUR")
    assert (shown["lines"][2]["quantity"], shown["lines"][2]["unit_price"]) == ("150.5", "0.31")


@database
def test_output_for_programs_has_no_colours_and_progress_goes_elsewhere(filled: Desk) -> None:
    answer = filled("run", "preview", "--through", "01.12.2026", "--on", "22.11.2026", code=1)
    assert "\x1b" not in answer.out
    assert answer.err == ""
