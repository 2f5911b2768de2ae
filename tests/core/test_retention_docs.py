"""How long what is kept (law.md G-03): the table of docs/algorithms/archive.md is run."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.tables import Row, rows
from turnus.core.retention import Retention, kept_until, over_until


@pytest.mark.parametrize("row", rows("retention"))
def test_g03_retention_counts_from_the_end_of_the_year(row: Row) -> None:
    until = kept_until(Retention(row["class"]), date.fromisoformat(row["day"]))
    assert until == date.fromisoformat(row["until"])


@given(
    st.sampled_from(Retention),
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.dates(date(2015, 1, 1), date(2090, 1, 1)),
)
def test_g03_a_document_is_over_exactly_the_day_after_it_is_kept(retention: Retention, dated: date, on: date) -> None:
    assert (dated <= over_until(retention, on)) == (kept_until(retention, dated) < on)
    after = kept_until(retention, dated) + timedelta(days=1)
    assert dated <= over_until(retention, after)
