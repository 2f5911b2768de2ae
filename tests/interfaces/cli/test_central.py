"""One command for all sellers."""

from __future__ import annotations

from tests.interfaces.cli.conftest import SELLER, Desk


def test_all_sellers_are_billed_and_reported_together(filled: Desk) -> None:
    filled(*SELLER, "--code", "zwei")
    found = filled("run", "issue", "--all-sellers", "--through", "01.12.2026", "--on", "01.12.2026", "--json", code=1)
    assert [row["seller"] for row in found.json["sellers"]] == ["main", "zwei"]
    assert found.json["documents"][0]["documents"] == 3
    again = filled("run", "issue", "--all-sellers", "--through", "01.12.2026", "--on", "01.12.2026", code=1)
    assert "Alle zusammen" in again.out
    filled("run", "issue", "--all-sellers", "--customer", "K1", code=2)
