"""The file that describes a seller: TOML whose keys are the fields of ``SellerData``, the address a table."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any, Final

from turnus.core.document import PostalAddress
from turnus.core.intake.cells import nearest
from turnus.core.intake.columns import FileError
from turnus.core.parties import SellerData

_LIMIT: Final = 100_000


def read_seller(path: Path) -> SellerData:
    """A seller from a TOML file. Raises ``FileError`` naming every key that is unknown, missing, or of a wrong type."""
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
        if len(content) > _LIMIT:
            raise FileError("toml", reason="> 100 kB")
        table = tomllib.loads(content.decode())
    except FileNotFoundError:
        raise FileError("missing", path=path.name) from None
    except OSError as error:
        raise FileError("unreadable", path=path.name, reason=error.strerror or "") from None
    except ValueError as error:
        raise FileError("toml", reason=str(error)) from None
    address = table.pop("address", {})
    faults = [
        _faults(table, SellerData, ""),
        _faults(address if isinstance(address, dict) else {}, PostalAddress, "address."),
    ]
    unknown, missing, wrong = (", ".join(first + second) for first, second in zip(*faults, strict=True))
    if unknown or missing or wrong:
        raise FileError("toml_keys", unknown=unknown, missing=missing, wrong=wrong)
    return SellerData(**table, address=PostalAddress(**address))


def _faults(table: Mapping[str, Any], kind: type[Any], prefix: str) -> tuple[list[str], list[str], list[str]]:
    """Keys that are unknown, missing, or of a wrong type, against the fields of a dataclass."""
    known = {field.name: field for field in fields(kind) if field.name != "address"}
    hints = {name: nearest(name, known) for name in table if name not in known}
    return (
        [f"{prefix}{name} (→ {hint})" if hint else f"{prefix}{name}" for name, hint in hints.items()],
        [f"{prefix}{name}" for name, field in known.items() if field.default is MISSING and name not in table],
        [f"{prefix}{name}" for name in table if name in known and type(table[name]).__name__ != known[name].type],
    )


def seller_toml(seller: SellerData) -> str:
    """The file of a seller: only what differs from the usual. ``read_seller`` reads it back."""
    lines = _lines(seller, SellerData)
    return "\n".join([*lines, "", "[address]", *_lines(seller.address, PostalAddress), ""])


def _lines(value: Any, kind: type[Any]) -> list[str]:  # noqa: ANN401 - any of our dataclasses
    given = asdict(value)
    usual = {field.name: field.default for field in fields(kind)}
    return [
        f"{name} = {json.dumps(given[name], ensure_ascii=False)}"
        for name in usual
        if name != "address" and given[name] != usual[name]
    ]
