"""Honest status words (H-22): derived from what happened later, never stored."""

from __future__ import annotations

from datetime import date

import pytest

from turnus.core.status import Standing, Status, status, word

DUE = date(2026, 12, 1)
TABLE = [
    # state, gross, open, paid, cancelled, day, status
    ("draft", 100, 0, 0, False, DUE, Status.DRAFT),
    ("released", 100, 0, 0, False, DUE, Status.RELEASED),
    ("issued", 100, 100, 0, False, DUE, Status.OPEN),
    ("issued", 100, 100, 0, False, date(2026, 12, 2), Status.OVERDUE),
    ("issued", 100, 60, 40, False, DUE, Status.PART_PAID),
    ("issued", 100, 60, 40, False, date(2026, 12, 2), Status.OVERDUE),
    ("issued", 100, 60, 0, False, DUE, Status.OPEN),  # credited in part, nothing paid
    ("issued", 100, 0, 100, False, DUE, Status.PAID),
    ("issued", 100, 0, 60, False, DUE, Status.PAID),  # the rest was credited
    ("issued", 100, 0, 0, False, DUE, Status.SETTLED),
    ("issued", 100, 0, 0, True, DUE, Status.CANCELLED),
    ("issued", -100, -100, 0, False, DUE, Status.CREDIT),
    ("issued", -100, -30, 0, False, DUE, Status.CREDIT),
    ("issued", -100, 0, 0, False, DUE, Status.SETTLED),
    ("issued", 0, 0, 0, False, DUE, Status.SETTLED),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_status_follows_from_later_rows(row: tuple[str, int, int, int, bool, date, Status]) -> None:
    state, gross, left, paid, cancelled, on, expected = row
    assert status(Standing(state, gross, left, paid, DUE, cancelled), on=on) is expected


def test_words_are_german_first_and_english_otherwise() -> None:
    assert [word(Status.OVERDUE, language) for language in ("de", "en", "fr")] == ["Überfällig", "overdue", "overdue"]
