"""German and English side by side where they are said; German unless ``TURNUS_LANGUAGE`` or ``--language`` differ."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

LANGUAGES: Final = ("de", "en")
_SEPARATOR: Final = "\x1f"
_chosen = ["de"]


def both(german: str, english: str) -> str:
    """A help text in both languages; ``pick`` takes one of them when help is printed."""
    return f"{german}{_SEPARATOR}{english}"


def pick(text: str) -> str:
    """The part of a help text in the chosen language; any other text as it is."""
    german, separator, english = text.partition(_SEPARATOR)
    return english if separator and language() == "en" else german


def say(german: str, english: str, **blanks: Any) -> str:  # noqa: ANN401 - whatever can be written
    """A text in the chosen language with its blanks filled."""
    template = english if language() == "en" else german
    return template.format(**blanks) if blanks else template


def columns(*names: str) -> list[str]:
    """Titles of a table, each written ``German|English``."""
    return [pick(name.replace("|", _SEPARATOR)) for name in names]


def language() -> str:
    """``de`` or ``en``."""
    return _chosen[0]


def choose(args: Sequence[str]) -> None:
    """Take the language from ``--language``, else from the environment, else German. Unknown ones are passed over.

    An option of that name after a command chooses the language of what it makes, and these words where they speak it.
    """
    wanted = ["de", os.environ.get("TURNUS_LANGUAGE", "")]
    for place, arg in enumerate(args):
        if arg == "--language" and place + 1 < len(args):
            wanted.append(args[place + 1])
        elif arg.startswith("--language="):
            wanted.append(arg.partition("=")[2])
    shorts = [text.strip().lower()[:2] for text in wanted]
    _chosen[0] = next(short for short in reversed(shorts) if short in LANGUAGES)
