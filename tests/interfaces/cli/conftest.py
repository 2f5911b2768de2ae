"""A command line under test: its own data folder, German unless told otherwise, files to import."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.testing
from typer.main import get_command
from typer.testing import CliRunner

from tests.interfaces.cli.kept import Kept, rows_of_all, taken, written
from turnus.interfaces.cli.app import app
from turnus.interfaces.cli.frame import Frame
from turnus.project import settings

CUSTOMERS = """Kundennummer;Name;Art;Straße;PLZ;Ort;Land;USt-IdNr;USt-IdNr geprüft am;USt-IdNr gültig
K1;Müller AG;Firma;Weg 1;01067;Dresden;DE;;;
K2;Alpen GmbH;Firma;Gasse 2;1010;Wien;AT;ATU12345678;01.11.2026;ja
K3;Erika Muster;Privat;Platz 3;20095;Hamburg;DE;;;
K4;Sans SARL;Firma;Rue 4;75001;Paris;FR;FR12345678901;;
"""
PRODUCTS = """Artikelnummer;Bezeichnung;Bezeichnung englisch;Preismodell;Preis;Gültig ab;Brutto
LIC;Lizenz;Licence;je Einheit;10,00;01.01.2020;
ABO;Heimabo;;pauschal;11,90;01.01.2020;ja
GB;Speicher;;Verbrauch;0,31;01.01.2020;
"""
CONTRACTS = """Vertrag;Kunde;Vertragsart;Beginn;Artikelnummer;Menge;Rabatt %;Rabatt Text
V1;K1;Pro;01.11.2026;LIC;3;10;Treue
V1;;;;GB;;;
V2;K2;Pro;01.11.2026;LIC;5;;
V3;K3;Heim;15.11.2026;ABO;1;;
V4;K4;Pro;01.11.2026;LIC;2;;
"""
USAGE = """Vertrag;Position;Schlüssel;Tag;Menge
V1;GB;a;05.11.2026;100
V1;GB;b;06.11.2026;50,5
"""
SELLER = (
    "init", "--name", "Beispiel GmbH", "--street", "Weg 1", "--postcode", "04109", "--city", "Leipzig", "--vat-id",
    "DE123456789", "--iban", "DE02 1203 0000 0000 2020 51",
)  # fmt: skip


@cache
def tree(language: str) -> Any:  # noqa: ANN401 - typer's own command
    """The commands with their help in a language: built once a process, as at a terminal, not for every command."""
    assert language
    return get_command(app)


typer.testing.__dict__["_get_command"] = lambda given: given if isinstance(given, Frame) else get_command(given)


class Answer(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command answers
        return json.loads(self.out)


class Desk:
    """Runs commands as a person at a terminal would."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *args: str, code: int = 0, typed: str | None = None) -> Answer:
        """Run ``turnus ARGS`` and expect this exit code."""
        language = args[1] if args[:1] == ("--language",) else os.environ["TURNUS_LANGUAGE"]
        result = CliRunner().invoke(tree(language), list(args), input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        answer = Answer(result.exit_code, result.stdout, result.stderr)
        assert answer.code == code, f"{args} ended with {answer.code}:\n{answer.out}\n{answer.err}"
        return answer

    def file(self, name: str, text: str) -> str:
        """A file to import."""
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def fill(self) -> None:
        """A seller with four customers, one of which cannot be billed yet."""
        self(*SELLER)
        texts = {"customers": CUSTOMERS, "products": PRODUCTS, "contracts": CONTRACTS, "usage": USAGE}
        for kind, text in texts.items():
            self("import", kind, self.file(f"{kind}.csv", text), "--on", "01.11.2026")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Desk:  # noqa: ARG001 - commands need the database
    monkeypatch.setenv("TURNUS_LANGUAGE", "de")
    monkeypatch.delenv("TURNUS_SELLER", raising=False)
    monkeypatch.setenv("TURNUS_DEBUG", "0")
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, home=tmp_path))
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def fillings() -> list[Kept]:
    """What ``filled`` made first in this process; empty until then."""
    return []


@pytest.fixture
def filled(desk: Desk, fillings: list[Kept]) -> Desk:
    if fillings:
        written(fillings[0], desk.home)
    else:
        before = rows_of_all()
        desk.fill()
        fillings.append(taken(before, desk.home))
    return desk


Command = Callable[..., Answer]
