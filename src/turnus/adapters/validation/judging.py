"""XML schema and official Schematron, compiled once per process. Runs in a process of its own."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor

from turnus.adapters.validation.rules import (
    MANIFEST,
    RulesError,
    RuleSet,
    Scenario,
    builtin_rules,
    fits,
    installed_rules,
)

SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
SHOWN: Final = 200
"""Findings of one layer, the fatal ones first; more say nothing new."""
REPORT: Final = "report"
"""Stands for the rules without an id: Factur-X marks so what its subset of CII does not use."""
_SPACE: Final = re.compile(r"\{[^}]*\}")
_STEP: Final = re.compile(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]")
_SEVERITIES: Final = {"warning": "warning", "warn": "warning", "information": "information", "info": "information"}


def judge(question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Findings of every layer that the rule sets hold for a document; ``load`` only proves that a set compiles."""
    try:
        if "load" in question:
            return {"loaded": _load(question["load"])}, b""
        return _judged(question, content), b""
    except RulesError as error:
        return {"error": error.code, "params": error.params}, b""


def _judged(question: dict[str, Any], content: bytes) -> dict[str, Any]:
    document = _parsed(content)
    chosen: list[tuple[RuleSet, Scenario]] = []
    for folder, sha256 in question["rules"]:
        rules = rule_files(folder, sha256)
        found = next((one for one in rules.scenarios if _matches(one, question, document)), None)
        if found is not None and not (rules.builtin and any(one.complete for _rules, one in chosen)):
            chosen.append((rules, found))
    findings: list[dict[str, str]] = []
    for rules, one in chosen:
        findings += _layers(rules, one, question["syntax"], document)
    return {
        "findings": findings,
        "rule_sets": [list(rules.ref) for rules, _one in chosen],
        "invoice": all(one.invoice for _rules, one in chosen),
        "tools": [["saxonche", version("saxonche")], ["lxml", version("lxml")]],
    }


def _parsed(content: bytes) -> etree._ElementTree:
    """The document without hints to schemas of its own: libxml2 would go and read them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=True)
    root = etree.fromstring(content, parser)
    for element in root.iter(etree.Element):
        for name in ("schemaLocation", "noNamespaceSchemaLocation"):
            element.attrib.pop(XSI + name, "")
    return root.getroottree()


def _layers(rules: RuleSet, one: Scenario, syntax: str, document: etree._ElementTree) -> list[dict[str, str]]:
    """The schema first; Schematron reads only what the schema knows."""
    if syntax in one.schema and (errors := _schema_errors(rules, one.schema[syntax], document)):
        return errors
    findings = []
    for name in one.schematron:
        findings += _schematron_errors(rules, name, one, document)
    return findings


def _schema_errors(rules: RuleSet, name: str, document: etree._ElementTree) -> list[dict[str, str]]:
    schema = compiled_schema(rules.folder / name)
    if schema.validate(document):
        return []
    return [
        {
            "layer": "schema", "rule": "XSD", "severity": "fatal",
            "message": _SPACE.sub("", entry.message), "location": entry.path or f"line {entry.line}",
        }
        for entry in islice(schema.error_log, SHOWN)  # type: ignore[call-overload] # its stubs know no iteration
    ]  # fmt: skip


def _schematron_errors(rules: RuleSet, name: str, one: Scenario, document: etree._ElementTree) -> list[dict[str, str]]:
    text = etree.tostring(document, encoding="unicode")
    try:
        node = saxon().parse_xml(xml_text=text)
        result = compiled_stylesheet(rules.folder / name).transform_to_string(xdm_node=node)
    except PySaxonApiError as error:
        raise RulesError("rules_do_not_run", file=name, set=rules.ref.name, reason=str(error)[:300]) from None
    if not result:
        raise RulesError("rules_do_not_run", file=name, set=rules.ref.name, reason="-")
    report = etree.fromstring(result.encode())
    if report.tag != f"{SVRL}schematron-output" or report.find(f"{SVRL}fired-rule") is None:
        raise RulesError("rules_do_not_run", file=name, set=rules.ref.name, reason="no rule was applied")
    found: list[dict[str, str]] = []
    for entry in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        rule = entry.get("id") or REPORT
        severity = one.severity.get(rule) or _severity(entry)
        if severity != "ignore":
            found.append({
                "layer": "schematron", "rule": rule, "severity": severity,
                "message": _words(entry, rule),
                "location": _STEP.sub(r"\1", entry.get("location") or "").replace("[1]", ""),
            })  # fmt: skip
    return sorted(found, key=lambda one: one["severity"] != "fatal")[:SHOWN]


def _words(entry: etree._Element, rule: str) -> str:
    """The official text without the rule's id before it."""
    text = " ".join(" ".join(map(str, entry.itertext())).split())
    return text.removeprefix(f"[{rule}]").lstrip(" -")


def _severity(entry: etree._Element) -> str:
    """Fatal unless the rule says that it is less."""
    return _SEVERITIES.get((entry.get("flag") or entry.get("role") or "").lower(), "fatal")


# ---- compiled once per process ---------------------------------------------------------------------------------------


@cache
def saxon() -> PySaxonProcessor:
    """The one processor; stylesheets read files and nothing else."""
    processor = PySaxonProcessor(license=False)
    processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
    return processor


@cache
def rule_files(folder: str, sha256: str = "") -> RuleSet:
    """A rule set whose manifest has this hash and whose files are all as it says; built in for an empty folder."""
    rules = installed_rules(Path(folder)) if folder else builtin_rules()
    if sha256 not in ("", rules.ref.sha256):
        raise RulesError("rules_file_changed", file=MANIFEST, set=f"{rules.ref.name} {rules.ref.version}")
    for code, file in rules.damage():
        raise RulesError(code, file=file, set=f"{rules.ref.name} {rules.ref.version}")
    return rules


@cache
def compiled_schema(path: Path) -> etree.XMLSchema:
    """An XML schema and what it includes."""
    try:
        return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False)))
    except (etree.LxmlError, OSError) as error:
        raise RulesError("rules_do_not_run", file=path.name, set=path.parent.name, reason=str(error)[:300]) from None


@cache
def compiled_stylesheet(path: Path) -> Any:  # noqa: ANN401 - saxonche has no types
    """A Schematron as XSLT."""
    try:
        return saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
    except PySaxonApiError as error:
        raise RulesError("rules_do_not_run", file=path.name, set=path.parent.name, reason=str(error)[:300]) from None


def _matches(one: Scenario, question: dict[str, Any], document: etree._ElementTree) -> bool:
    if not one.match:
        return fits(one, question["syntax"], question["profile"])
    if question["syntax"] not in one.syntaxes:
        return False
    try:
        xpath = saxon().new_xpath_processor()
        for prefix, uri in one.namespaces.items():
            xpath.declare_namespace(prefix, uri)
        xpath.set_context(xdm_item=saxon().parse_xml(xml_text=etree.tostring(document, encoding="unicode")))
        return bool(xpath.effective_boolean_value(one.match))
    except PySaxonApiError as error:
        raise RulesError("rules_do_not_run", file=one.name, set="match", reason=str(error)[:300]) from None


def _load(folder: str) -> int:
    """Compile all that a rule set names. Returns how many files."""
    rules = rule_files(folder)
    schemas = {path for one in rules.scenarios for path in one.schema.values()}
    sheets = {path for one in rules.scenarios for path in one.schematron}
    for path in schemas:
        compiled_schema(rules.folder / path)
    for path in sheets:
        compiled_stylesheet(rules.folder / path)
    return len(schemas | sheets)
