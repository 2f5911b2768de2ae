"""``turnus archive`` and ``turnus incoming`` at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.validation.corpus import UBL
from tests.interfaces.cli.conftest import SELLER, Desk

pytestmark = pytest.mark.database


def test_an_incoming_invoice_is_taken_shown_accepted_and_archived(desk: Desk) -> None:
    desk(*SELLER)
    folder = desk.home / "eingang"
    folder.mkdir()
    (folder / "rechnung.xml").write_bytes(UBL)
    (folder / "brief.xml").write_text("Guten Tag")
    taken = desk("incoming", "add", str(folder), "--json", code=1).json
    assert [(row["name"], row["state"], row["error_class"]) for row in taken] == [
        ("brief.xml", "check", "format"), ("rechnung.xml", "new", ""),
    ]  # fmt: skip
    number = str(taken[1]["id"])
    shown = desk("incoming", "show", number).out
    for text in ("Beispiel GmbH", "172,50\u00a0€", "Lizenz", "15.12.2026", "gültig"):
        assert text in shown
    assert desk("incoming", "show", number, "--json").json["claim"]["due"] == 172_50
    desk("incoming", "html", number, "--to", str(desk.home / "r.html"))
    assert "Müller &amp; Söhne AG" in (desk.home / "r.html").read_text(encoding="utf-8")
    desk("incoming", "accept", number)
    assert "schon entschieden" in desk("incoming", "reject", number, "--reason", "x", code=3).err
    assert "ließ sich keine" in desk("incoming", "accept", str(taken[0]["id"]), code=3).err
    assert "Grund" in desk("incoming", "query", str(taken[0]["id"]), code=3).err
    assert "angenommen" in desk("incoming", "list").out
    assert "Keine E-Rechnung" in desk("incoming", "html", str(taken[0]["id"]), "--to", "x.html", code=3).err

    assert "vollständig" in desk("archive", "verify").out
    assert [row["name"] for row in desk("archive", "list", "--json").json] == ["rechnung.xml", "brief.xml"]
    desk("archive", "anchor", "--on", "22.11.2026")
    assert (desk.home / "anchors" / "2026-11-22.json").exists()
    assert desk("archive", "move", "database", "--json").json == {"store": "database", "files": 3}  # and a seal
    assert desk("archive", "store").out.strip() == "database"
    assert "gibt es nicht" in desk("archive", "move", "tape", code=3).err
    assert "Land" in desk("archive", "move", "s3://belege", code=3).err
    hold = desk("archive", "hold", "--all", "--reason", "Prüfung", "--json").json["hold"]
    assert "Prüfung" in desk("archive", "holds").out
    desk("archive", "lift", str(hold), "--reason", "Ende")
    assert desk("archive", "holds", "--json").json == []
    assert "--reason" in desk("archive", "hold", "1", code=3).err
    desk("archive", "hold", code=2)
    assert desk("archive", "delete", "--json").json == []
    assert desk("archive", "delete", "--yes", "--json").json == {"deleted": 0}
    rows = desk("archive", "export", str(desk.home / "z3"), "--from", "01.01.2026", "--until", "31.12.2026").out
    assert "Schluessel" in rows


def test_a_flipped_byte_ends_verify_and_doctor_with_a_finding(desk: Desk) -> None:
    desk(*SELLER)
    desk("incoming", "add", desk.file("a.xml", UBL.decode()))
    (path,) = (one for one in (desk.home / "archive").rglob("*") if one.is_file())
    path.write_bytes(UBL.replace(b"Lizenz", b"Lizens"))
    (found,) = desk("archive", "verify", "--json", code=1).json["findings"]
    assert (found["code"], Path(found["place"]).name, found["name"]) == ("archive_file_changed", path.name, "a.xml")
    assert desk("archive", "verify", "--chain-only", "--json").json["ok"]
    assert "ist verändert" in desk("doctor", code=1).out
