"""Commissions at the terminal."""

from __future__ import annotations

from tests.interfaces.cli.conftest import Desk


def test_a_commission_is_agreed_shown_counted_and_ended(filled: Desk) -> None:
    filled("product", "new", "PROVISION", "name=Provision", "model=metered_unit", "price=0,05", "valid_from=01.01.2026")
    filled("contract", "new", "P1", "--customer", "K3", "--start", "01.11.2026", "--item", "PROVISION")
    agreed = filled(
        "commission", "agree", "P1", "1-PROVISION", "--of-customer", "K1", "--of-contract", "V2", "--basis", "invoiced",
        "--from", "01.11.2026",
    )  # fmt: skip
    assert "Ab 01.11.2026 wird gezählt." in agreed.out
    rows = filled("commission", "list", "P1", "--json").json
    assert [(row["contract"], row["customer"], row["until"]) for row in rows] == [("V2", "", None), ("", "K1", None)]
    filled("run", "issue", "--through", "01.11.2026", "--on", "30.11.2026", "--customer", "K1")
    assert filled("commission", "take", "--json").json["records"] > 0
    assert "Neu gezählt: 0." in filled("commission", "take").out
    first = str(rows[1]["rule"])
    early = filled("--language", "en", "commission", "end", "P1", first, "--last-day", "01.11.2026", code=3)
    assert "counted through" in early.err
    filled("commission", "end", "P1", first, "--last-day", "31.12.2026")
    assert "31.12.2026" in filled("commission", "list", "P1").out
    filled("commission", "agree", "P1", "1-PROVISION", "--of-product", "NICHTS", "--from", "01.11.2026", code=2)
