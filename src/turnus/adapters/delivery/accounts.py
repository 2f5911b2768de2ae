"""The accounts of this installation: ``delivery.toml`` in the data folder, one table for each way and name.

A secret may stand in the file, or as ``{ env = "NAME" }`` in the environment. No message repeats a value.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from turnus.adapters.delivery.drive import Drive
from turnus.adapters.delivery.folder import Folder
from turnus.adapters.delivery.imap import Imap
from turnus.adapters.delivery.letterxpress import LetterXpress
from turnus.adapters.delivery.mail import Smtp
from turnus.adapters.delivery.peppol import Recommand
from turnus.adapters.delivery.print_file import PrintFile
from turnus.adapters.delivery.s3 import S3
from turnus.adapters.delivery.sftp import Sftp
from turnus.ports import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from turnus.ports import AccessPoint, Carrier, Mailbox

FILE: Final = "delivery.toml"
KINDS: Final[Mapping[str, Any]] = {
    "email": Smtp,
    "folder": Folder,
    "s3": S3,
    "post": LetterXpress,
    "peppol": Recommand,
    "sftp": Sftp,
    "drive": Drive,
    "print": PrintFile,
}
"""Way → the carrier, whose fields are the settings of an account."""
FOLDERS: Final[Mapping[str, str]] = {"folder": "outgoing", "print": "print"}
"""Folders below the data folder that need no entry."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accounts:
    """Carriers by way and name, read anew at each use: settings can be mended while the worker runs."""

    home: Path
    variables: Mapping[str, str]

    def carrier(self, way: str, target: str) -> Carrier:
        """The carrier of an account. Raises ``Rejected`` with everything that is wrong with its settings."""
        made: Carrier = self._made(way, KINDS[way], target)
        return made

    def mailbox(self, target: str) -> Mailbox:
        """The mailbox ``[mailbox.NAME]``. Raises ``Rejected`` with everything that is wrong with its settings."""
        made: Mailbox = self._made("mailbox", Imap, target)
        return made

    def access_point(self, target: str) -> AccessPoint:
        """The access point ``[peppol.NAME]``. Raises ``Rejected`` with everything that is wrong with its settings."""
        made: AccessPoint = self._made("peppol", Recommand, target)
        return made

    def _made(self, way: str, kind: Any, target: str) -> Any:  # noqa: ANN401 - whatever the table is of
        path = self.home / FILE
        table = self._tables(path).get(way, {}).get(target)
        if table is None and target == "main" and way in FOLDERS:
            table = {"path": FOLDERS[way]}
        if table is None:
            raise Rejected(
                f"{path.name} has no table [{way}.{target}]: enter the account there",
                f"{path.name} hat keinen Abschnitt [{way}.{target}]: das Konto dort eintragen",
            )
        return build(kind, table, f"{path.name} [{way}.{target}]", self.variables, self.home)

    def _tables(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (OSError, ValueError) as error:
            line = str(error).partition("(at ")[2]  # a message of the parser might repeat what it read
            raise Rejected(f"{path.name} cannot be read {line}", f"{path.name} ist nicht lesbar {line}") from None


def build(kind: type[T], table: object, place: str, variables: Mapping[str, str], home: Path) -> T:
    """A carrier from its table. Raises ``Rejected`` naming every unknown, missing and wrong entry at once."""
    wrong: list[str] = []
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type] # a dataclass
    given = table if isinstance(table, dict) else {}
    wrong += [f"{name}?" for name in given if name not in known]
    values = {}
    for name, field in known.items():
        if name in given:
            value = _value(given[name], field, variables, home)
            if value is None:
                wrong.append(name)
            values[name] = value
        elif field.default is MISSING:
            wrong.append(name)
    if not wrong:
        wrong += getattr(kind(**values), "problems", list)()
    if wrong:
        told = ", ".join(wrong)
        raise Rejected(f"{place}: missing or wrong: {told}", f"{place}: fehlt oder ist falsch: {told}")
    return kind(**values)


def _value(given: object, field: Field[Any], variables: Mapping[str, str], home: Path) -> object:
    """A value of the field's type; None where it is of another."""
    if isinstance(given, dict) and set(given) == {"env"}:
        given = variables.get(str(given["env"]))
    if str(field.type) == "Path":
        return home / given if isinstance(given, str) else None
    wanted = {"str": str, "int": int, "bool": bool}[str(field.type)]
    return given if type(given) is wanted else None
