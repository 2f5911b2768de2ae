"""Judges an e-invoice: read, schema, official rules, own checks. What goes wrong on the way refuses the document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from turnus.adapters.validation.process import Child, ChildFailedError
from turnus.adapters.validation.rules import RulesError
from turnus.core.error_classes import error_class, terms_of
from turnus.core.validation import (
    LIMIT,
    Finding,
    Layer,
    RuleSetRef,
    Severity,
    ValidationReport,
    own_finding,
)
from turnus.ports import Rejected

if TYPE_CHECKING:
    from datetime import datetime

    from turnus.adapters.validation.folders import RuleFolders

READ_SECONDS: Final = 20
JUDGE_SECONDS: Final = 120
"""Limits for one document, compiling of the rules included."""
NORM: Final = "urn:cen.eu:en16931:2017#"
CHUNK: Final = 1024 * 1024

OwnChecks = Callable[[bytes, str, str], Sequence[Finding]]
"""(XML, syntax, profile) → what our own exact rules find beyond the official ones; called for XML that follows its
schema only."""


class _Source(NamedTuple):
    """A file as it came: hash and size of all of it, content of what may be looked at."""

    sha256: str
    size: int
    content: bytes
    error: str = ""


class OfficialValidator:
    """The ``Validator`` of ``ports`` with two processes of its own: one reads, one judges."""

    def __init__(
        self,
        folders: RuleFolders,
        *,
        own_checks: OwnChecks | None = None,
        reader: Child | None = None,
        judge: Child | None = None,
    ) -> None:
        self._folders = folders
        self._own_checks = own_checks
        self._reader = reader or Child("read", seconds=READ_SECONDS)
        self._judge = judge or Child("judge", seconds=JUDGE_SECONDS)

    def validate(self, source: bytes | Path, *, at: datetime) -> ValidationReport:
        """The report on an XML or PDF; never raises for anything that the document or the rules do."""
        came = _read(source) if isinstance(source, Path) else _Source(_sha256(source), len(source), source)
        report = ValidationReport(came.sha256, came.size, at, (), tools=(("turnus", version("turnus")),))
        if came.error:
            return _with(report, own_finding("file_unreadable", Layer.PROCESS, reason=came.error))
        if came.size > LIMIT:
            return _with(report, own_finding("file_too_large", Layer.CONTAINER, limit=LIMIT // CHUNK))
        try:
            return self._judged(report, came.content)
        except ChildFailedError as error:
            return _with(report, own_finding(f"validation_{error.code}", Layer.PROCESS, detail=error.detail))
        except RulesError as error:
            return _with(report, own_finding(error.code, Layer.PROCESS, Severity.FATAL, **error.params))

    def extract(self, source: bytes) -> bytes:
        """The XML of an e-invoice, taken out of its PDF in the process that reads. Raises ``Rejected``."""
        if len(source) > LIMIT:
            raise Rejected("The file is too large.", "Die Datei ist zu groß.")
        try:
            facts, xml = self._reader.ask({}, source)
        except ChildFailedError as error:
            raise Rejected(f"The file cannot be read: {error.code}.", f"Nicht lesbar: {error.code}.") from None
        if "error" in facts:
            raise Rejected(f"The file is no e-invoice: {facts['error']}.", f"Keine E-Rechnung: {facts['error']}.")
        return xml

    def close(self) -> None:
        """End both processes."""
        self._reader.close()
        self._judge.close()

    def _judged(self, report: ValidationReport, content: bytes) -> ValidationReport:
        facts, xml = self._reader.ask({}, content)
        if "error" in facts:
            layer = Layer.XML if facts["error"].startswith("xml_") else Layer.CONTAINER
            return _with(report, own_finding(facts["error"], layer, Severity.FATAL, **facts["params"]))
        syntax, profile = facts["syntax"], facts["profile"]
        report = replace(report, syntax=syntax, profile=profile, attachment=facts["attachment"], xml=_sha256(xml))
        if not facts["utf8"]:
            report = _with(report, own_finding("xml_not_utf8", Layer.XML, Severity.WARNING))
        question = {"syntax": syntax, "profile": profile, "rules": self._folders.active()}
        answer, _ = self._judge.ask(question, xml)
        if "error" in answer:
            raise RulesError(answer["error"], **answer["params"])
        return self._complete(report, answer, xml)

    def _complete(self, report: ValidationReport, answer: dict[str, Any], xml: bytes) -> ValidationReport:
        report = replace(
            report,
            rule_sets=tuple(RuleSetRef(*one) for one in answer["rule_sets"]),
            tools=(*report.tools, *((name, release) for name, release in answer["tools"])),
        )
        if not report.rule_sets:
            return _with(report, _unknown(report.profile[:200]))
        if not answer["invoice"]:
            report = _with(report, own_finding("profile_no_invoice", Layer.CONTAINER, profile=report.profile))
        found = [_finding(row) for row in answer["findings"]]
        report = _with(report, *found)
        if self._own_checks is None or any(one.layer is Layer.SCHEMA for one in found):
            return report
        try:
            own = self._own_checks(xml, report.syntax, report.profile)
        except Exception as error:  # noqa: BLE001 - whatever keeps a check from checking refuses the document
            return _with(report, own_finding("own_checks_failed", Layer.PROCESS, error=type(error).__name__))
        said = {one.rule for one in report.fatal}
        return _with(report, *(one for one in own if one.rule not in said))


def _finding(row: dict[str, str]) -> Finding:
    """A finding of the process as a value, with its terms and its class."""
    layer, severity = Layer(row["layer"]), Severity(row["severity"])
    terms = terms_of(row["rule"], row["message"], row["location"]) if layer is Layer.SCHEMATRON else ()
    kind = error_class(layer, terms) if severity is Severity.FATAL else None
    return Finding(row["rule"], severity, layer, row["message"], row["location"], terms, kind)


def _unknown(profile: str) -> Finding:
    """A level of EN 16931 that no rule set knows is not judged; anything else is no e-invoice."""
    if profile.startswith(NORM):
        return own_finding("profile_without_rules", Layer.PROCESS, profile=profile)
    return own_finding("profile_unknown", Layer.CONTAINER, profile=profile)


def _with(report: ValidationReport, *findings: Finding) -> ValidationReport:
    return replace(report, findings=(*report.findings, *findings))


def _read(path: Path) -> _Source:
    """A file: all of it is hashed, what is beyond the limit is not kept."""
    digest, size, parts = hashlib.sha256(), 0, []
    try:
        if path.exists() and not path.is_file():
            return _Source("", 0, b"", "no file")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size <= LIMIT:
                    parts.append(chunk)
    except OSError as error:
        return _Source("", 0, b"", error.strerror or type(error).__name__)
    return _Source(digest.hexdigest(), size, b"".join(parts))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
