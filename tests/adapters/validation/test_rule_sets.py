"""Rule sets are data: taken in with hashes, proved to load; what is missing or changed refuses every document."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.adapters.validation.conftest import AT
from tests.adapters.validation.corpus import CII, UBL, XRECHNUNG, swap
from turnus.adapters.validation import OfficialValidator, RuleFolders
from turnus.adapters.validation.judging import judge, rule_files
from turnus.adapters.validation.kosit import manifest_of
from turnus.adapters.validation.process import Child
from turnus.adapters.validation.rules import builtin_rules
from turnus.core.validation import Severity, ValidationReport, Verdict
from turnus.ports import Rejected

PROFILE = f"urn:cen.eu:en16931:2017{XRECHNUNG}"
TOML = """name = "house"
version = "1"
[[scenario]]
name = "our own"
syntaxes = ["ubl-invoice"]
profiles = ["{profile}"]
schematron = ["rules/house.xslt"]
severity = {{ HOUSE-2 = "warning" }}
"""
XSLT = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
  <xsl:template match="/">
    <svrl:schematron-output><svrl:fired-rule context="/"/>{body}</svrl:schematron-output>
  </xsl:template>
</xsl:stylesheet>"""
HOUSE = """<xsl:if test="//cbc:Note">
  <svrl:failed-assert id="HOUSE-1" flag="fatal" location="/*">
    <svrl:text>[HOUSE-1]-No notes (BT-22).</svrl:text>
  </svrl:failed-assert>
</xsl:if>
<svrl:failed-assert id="HOUSE-2" flag="fatal" location="/*"><svrl:text>Said softly.</svrl:text></svrl:failed-assert>
"""
Making = Callable[..., Path]
Judging = Callable[[bytes], ValidationReport]


@pytest.fixture
def made(tmp_path: Path) -> Making:
    """A folder as an operator makes it."""

    def make(body: str = HOUSE, toml: str = TOML, *, profile: str = PROFILE) -> Path:
        folder = tmp_path / "given"
        (folder / "rules").mkdir(parents=True, exist_ok=True)
        (folder / "rules.toml").write_text(toml.format(profile=profile))
        (folder / "rules" / "house.xslt").write_text(XSLT.format(body=body))
        return folder

    return make


@pytest.fixture
def folders(tmp_path: Path) -> RuleFolders:
    return RuleFolders(tmp_path / "home" / "rules")


@pytest.fixture
def judged(folders: RuleFolders) -> Iterator[Judging]:
    validator = OfficialValidator(folders)
    yield lambda content: validator.validate(content, at=AT)
    validator.close()


def refusal(report: ValidationReport) -> str:
    """Why nothing was judged."""
    assert (report.verdict, report.error_class) == (Verdict.NOT_JUDGED, None)
    (one,) = report.fatal
    return one.rule


# ---- the built-in set ------------------------------------------------------------------------------------------------


def test_the_built_in_set_is_whole_and_lists_every_file_that_its_rules_read(folders: RuleFolders) -> None:
    (state,) = folders.rule_sets()
    assert (state.name, state.active, state.builtin, state.damage) == ("factur-x", True, True, ())
    rules = builtin_rules()
    read = {path for one in rules.scenarios for path in (*one.schema.values(), *one.schematron)}
    assert read <= rules.files.keys()
    for path in [name for name in read if name.startswith("facturx")]:
        assert any(name.startswith(path.partition("/")[0]) and name.endswith("_codedb.xml") for name in rules.files)


