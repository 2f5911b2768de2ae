"""``turnus prices`` and what contracts say about their later prices, as a person at a terminal would use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

EXAMPLE = Path(__file__).parents[3] / "examples" / "index.csv"


def test_index_values_come_from_a_file_and_are_listed_with_their_source(filled: Desk) -> None:
    assert filled("prices", "index", "import", str(EXAMPLE), "--dry-run", "--json").json["saved"] is False
    assert filled("prices", "index", "list", "--json").json == []
    assert filled("prices", "index", "import", str(EXAMPLE), "--json").json["created"] == 5
    assert filled("prices", "index", "import", str(EXAMPLE), "--json").json["unchanged"] == 5
    first, *rest = filled("prices", "index", "list", "BEISPIEL-2020", "--json").json
    assert first == {
        "series": "BEISPIEL-2020", "month": "2025-10-01", "value": "121", "source": "Beispielwert, frei erfunden",
        "corrections": 0,
    }  # fmt: skip
    assert len(rest) == 4
    assert "2025-10" in filled("prices", "index", "list").out


def test_another_value_of_a_month_is_a_correction_or_refused(filled: Desk) -> None:
    filled("prices", "index", "import", str(EXAMPLE))
    other = filled.file("other.csv", "Monat;Wert;Quelle;Reihe\n10/2025;122,0;Berichtigung;BEISPIEL-2020\n")
    refused = filled("prices", "index", "import", other, code=1)
    assert "schon den Wert 121, nicht 122" in refused.out
    filled("prices", "index", "import", other, "--correct")
    first = filled("prices", "index", "list", "--json").json[0]
    assert (first["value"], first["corrections"]) == ("122", 1)


def test_every_error_of_an_index_file_is_told(filled: Desk) -> None:
    text = "Monat;Wert;Quelle\n2025-13;1;x\n2025-01;0;x\n2025-02;1;\n2025-03;1;x\n2025-03;2;x\n"
    told = filled("prices", "index", "import", filled.file("bad.csv", text), "--json", code=1).json
    assert [problem["row"] for problem in told["problems"]] == [2, 3, 4, 6]
    assert told["saved"] is False


def test_a_contract_raises_its_price_and_stops(filled: Desk) -> None:
    said = filled("contract", "raise", "V1", "--percent", "3", "--on", "01.11.2026").out
    assert "01.11.2027" in said
    [licence] = [
        item
        for item in filled("contract", "show", "V1", "--on", "01.11.2027", "--json").json["items"]
        if "LIC" in item["code"]
    ]
    assert licence["price"] == "10.30"
    assert "2 Erhöhungen" not in filled("contract", "raise", "V1", "--stop", "--from", "01.06.2027").out
    assert filled("contract", "raise", "V1", code=2).err
    assert "mindestens -100" in filled("contract", "raise", "V1", "--percent", "-101", code=3).err
