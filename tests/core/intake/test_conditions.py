"""Rules for the rows of foreign files: what fulfils them, what is left out, what contradicts itself."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.intake.cells import CellError, Condition, Reading
from turnus.core.intake.columns import Column, FileError, Layout
from turnus.core.intake.conditions import condition_of, left_out, with_conditions

WON = Condition("status", ("won", "gewonnen"))
LAYOUT = Layout("deals", (Column("number", "Nummer", lambda cell, _how: str(cell), "", "", required=True),))


def test_a_condition_is_a_column_and_its_values() -> None:
    assert condition_of(" Status = won | gewonnen ") == Condition("Status", ("won", "gewonnen"))
    for wrong in ("won", "=won", "status=", "status=|", ""):
        with pytest.raises(CellError, match="condition"):
            condition_of(wrong)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [(["Won"], ""), ([" GEWONNEN ", None, ""], ""), (["won", "gewonnen"], ""), (["lost"], "status: lost"),
     (["", None], "status: –"), ([], "status: –")],
)  # fmt: skip
def test_rows_of_one_value_fulfil_it_together(cells: list[str | None], reason: str) -> None:
    assert left_out([{"status": cell} for cell in cells], [WON]) == reason


def test_rows_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(CellError) as error:
        left_out([{"status": "won"}, {"status": "lost"}], [WON])
    assert (error.value.code, error.value.value, error.value.column) == ("condition_mixed", "lost, won", "status")


def test_a_file_must_have_the_columns_of_its_conditions_and_no_others() -> None:
    layout, conditions = with_conditions(LAYOUT, [Condition("Stage", ("won",)), Condition("nummer", ("1",))])
    assert [condition.column for condition in conditions] == ["Stage", "number"], "known columns by their name"
    assert layout.match(["Nummer", "STAGE"]) == list(layout.columns)
    assert layout.parse({"number": "1", "Stage": "won"}, Reading(UTC))[1] == []
    for headers, named in ((["Nummer"], "Stage"), (["Nummer", "Stage", "Owner"], "Owner")):
        with pytest.raises(FileError) as error:
            layout.match(headers)
        assert named in error.value.params["missing"] + error.value.params["unknown"]
    assert with_conditions(LAYOUT, []) == (LAYOUT, ())


@given(st.text(alphabet="wonÖö ", max_size=4), st.sets(st.text(alphabet="wonÖö", min_size=1, max_size=3), min_size=1))
def test_a_value_fulfils_a_condition_that_lists_it(cell: str, values: set[str]) -> None:
    condition = [Condition("status", tuple(values))]
    assert left_out([{"status": next(iter(values)).upper()}], condition) == ""
    assert (left_out([{"status": cell}], condition) == "") <= bool(cell.strip())