def test_without_the_package_nothing_is_judged(folders: RuleFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("turnus.adapters.validation.rules.find_spec", lambda _name: None)
    (state,) = folders.rule_sets()
    assert state.damage == (("rules_package_missing", ""),)
    rule_files.cache_clear()
    answer, _ = judge({"syntax": "cii", "profile": PROFILE, "rules": [["", ""]]}, CII)
    assert answer == {"error": "rules_package_missing", "params": {"package": "factur-x"}}


# ---- taking in -------------------------------------------------------------------------------------------------------


def test_a_set_that_was_taken_in_judges_beside_the_built_in_one(
    made: Making, folders: RuleFolders, judged: Judging
) -> None:
    assert judged(UBL).verdict is Verdict.VALID
    state = folders.add(made())
    assert (state.name, state.version, state.active, state.scenarios) == ("house", "1", True, ("our own",))
    report = judged(UBL)
    assert [(one.rule, one.severity, one.message) for one in report.findings] == [
        ("HOUSE-1", Severity.FATAL, "No notes (BT-22)."), ("HOUSE-2", Severity.WARNING, "Said softly."),
    ]  # fmt: skip
    assert [one.name for one in report.rule_sets] == ["house", "factur-x"]
    assert judged(CII).verdict is Verdict.VALID
    folders.remove("house")
    assert judged(UBL).verdict is Verdict.VALID


def test_a_newer_version_takes_the_place_of_the_older_whose_files_stay(made: Making, folders: RuleFolders) -> None:
    folders.add(made())
    folders.add(made(toml=TOML.replace('"1"', '"2"')))
    states = [(one.name, one.version, one.active) for one in folders.rule_sets()]
    assert states == [("house", "1", False), ("house", "2", True), ("factur-x", builtin_rules().ref.version, True)]


def test_the_same_set_twice_is_one_and_another_content_needs_another_version(
    made: Making, folders: RuleFolders
) -> None:
    assert folders.add(made()) == folders.add(made())
    with pytest.raises(Rejected, match="house 1 is there already, with other content"):
        folders.add(made(body=""))


def test_an_archive_is_taken_in_with_the_hash_of_its_publisher(
    made: Making, folders: RuleFolders, tmp_path: Path
) -> None:
    archive = tmp_path / "house.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in made().rglob("*"):
            packed.write(path, Path("house-1") / path.relative_to(made()))
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    with pytest.raises(Rejected, match="another SHA-256 than its publisher says") as error:
        folders.add(archive, sha256="0" * 64)
    assert sha256 in error.value.german
    assert [one.name for one in folders.rule_sets()] == ["factur-x"]
    assert folders.add(archive, sha256=sha256).name == "house"


def test_an_archive_writes_nothing_outside_its_folder(folders: RuleFolders, tmp_path: Path) -> None:
    archive = tmp_path / "evil.zip"
    for name in ("../evil.txt", str(tmp_path / "evil.txt"), "..\\evil.txt", "C:evil.txt"):
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr(name, "x")
        with pytest.raises(Rejected, match=r"no usable ZIP archive"):
            folders.add(archive)
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.parametrize(
    ("toml", "body", "said"),
    [
        ("name = ", HOUSE, "description of the rule set is incomplete"),
        (TOML.replace('"house"', '"../house"'), HOUSE, "description of the rule set is incomplete"),
        (TOML.replace("ubl-invoice", "edifact"), HOUSE, "description of the rule set is incomplete"),
        (TOML.replace("house.xslt", "other.xslt"), HOUSE, "lacks the file rules/other.xslt"),
        (TOML, "<xsl:unknown/>", "cannot be applied"),
        (TOML, '<xsl:include href="http://127.0.0.1:9/x.xslt"/>', "cannot be applied"),
        (TOML + '[files]\n"rules/house.xslt" = "00"\n', HOUSE, "the file rules/house.xslt was changed"),
        (TOML + '[files]\n"rules/none.xslt" = "00"\n', HOUSE, "lacks the file rules/none.xslt"),
    ],
)
def test_a_set_that_cannot_work_is_not_taken_in(
    toml: str, body: str, said: str, made: Making, folders: RuleFolders
) -> None:
    with pytest.raises(Rejected, match=said):
        folders.add(made(body, toml))
    assert [one.name for one in folders.rule_sets()] == ["factur-x"]


def test_a_folder_without_a_description_and_a_file_that_is_no_archive_are_refused(
    folders: RuleFolders, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "rules.zip").write_text("no archive")
    for name in ("empty", "rules.zip"):
        with pytest.raises(Rejected):
            folders.add(tmp_path / name)
    with pytest.raises(Rejected, match="no active rule set house"):
        folders.remove("house")


# ---- fail closed -----------------------------------------------------------------------------------------------------


def test_a_set_of_which_anything_is_missing_or_changed_refuses_every_document(
    made: Making, folders: RuleFolders, tmp_path: Path
) -> None:
    folders.add(made(""))
    place = tmp_path / "home" / "rules" / "house" / "1"
    file, manifest, index = place / "rules" / "house.xslt", place / "rules.json", place.parent.parent / "index.json"
    damages: list[tuple[Callable[[], object], str]] = [
        (lambda: file.write_text(file.read_text() + " "), "rules_file_changed"),
        (file.unlink, "rules_file_missing"),
        (lambda: manifest.write_text(manifest.read_text().replace("our own", "theirs")), "rules_file_changed"),
        (manifest.unlink, "rules_file_missing"),
        (lambda: index.write_text("{"), "rules_index"),
        (index.unlink, "rules_index"),
    ]
    whole = {path: path.read_bytes() for path in (file, manifest, index)}
    for damage, expected in damages:
        damage()
        validator = OfficialValidator(folders)
        assert refusal(validator.validate(UBL, at=AT)) == expected
        assert refusal(validator.validate(CII, at=AT)) == expected
        validator.close()
        if expected == "rules_index":
            with pytest.raises(Rejected, match="Restore it from the backup"):
                folders.rule_sets()
        else:
            assert [one.damage[0][0] for one in folders.rule_sets() if one.damage] == [expected]
        for path, content in whole.items():
            path.write_bytes(content)


@pytest.mark.parametrize(
    "body",
    [
        '<xsl:message terminate="yes">no</xsl:message>',
        '<xsl:value-of select="error()"/>',
        "<xsl:value-of select=\"doc('http://127.0.0.1:9/x.xml')\"/>",
    ],
)
def test_rules_that_fail_while_they_judge_refuse_the_document(
    body: str, made: Making, folders: RuleFolders, judged: Judging
) -> None:
    folders.add(made(body))
    assert refusal(judged(UBL)) == "rules_do_not_run"


def test_rules_of_which_none_was_applied_judge_nothing(made: Making, folders: RuleFolders, judged: Judging) -> None:
    folder = made()
    (folder / "rules" / "house.xslt").write_text(XSLT.format(body="").replace('<svrl:fired-rule context="/"/>', ""))
    folders.add(folder)
    assert refusal(judged(UBL)) == "rules_do_not_run"


def test_a_thousand_warnings_hide_no_error(made: Making, folders: RuleFolders, judged: Judging) -> None:
    warning = '<svrl:failed-assert id="W" flag="warning"/>'
    folders.add(made(f'<xsl:for-each select="1 to 1000">{warning}</xsl:for-each><svrl:failed-assert id="F"/>'))
    report = judged(UBL)
    assert [one.rule for one in report.fatal] == ["F"]
    assert len(report.findings) == 200


def test_rules_that_never_end_are_ended(made: Making, folders: RuleFolders) -> None:
    many = '<xsl:for-each select="1 to 1000000000">'
    folders.add(made(f'{many}{many}<xsl:if test=". mod 7 = 9">x</xsl:if></xsl:for-each></xsl:for-each>'))
    validator = OfficialValidator(folders, judge=Child("judge", seconds=3))
    assert refusal(validator.validate(UBL, at=AT)) == "validation_slow"
    validator.close()


# ---- no way out ------------------------------------------------------------------------------------------------------


@pytest.fixture
def visitors() -> Iterator[tuple[int, list[object]]]:
    """A port on this machine and who came to it."""
    seen: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    line, address = server.accept()
                except OSError:
                    return
                seen.append(address)
                line.close()

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)


