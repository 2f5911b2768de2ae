"""Setting up: by options, by questions, by file; again and for a second seller; the demo."""

from __future__ import annotations

import os

import pytest

from tests.interfaces.cli.conftest import SELLER, Desk
from turnus.interfaces.cli import main

pytestmark = pytest.mark.database


def test_a_seller_from_a_file_with_options_on_top(desk: Desk) -> None:
    text = 'code = "elbe"\nname = "Elbe GmbH"\nvat_id = "DE123456789"\npayment_days = 7\n'
    path = desk.file(
        "seller.toml", text + '[address]\nstreet = "Weg 1"\npostcode = "01067"\ncity = "Dresden"\ncountry = "DE"\n'
    )
    assert desk("init", "--from", path, "--json").json["seller"] == "created"
    assert desk("init", "--from", path, "--json").json["seller"] == "unchanged"
    assert desk("init", "--from", path, "--city", "Meißen", "--json").json["seller"] == "changed"


def test_a_file_with_a_typing_error_is_refused(desk: Desk) -> None:
    path = desk.file(
        "seller.toml", 'code = "x"\nnme = "X"\n[address]\nstreet = "W"\npostcode = "1"\ncity = "D"\ncountry = "DE"\n'
    )
    said = desk("init", "--from", path, code=3).err
    assert "nme" in said
    assert "name" in said


def test_questions_are_asked_for_what_an_invoice_needs(desk: Desk) -> None:
    said = desk("init", typed="Frage GmbH\nWeg 1\n01067\nDresden\nDE123456789\n").out
    assert "Firma" in said
    assert "Verkäufer main (Frage GmbH) eingerichtet" in said


def test_a_wrong_number_pattern_is_refused(desk: Desk) -> None:
    assert "Nummernmuster" in desk(*SELLER, "--numbers", "RE-{YYYY}", code=3).err


def test_several_sellers_have_to_be_told_apart(desk: Desk) -> None:
    desk(*SELLER)
    desk(*SELLER, "--code", "zwei", "--name", "Zwei GmbH")
    assert "--seller" in desk("invoice", "list", code=3).err
    assert desk("invoice", "list", "--seller", "zwei", "--json").json["count"] == 0


def test_the_demo_bills_a_month_once(desk: Desk) -> None:
    said = desk("demo", "--customers", "60", "--month", "2026-10").out
    for text in (
        "Elbtal Datenwerk GmbH",
        "60 neu",
        "Fällige Verträge",
        "Umsatzsteuer 19\u00a0%",
        "Fertig in",
        "turnus invoice show RE-2026-",
    ):
        assert text in said
    files = sorted(path.name for path in (desk.home / "pdf").iterdir())
    assert any(name.startswith("Rechnung_RE-2026-") for name in files)
    count = desk("invoice", "list", "--json").json["count"]
    again = desk("demo").out
    assert "Nichts doppelt berechnet" in again
    assert "60 unverändert" in again
    assert desk("invoice", "list", "--json").json["count"] == count
    assert "--reset" in desk("demo", "--customers", "61", code=3).err
    assert all(row["ok"] for row in desk("doctor", "--json").json["findings"])


def test_the_demo_stays_away_from_other_data(desk: Desk) -> None:
    desk(*SELLER)
    assert "anderen Verkäufers" in desk("demo", code=3).err


def test_the_demo_has_a_data_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNUS_HOME", "/somewhere")
    main.prepare(["invoice", "list"])
    assert os.environ["TURNUS_HOME"] == "/somewhere"
    main.prepare(["--language", "en", "demo", "--reset"])
    assert os.environ["TURNUS_HOME"] == "/somewhere/demo"
