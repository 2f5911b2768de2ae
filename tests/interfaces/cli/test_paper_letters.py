"""Letters on paper at the terminal: shown, printed, archived, listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

YEAR = ("--from", "01.01.2026", "--until", "31.12.2026", "--on", "04.01.2027")


def test_statement_and_order_confirmation_are_shown_printed_and_listed(filled: Desk, tmp_path: Path) -> None:
    filled("run", "issue", "--through", "01.11.2026", "--on", "01.11.2026", code=1)
    shown = filled("letter", "statement", "K1", *YEAR, "--dry-run").out
    for text in ("Kontoauszug", "Anfangsbestand", "Rechnung RE-2026-", "Zu unseren Gunsten"):
        assert text in shown
    found = filled("letter", "statement", "K1", *YEAR, "--dry-run", "--json").json
    assert (found["opening"], found["closing"]) == (0, found["rows"][-1]["balance"])
    assert filled("letter", "list", "--json").json["letters"] == []
    made = filled("letter", "statement", "K1", *YEAR, "--confirm", "--to", str(tmp_path), "--json").json
    assert Path(made["file"]).read_bytes().startswith(b"%PDF")
    again = filled("letter", "statement", "K1", *YEAR, "--confirm", "--to", str(tmp_path), "--json").json
    assert again["letter"] == made["letter"]
    order = filled("letter", "order", "V1", "--to", str(tmp_path / "ab.pdf"), "--on", "02.11.2026").out
    assert (tmp_path / "ab.pdf").exists()
    assert "ab.pdf" in order
    listed = filled("letter", "list", "--customer", "K1").out
    assert "Kontoauszug" in listed
    assert "Auftragsbestätigung" in listed
    filled("letter", "pdf", str(made["letter"]), "--to", str(tmp_path / "copy.pdf"))
    assert (tmp_path / "copy.pdf").read_bytes() == Path(made["file"]).read_bytes()
    assert "no letter 99" in filled("--language", "en", "letter", "pdf", "99", code=3).err
    filled("letter", "statement", "K1", "--from", "02.01.2026", "--until", "01.01.2026", code=2)


def test_a_notice_is_confirmed_on_paper(filled: Desk, tmp_path: Path) -> None:
    assert "V1" in filled("letter", "notice", "V1", code=3).err
    filled("contract", "notice", "V1", "--received", "05.11.2026", "--on", "05.11.2026")
    said = filled("letter", "notice", "V1", "--dry-run", "--on", "06.11.2026").out
    assert "Bestätigung Ihrer Kündigung" in said
    assert "Müller AG" not in said  # the address says it
    filled("letter", "notice", "V1", "--to", str(tmp_path / "n.pdf"), "--on", "06.11.2026")
    assert filled("letter", "list", "--json").json["letters"][0]["kind"] == "notice"