def test_neither_document_nor_rules_reach_the_network_or_other_files(
    visitors: tuple[int, list[object]], made: Making, folders: RuleFolders, judged: Judging, tmp_path: Path
) -> None:
    port, seen = visitors
    url = f"http://127.0.0.1:{port}/x"
    pipe = tmp_path / "pipe.xsd"  # whoever opened it would wait for ever
    os.mkfifo(pipe)
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi'
    for place in (url, str(pipe), pipe.as_uri()):
        hints = f'<Invoice {xsi}:schemaLocation="urn:x {place}" xsi:noNamespaceSchemaLocation="{place}" '
        assert judged(swap(UBL, "<Invoice ", hints)).verdict is Verdict.VALID
        styled = swap(UBL, "<Invoice ", f'<?xml-stylesheet href="{place}"?><Invoice ')
        assert judged(styled).verdict is Verdict.VALID
        for attack in (f'SYSTEM "{place}"', f'[<!ENTITY x SYSTEM "{place}">]', f'[<!ENTITY % x SYSTEM "{place}"> %x;]'):
            document = swap(UBL, "<Invoice ", f"<!DOCTYPE Invoice {attack}><Invoice ")
            assert judged(document).fatal[0].rule == "xml_doctype"
    for function in ("doc", "unparsed-text", "collection", "json-doc"):
        version = function.replace("-", "")
        toml = TOML.replace('"1"', f'"{version}"')
        folders.add(made(f"<xsl:value-of select=\"{function}('{url}')\"/>", toml))
        assert refusal(judged(UBL)) == "rules_do_not_run", function
    assert seen == []


