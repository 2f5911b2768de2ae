"""Messages: both languages, every code in use, the blanks filled."""

import re
from pathlib import Path

from turnus.core.intake import texts
from turnus.core.intake.cells import CellError

SOURCES = Path(texts.__file__).parents[2]


def blanks(template: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", template))


def test_both_languages_have_every_message_with_the_same_blanks() -> None:
    german, english = texts._GERMAN, texts._ENGLISH  # noqa: SLF001 - the table itself is under test
    assert german.keys() == english.keys() == texts.CODES
    assert {code: blanks(text) for code, text in german.items()} == {
        code: blanks(text) for code, text in english.items()
    }


def test_every_code_that_is_raised_has_a_message_and_none_is_left_over() -> None:
    folders = [SOURCES / "core" / "intake", SOURCES / "integration"]
    code = "\n".join(
        path.read_text("utf-8") for folder in folders for path in folder.glob("*.py") if path.stem != "texts"
    )
    raised = set(re.findall(r"\b(?:CellError|FileError|Refused)\(\s*\"(\w+)\"", code))
    raised |= set(re.findall(r"matching\([^)]*\"(\w+)\"\)", code))
    assert raised == texts.CODES


def test_a_part_without_its_blank_is_left_out() -> None:
    assert texts.message(CellError("currency", "X"), "de") == "„X“ ist keine Währung nach ISO 4217."
    assert texts.message(CellError("currency", "EIR", nearest="EUR"), "en").endswith("Did you mean EUR?")
