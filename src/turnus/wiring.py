"""Which adapter stands behind which port in this installation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from turnus.adapters.document import TypstRenderer
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks

if TYPE_CHECKING:
    from pathlib import Path

    from turnus.ports import DocumentRenderer, FileStore, InvoiceXml, RuleShelf, Validator


class Ports(NamedTuple):
    """The partners of an installation."""

    renderer: DocumentRenderer
    xml: InvoiceXml
    validator: Validator
    rules: RuleShelf


def files(home: Path) -> FileStore:
    """The store of the archive."""
    return FolderStore(home / "archive")


@cache
def ports(home: Path) -> Ports:
    """The ports of the installation whose data folder is ``home``: made once per process.

    Own templates lie in ``home/templates``, logos in ``home/logos``, further fonts in ``home/fonts``, added
    rule sets in ``home/rules``.
    """
    templates, fonts = home / "templates", home / "fonts"
    rules, xml = RuleFolders(home / "rules"), Xml()
    return Ports(
        TypstRenderer(
            templates=[templates] if templates.is_dir() else [],
            logos=home / "logos",
            fonts=[fonts] if fonts.is_dir() else [],
        ),
        xml,
        OfficialValidator(rules, own_checks=exact_checks(xml)),
        rules,
    )
