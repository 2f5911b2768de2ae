from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from turnus.adapters.einvoice import Xml
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks
from turnus.core.validation import ValidationReport

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
Judging = Callable[[bytes], ValidationReport]


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judging]:
    """Judges by the built-in rules and our own checks, with the two processes that a session shares."""
    validator = OfficialValidator(RuleFolders(tmp_path_factory.mktemp("rules")), own_checks=exact_checks(Xml()))
    yield lambda content: validator.validate(content, at=AT)
    validator.close()
