"""Which adapter stands behind which port in this installation."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from turnus.adapters.delivery import Accounts, Bounces
from turnus.adapters.document import TypstRenderer
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.adapters.validation import OfficialValidator, RuleFolders, exact_checks
from turnus.documents.database_store import DatabaseStore
from turnus.documents.move import chosen_place
from turnus.ports import Rejected

if TYPE_CHECKING:
    from pathlib import Path

    from turnus.ports import (
        BounceReader,
        Carriers,
        DesignJudge,
        DocumentRenderer,
        FileStore,
        Inboxes,
        InvoiceXml,
        LetterRenderer,
        RuleShelf,
        Unpacker,
        Validator,
    )


class Ports(NamedTuple):
    """The partners of an installation."""

    renderer: DocumentRenderer
    xml: InvoiceXml
    validator: Validator
    unpacker: Unpacker
    rules: RuleShelf
    designs: DesignJudge
    carriers: Carriers
    inboxes: Inboxes
    bounces: BounceReader
    letters: LetterRenderer


def files(home: Path) -> FileStore:
    """The store of the archive that is in use. Raises ``Rejected``."""
    return store_at(chosen_place().url, home)


def store_at(url: str, home: Path) -> FileStore:
    """The store of an address: ``folder`` and ``database`` are the installation's own, ``s3://BUCKET/PREFIX``.

    Raises ``Rejected``.
    """
    if url == "folder":
        return FolderStore(home / "archive")
    if url == "database":
        return DatabaseStore()
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not bucket:
        raise Rejected(
            f"There is no store {url}: folder, database or s3://BUCKET/PREFIX.",
            f"Eine Ablage {url} gibt es nicht: folder, database oder s3://BUCKET/PREFIX.",
        )
    return _s3(bucket, prefix)


@cache
def _s3(bucket: str, prefix: str) -> FileStore:
    """One client a process."""
    from turnus.adapters.store.s3 import S3Store  # noqa: PLC0415 - boto3 takes long to load, and few need it

    return S3Store(bucket, prefix)


@cache
def ports(home: Path) -> Ports:
    """The ports of the installation whose data folder is ``home``: made once per process.

    Own templates lie in ``home/templates``, logos in ``home/logos``, further fonts in ``home/fonts``, added
    rule sets in ``home/rules``, accounts of partners in ``home/delivery.toml``.
    """
    templates, fonts = home / "templates", home / "fonts"
    rules, xml = RuleFolders(home / "rules"), Xml()
    printer = TypstRenderer(
        templates=[templates],
        logos=home / "logos",
        fonts=[fonts] if fonts.is_dir() else [],
    )
    carriers = Accounts(home, os.environ)
    validator = OfficialValidator(rules, own_checks=exact_checks(xml))
    return Ports(printer, xml, validator, validator, rules, printer, carriers, carriers, Bounces(), printer)
