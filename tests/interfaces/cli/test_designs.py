"""``turnus design``: from a shipped design to one of one's own, with a preview that follows its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adapters.document.reading import Paper
from tests.interfaces.cli.conftest import SELLER, Desk
from turnus.core.design import SHIPPED
from turnus.core.document import Kind
from turnus.interfaces.cli.designs import look_again, watched
from turnus.ports import Rejected


def test_a_design_of_ones_own_begins_with_a_shipped_one(desk: Desk) -> None:
    assert all(name in desk("design", "list").out for name in SHIPPED)
    file = str(desk.home / "haus.toml")
    desk("design", "new", "haus", "--like", "compact", "--out", file)
    assert Path(file).read_text(encoding="utf-8").endswith(desk("design", "show", "compact").out)
    assert "in Ordnung" in desk("design", "check", file).out
    assert "gibt es schon" in desk("design", "new", "haus", "--out", file, code=3).err


def test_jb_84_check_names_everything_that_is_wrong_at_once(desk: Desk) -> None:
    file = desk.file("haus.toml", 'template = "nichts"\naccent = "rot"\nfont = "Comic Sans"\ncolumns = ["item"]\n')
    out = desk("design", "check", file, code=1).out
    for part in ("nichts", "accent: „rot“", "Comic Sans", "Es fehlt quantity, amount", "§ 14 Abs. 4 UStG"):
        assert part in " ".join(out.split()), part
    assert "Comic Sans" in str(desk("design", "check", file, "--json", code=1).json["faults"])
    (desk.home / "templates").mkdir()
    (desk.home / "templates" / "own.typ").write_text("#undefined-name", encoding="utf-8")
    own = desk.file("own.toml", 'template = "own"\n')
    assert "undefined-name" in desk("design", "check", own, code=1).out
    assert "kein TOML" in desk("design", "check", desk.file("x.toml", "= ="), code=3).err
    assert "gibt es nicht" in desk("design", "show", "modrn", code=3).err


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_preview_with_the_sellers_own_data(desk: Desk, kind: Kind) -> None:
    out = desk.home / "preview.pdf"
    if kind is Kind.INVOICE:
        assert "Lindenhof" in _printed(desk, out)
    desk(*SELLER)
    text = _printed(desk, out, "swiss", "--kind", kind, "--lines", "12")
    assert "Beispiel GmbH" in text
    assert "Lindenhof" not in text
    assert text.count("Grundgebühr") == 3


def test_jb_87_a_preview_in_any_language(desk: Desk) -> None:
    out = desk.home / "preview.pdf"
    assert "Facture 2026-000123" in _printed(desk, out, "kontor", "--language", "fr")
    assert "de, en, es" in desk("design", "preview", "kontor", "--language", "xx", code=2).err


def _printed(desk: Desk, out: Path, name: str = "modern", *options: str) -> str:
    desk("design", "preview", name, "--out", str(out), *options)
    return Paper(out.read_bytes()).flat()


def test_a_watched_preview_is_printed_anew_where_something_changed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk.file("haus.toml", 'template = "din5008b"\n')
    prints: list[str] = []

    def write() -> None:
        text = Path(file).read_text(encoding="utf-8")
        if "faulty" in text:
            raise Rejected("the template is faulty", "Die Vorlage ist fehlerhaft")
        prints.append(text)

    seen = look_again({}, watched(file), write)
    seen = look_again(seen, watched(file), write)
    assert len(prints) == 1
    Path(file).write_text("faulty = 1\n", encoding="utf-8")
    seen = look_again(seen, watched(file), write)
    assert "Die Vorlage ist fehlerhaft" in capsys.readouterr().err
    Path(file).write_text("right = 1\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    seen = look_again(seen, watched(file), write)
    (desk.home / "templates").mkdir()
    (desk.home / "templates" / "own.typ").write_text("x", encoding="utf-8")
    seen = look_again(seen, watched(file), write)
    Path(file).unlink()
    assert Path(file) not in watched(file)
    assert len(prints) == 3


@pytest.mark.database
def test_a_design_is_taken_in_used_and_prints_what_its_rule_says(filled: Desk) -> None:
    file = filled.file("haus.toml", 'template = "modern"\n[texts.de]\nclosing = "Danke aus dem Haus."\n')
    assert "angelegt" in filled("design", "put", file).out
    assert "unverändert" in filled("design", "put", file).out
    filled("design", "use", "haus")
    filled("design", "use", "kontor", "--country", "at", "--language", "de")
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", code=1)
    rows = filled("invoice", "list", "--json").json["invoices"]
    numbers = {row["customer_number"]: row["number"] for row in rows}
    for customer, own in (("K1", True), ("K2", False)):
        out = filled.home / f"{customer}.pdf"
        filled("invoice", "pdf", numbers[customer], "--to", str(out))
        assert ("Danke aus dem Haus." in Paper(out.read_bytes()).flat()) == own
    listed = filled("design", "list", "--json").json
    assert [rule["design"] for rule in listed["rules"]] == ["haus", "kontor"]
    assert "haus" in filled("design", "list").out
    assert "Danke" in filled("design", "show", "haus").out
    filled("design", "use", "haus", "--off")
    assert [rule["design"] for rule in filled("design", "list", "--json").json["rules"]] == ["kontor"]
    assert "gibt es nicht" in filled("design", "use", "nichts", code=3).err
    assert "NICHTS" in filled("design", "use", "haus", "--group", "NICHTS", code=3).err
    assert "kein Name" in filled("design", "put", file, "--name", "swiss", code=3).err
    faulty = filled.file("x.toml", 'accent = "rot"\nform = "C"\n')
    assert "form: „C“" in filled("design", "put", faulty, code=3).err
