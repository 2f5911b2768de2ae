"""Which adapter stands behind which port in this installation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from turnus.adapters.document import TypstRenderer

if TYPE_CHECKING:
    from pathlib import Path

    from turnus.ports import DocumentRenderer


class Ports(NamedTuple):
    """The partners of an installation."""

    renderer: DocumentRenderer


@cache
def ports(home: Path) -> Ports:
    """The ports of the installation whose data folder is ``home``: made once per process.

    Own templates lie in ``home/templates``, logos in ``home/logos``, further fonts in ``home/fonts``.
    """
    templates, fonts = home / "templates", home / "fonts"
    return Ports(
        TypstRenderer(
            templates=[templates] if templates.is_dir() else [],
            logos=home / "logos",
            fonts=[fonts] if fonts.is_dir() else [],
        )
    )
