"""The table in docs/algorithms/validation.md is run."""

from __future__ import annotations

import pytest

from tests.core.tables import Row, rows
from turnus.core.error_classes import error_class, terms_of
from turnus.core.validation import Layer


@pytest.mark.parametrize("row", rows("error_classes"))
def test_a_broken_rule_has_this_class(row: Row) -> None:
    layer = Layer(row["layer"])
    terms = terms_of(row["rule"], row["text"], row["place"]) if layer is Layer.SCHEMATRON else ()
    assert " ".join(terms) == row["terms"]
    assert error_class(layer, terms) == row["class"]