# ---- KoSIT -----------------------------------------------------------------------------------------------------------

SCENARIOS = f"""<?xml version="1.0"?>
<scenarios xmlns="http://www.xoev.de/de/validator/framework/1/scenarios" frameworkVersion="1.0.0">
  <name>XRechnung</name><date>2026-01-31</date>
  <scenario>
    <name>EN16931 XRechnung (UBL Invoice)</name>
    <namespace prefix="cbc">urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2</namespace>
    <namespace prefix="invoice">urn:oasis:names:specification:ubl:schema:xsd:Invoice-2</namespace>
    <match>exists(/invoice:Invoice/cbc:CustomizationID[ . = '{PROFILE}']) </match>
    <validateWithXmlSchema>
      <resource><name>x</name><location>xsd/maindoc/UBL-Invoice-2.1.xsd</location></resource>
    </validateWithXmlSchema>
    <validateWithSchematron><resource><name>x</name><location>cen.xsl</location></resource></validateWithSchematron>
    <validateWithSchematron><resource><name>x</name><location>house.xsl</location></resource></validateWithSchematron>
    <createReport><resource><name>x</name><location>report.xsl</location></resource>
      <customLevel level="warning">BR-CL-23 HOUSE-1</customLevel><customLevel level="error">HOUSE-2</customLevel>
    </createReport>
  </scenario>
  <scenario><name>An order</name><match>/order:Order</match></scenario>
</scenarios>"""


def test_kosits_configuration_becomes_a_manifest() -> None:
    manifest = manifest_of(SCENARIOS.encode())
    assert (manifest["name"], manifest["version"]) == ("xrechnung", "2026-01-31")
    (one,) = manifest["scenario"]
    assert one["syntaxes"] == ["ubl-invoice"]
    assert one["schematron"] == ["cen.xsl", "house.xsl"]
    assert one["severity"] == {"BR-CL-23": "warning", "HOUSE-1": "warning", "HOUSE-2": "fatal"}
    assert one["complete"]
    with pytest.raises(ValueError, match="DOCTYPE"):
        manifest_of(SCENARIOS.replace("<scenarios", "<!DOCTYPE scenarios><scenarios", 1).encode())


def test_a_complete_configuration_judges_alone_with_its_own_severities(
    folders: RuleFolders, judged: Judging, tmp_path: Path
) -> None:
    given = tmp_path / "configuration"
    given.mkdir()
    ubl = builtin_rules().folder / "ubl-2.1"
    (given / "scenarios.xml").write_text(SCENARIOS)
    (given / "house.xsl").write_text(XSLT.format(body=HOUSE))
    (given / "cen.xsl").write_bytes((ubl / "EN16931-UBL-validation.xslt").read_bytes())
    for path in [*(ubl / "common").iterdir(), ubl / "maindoc" / "UBL-Invoice-2.1.xsd"]:
        target = given / "xsd" / path.relative_to(ubl)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert folders.add(given).version == "2026-01-31"
    report = judged(swap(UBL, 'unitCode="MON"', 'unitCode="NONE"'))
    assert [one.name for one in report.rule_sets] == ["xrechnung"]
    assert [(one.rule, one.severity) for one in report.findings] == [
        ("BR-CL-23", Severity.WARNING), ("HOUSE-2", Severity.FATAL), ("HOUSE-1", Severity.WARNING),
    ], "layer by layer, what is fatal first"  # fmt: skip
    assert [one.name for one in judged(swap(UBL, XRECHNUNG, "")).rule_sets] == ["factur-x"]
    assert [one.name for one in judged(CII).rule_sets] == ["factur-x"]
    manifest = json.loads((tmp_path / "home/rules/xrechnung/2026-01-31/rules.json").read_text())
    assert "scenarios.xml" in manifest["files"]
