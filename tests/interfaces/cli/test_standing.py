"""Standing invoices at the terminal (L-07)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database


def test_a_claim_prints_its_standing_invoice(filled: Desk, tmp_path: Path) -> None:
    shown = filled("contract", "documents", "V3", "--from", "01.11.2026", "--standing").out
    assert "Dauerrechnung" in shown
    filled("run", "issue", "--through", "15.11.2026", "--on", "15.11.2026", code=1)
    filled("run", "issue", "--through", "15.12.2026", "--on", "15.12.2026", code=1)
    [first] = filled("invoice", "list", "--kind", "standing", "--json").json["invoices"]
    [claim] = filled("invoice", "list", "--kind", "covered", "--json").json["invoices"]
    assert (first["gross"], claim["gross"], claim["number"]) == (11_90, 11_90, "DF-2026-000001")
    filled("invoice", "pdf", first["number"], "--to", str(tmp_path / "a.pdf"))
    filled("invoice", "pdf", claim["number"], "--to", str(tmp_path / "b.pdf"))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert "Forderung aus Dauerrechnung" in filled("invoice", "show", claim["number"]).out
    filled("doctor")
