"""Texts that XML can hold."""

from __future__ import annotations

import re
from typing import Final

_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


def clean(text: str) -> str:
    """Without blanks at the ends, and a blank for what XML does not allow."""
    text = text.strip()
    return text if text.isprintable() else _NOT_XML.sub(" ", text.replace("\r\n", "\n")).strip()
