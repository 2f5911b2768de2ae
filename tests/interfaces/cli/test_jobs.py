"""Jobs invoiced in parts at the terminal (JB-69 to 72)."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

LINE = "LIC:100:10,00:01.11.2026:31.12.2026:Umbau"


def test_a_job_goes_from_deposit_to_final_invoice(filled: Desk) -> None:
    made = filled("job", "new", "A-1", "K1", "--line", LINE, "--name", "Umbau", "--on", "01.11.2026", "--json").json
    assert (made["net"], made["left"]) == (1_000_00, 1_000_00)
    first = filled("job", "deposit", "A-1", "--percent", "30", "--on", "02.11.2026", "--json").json
    assert (first["number"], first["payable"]) == ("AR-2026-000001", 357_00)
    filled(
        "payment",
        "record",
        "K1",
        "--amount",
        "357,00",
        "--invoice",
        first["number"],
        "--on",
        "05.11.2026",
        "--key",
        "p1",
    )
    second = filled("job", "progress", "A-1", "--amount", "100", "--on", "9.11.2026").out
    assert "Festgeschrieben: AR-2026-000002" in second
    assert "Festgeschrieben: RE-2026-" in filled("job", "partial", "A-1", "--part", "1=20", "--on", "10.11.2026").out
    said = filled("job", "show", "A-1").out
    for text in ("AR-2026-000001: 357,00\u00a0€ von 357,00\u00a0€ erhalten", "Noch anzufordern", "400,00\u00a0€"):
        assert text in said
    preview = filled("job", "final", "A-1", "--dry-run", "--on", "02.01.2027", "--json").json
    assert (preview["net"], preview["payable"]) == (800_00, 595_00)
    assert [row["closed"] for row in preview["deductions"]] == [0, 119_00]
    assert "Zahlbetrag" in filled("job", "final", "A-1", "--dry-run", "--on", "02.01.2027").out
    last = filled("job", "final", "A-1", "--on", "02.01.2027", "--json").json
    assert last["payable"] == 595_00
    assert last["number"] in filled("job", "list").out
    assert filled("job", "list", "--json").json["jobs"][0]["final"] == last["number"]
    assert "Schlussrechnung" in filled("invoice", "show", last["number"]).out
    assert filled("invoice", "list", "--kind", "deposit", "--json").json["count"] == 1
    filled("doctor")


def test_what_a_job_refuses_is_said_in_words(filled: Desk) -> None:
    filled("job", "new", "A-1", "K1", "--line", LINE, "--on", "01.11.2026")
    assert "gibt es schon" in filled("job", "new", "A-1", "K1", "--line", LINE, code=3).err
    assert "mehr, als vom Auftrag" in filled("job", "deposit", "A-1", "--amount", "1000,01", code=3).err
    assert "no job" in filled("--language", "en", "job", "final", "A-9", code=3).err
    assert "only quantity 100" in filled("--language", "en", "job", "partial", "A-1", "--part", "1=101", code=3).err
    for wrong in (("--amount", "1", "--percent", "1"), (), ("--percent", "101"), ("--percent", "0")):
        filled("job", "deposit", "A-1", *wrong, code=2)
    filled("job", "partial", "A-1", "--part", "x=1", code=2)
