"""Amendments at the command line: what they cause is shown before they are made, and they are listed afterwards."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

ON = ("--on", "10.11.2026")


@pytest.fixture
def billed(filled: Desk) -> Desk:
    """November is issued; V4 is parked."""
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", code=1)
    return filled


def test_an_amendment_is_previewed_made_and_listed(billed: Desk) -> None:
    wanted = ("contract", "amend", "V2", "--set", "LIC:menge=6", "--set", "LIC:preis=9,00", "--add", "ABO:1", *ON)
    shown = billed(*wanted, "--dry-run").out
    for text in ("nichts wird gespeichert", "LIC geändert ab 10.11.2026: Menge 5 → 6, Preis 10,00\u00a0€ → 9,00\u00a0€",
                 "2-ABO hinzugefügt", "Lauf heute, 10.11.2026", "Nächster Lauf, 01.12.2026", "Bisher"):  # fmt: skip
        assert text in shown, shown
    assert billed("contract", "history", "V2", "--json").json["amendments"] == [], "a preview leaves nothing"
    foreseen = billed(*wanted, "--dry-run", "--json").json
    assert foreseen["plan"][0]["due_on"] == "2026-11-10"

    made = billed(*wanted, "--reason", "Umstieg", "--requested-by", "Frau Alm").out
    assert "Menge 5 → 6" in made
    [row] = billed("contract", "history", "V2", "--json").json["amendments"]
    assert (row["reason"], row["requested_by"], row["effective_on"]) == ("Umstieg", "Frau Alm", "2026-11-10")
    told = billed("contract", "history", "V2").out
    for text in ("Vertrag geschlossen", "Umstieg", "Frau Alm", "10.11.2026"):
        assert text in told

    billed("run", "issue", "--through", "10.11.2026", "--on", "10.11.2026", code=3)
    billed("run", "approve", "--reason", "nur ein Nachtrag")
    billed("run", "issue", code=1)
    [issued, *_] = billed("invoice", "list", "--customer", "K2", "--json").json["invoices"]
    [today] = foreseen["today"]["documents"]
    assert (today["kind"], today["net"], today["gross"]) == (issued["kind"], issued["net"], issued["gross"])


def test_an_item_is_removed_at_period_end_and_restored(billed: Desk) -> None:
    assert "LIC entfernt ab 01.12.2026" in billed("contract", "remove", "V1", "LIC", "--at-period-end", *ON).out
    assert "gilt schon so" in billed("contract", "remove", "V1", "LIC", "--from", "01.12.2026", *ON).out
    refused = billed("contract", "change", "V1", "LIC", "--quantity", "4", "--from", "05.12.2026", code=3)
    assert "turnus contract restore" in refused.err
    assert "wieder aufgenommen" in billed("contract", "restore", "V1", "LIC", *ON).out


def test_all_that_is_wrong_is_said_at_once(billed: Desk) -> None:
    said = billed(
        "contract", "amend", "V1", "--remove", "XYZ", "--set", "LIC:produkt=NIX", "--add", "NIE:1", *ON, code=3
    ).err
    for text in ("„XYZ“", "Produkt NIX", "Produkt NIE"):
        assert text in said


@pytest.mark.parametrize(
    "command",
    [
        ("end", "V1", "--last-day", "30.11.2026"),
        ("discount", "V1", "--label", "Treue", "--percent", "10", "--from", "01.12.2026"),
        ("payer", "V1", "--customer", "K3", "--from", "01.12.2026"),
        ("change", "V1", "LIC", "--quantity", "9"),
        ("add", "V1", "ABO:1", "--own-rhythm", "--cycle", "monatlich", "--last-day", "31.12.2026"),
        ("remove", "V1", "LIC"),
    ],
)
def test_every_amendment_has_a_preview(billed: Desk, command: tuple[str, ...]) -> None:
    found = billed("contract", *command, *ON, "--dry-run", "--json").json
    assert any(row["before"] != row["after"] for row in found["plan"])
    assert billed("contract", "history", "V1", "--json").json["amendments"] == []


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("change", "V1", "LIC"), "--quantity"),
        (("change", "V1", "LIC", "--quantity", "2", "--from", "01.12.2026", "--at-period-end"), "nur eines von"),
        (("amend", "V1"), "--add, --remove oder --set"),
        (("amend", "V1", "--set", "LIC=8"), "Beispiel: 1-LIZENZ:menge=8"),
    ],
)
def test_a_command_written_wrongly_says_how_it_is_written(billed: Desk, args: tuple[str, ...], text: str) -> None:
    said = billed("contract", *args, code=2).err
    assert text in said
    assert "Invalid value" not in said
