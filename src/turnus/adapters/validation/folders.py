"""The rule sets of an installation: taken in from a folder or an archive, proved to load, kept with their hashes."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import tomllib
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, Final

from turnus.adapters.validation.kosit import SCENARIOS, manifest_of
from turnus.adapters.validation.process import Child, ChildFailedError
from turnus.adapters.validation.rules import MANIFEST, RulesError, RuleSet, builtin_rules, installed_rules, scenario
from turnus.core.messages import message
from turnus.core.validation import RuleSetState
from turnus.ports import Rejected

INDEX: Final = "index.json"
GIVEN: Final = "rules.toml"
"""The manifest that an operator writes."""
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,60}")
ARCHIVE_BYTES: Final = 200 * 1024 * 1024
ARCHIVE_FILES: Final = 5_000


class RuleFolders:
    """``home/rules``: an index of what is active, and one folder per rule set and version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def active(self) -> list[tuple[str, str]]:
        """(folder, hash of its manifest) of every set that judges; the built-in one last. Raises ``RulesError``."""
        rows = [(str(self._folder / row["name"] / row["version"]), row["sha256"]) for row in self._index()]
        return [*rows, ("", "")]

    def rule_sets(self) -> list[RuleSetState]:
        """Every rule set, each file checked. Raises ``Rejected`` where the index cannot be read."""
        try:
            active = {(row["name"], row["version"]): row["sha256"] for row in self._index()}
        except RulesError as error:
            raise refusal(error) from None
        states = []
        for name, version in sorted({*active, *self._found()}):
            try:
                rules = installed_rules(self._folder / name / version)
            except RulesError as error:
                states.append(_broken(name, version, active, error.code))
                continue
            expected = active.get((name, version), rules.ref.sha256)
            states.append(_state(rules, active=(name, version) in active, expected=expected))
        return [*states, _builtin()]

    def add(self, source: Path, *, sha256: str = "") -> RuleSetState:
        """Take in a rule set from a folder or an archive; it judges from now on, in place of older versions.

        ``sha256``: what the publisher says of the archive. Raises ``Rejected``: nothing was changed.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".new") as fresh:
            try:
                place = _unpacked(source, Path(fresh) / "given", sha256)
                rules = _prepared(place, Path(fresh) / "set")
                _prove(rules)
                self._keep(rules)
            except RulesError as error:
                raise refusal(error) from None
            except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
                raise refusal(RulesError("rules_source", source=source.name, reason=str(error)[:200])) from None
        return _state(installed_rules(self._folder / rules.ref.name / rules.ref.version), active=True)

    def remove(self, name: str) -> None:
        """The set judges no more; its files stay. Raises ``Rejected``."""
        try:
            rows = self._index()
        except RulesError as error:
            raise refusal(error) from None
        left = [row for row in rows if row["name"] != name]
        if left == rows:
            raise refusal(RulesError("rules_unknown", set=name))
        self._write(left)

    def _index(self) -> list[dict[str, str]]:
        """What is active. A folder of rules without its index is damaged, not empty."""
        path = self._folder / INDEX
        if not path.exists() and not self._found():
            return []
        try:
            rows = json.loads(path.read_bytes())["sets"]
            return [{key: str(row[key]) for key in ("name", "version", "sha256")} for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            raise RulesError("rules_index", file=str(path)) from None

    def _found(self) -> list[tuple[str, str]]:
        return [(path.parent.name, path.name) for path in self._folder.glob("[!.]*/[!.]*") if path.is_dir()]

    def _keep(self, rules: RuleSet) -> None:
        rows = [row for row in self._index() if row["name"] != rules.ref.name]
        place = self._folder / rules.ref.name / rules.ref.version
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            rules.folder.rename(place)
        elif installed_rules(place).ref != rules.ref or list(installed_rules(place).damage()):
            raise RulesError("rules_version_taken", set=rules.ref.name, version=rules.ref.version)
        self._write([*rows, rules.ref._asdict()])

    def _write(self, rows: list[dict[str, str]]) -> None:
        unfinished = self._folder / f".{INDEX}"
        unfinished.write_text(json.dumps({"sets": rows}, indent=1), encoding="utf-8")
        unfinished.rename(self._folder / INDEX)


def refusal(error: RulesError) -> Rejected:
    """The words of a rule set that cannot be used."""
    return Rejected(message(error.code, error.params, "en"), message(error.code, error.params, "de"))


def _builtin() -> RuleSetState:
    try:
        return _state(builtin_rules(), active=True)
    except RulesError as error:
        return RuleSetState("factur-x", "", "", (), active=True, builtin=True, damage=((error.code, ""),))


def _state(rules: RuleSet, *, active: bool, expected: str = "") -> RuleSetState:
    damage = tuple(rules.damage())
    if expected not in ("", rules.ref.sha256):
        damage = (("rules_file_changed", MANIFEST), *damage)
    names = tuple(one.name for one in rules.scenarios)
    return RuleSetState(*rules.ref, names, active=active, builtin=rules.builtin, damage=damage)


def _broken(name: str, version: str, active: dict[tuple[str, str], str], code: str) -> RuleSetState:
    key = (name, version)
    return RuleSetState(
        name, version, active.get(key, ""), (), key in active, builtin=False, damage=((code, MANIFEST),)
    )


# ---- taking in -------------------------------------------------------------------------------------------------------


def _unpacked(source: Path, target: Path, sha256: str) -> Path:
    """The folder with the manifest: the source itself, or what the archive holds."""
    if source.is_dir():
        return _root(source)
    content_hash = hashlib.sha256(source.read_bytes()).hexdigest()
    if sha256 and sha256.lower() != content_hash:
        raise RulesError("rules_archive_hash", source=source.name, found=content_hash)
    with zipfile.ZipFile(source) as archive:
        infos = archive.infolist()
        if len(infos) > ARCHIVE_FILES or sum(info.file_size for info in infos) > ARCHIVE_BYTES:
            raise RulesError("rules_source", source=source.name, reason=f"> {ARCHIVE_BYTES} bytes")
        for info in infos:
            if not _inside(info.filename):
                raise RulesError("rules_source", source=source.name, reason=info.filename[:80])
        archive.extractall(target)
    return _root(target)


def _inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in name


def _root(folder: Path) -> Path:
    """The folder itself, or the only folder in it, where a manifest lies."""
    for place in (folder, *(path for path in sorted(folder.iterdir()) if path.is_dir())):
        if (place / GIVEN).is_file() or (place / SCENARIOS).is_file():
            return place
    raise RulesError("rules_no_manifest", source=folder.name, files=f"{GIVEN}, {SCENARIOS}")


def _prepared(place: Path, target: Path) -> RuleSet:
    """A copy of the files with a manifest that holds the hash of each; hashes that were given must be right."""
    body = _body(place)
    given: dict[str, str] = body.get("files") or {}
    names = given or {
        path.relative_to(place).as_posix(): ""
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name not in (GIVEN, MANIFEST)
    }
    files = {}
    for name, expected in names.items():
        if not _inside(name) or not (place / name).is_file() or (place / name).is_symlink():
            raise RulesError("rules_file_missing", file=name, set=body["name"])
        content = (place / name).read_bytes()
        files[name] = hashlib.sha256(content).hexdigest()
        if expected and expected.lower() != files[name]:
            raise RulesError("rules_file_changed", file=name, set=body["name"])
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    manifest = {**body, "files": files}
    (target / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    return installed_rules(target)


def _body(place: Path) -> dict[str, Any]:
    """The manifest without hashes. Raises ``RulesError`` where it says too little."""
    try:
        if (place / GIVEN).is_file():
            body = tomllib.loads((place / GIVEN).read_text(encoding="utf-8"))
        else:
            body = manifest_of((place / SCENARIOS).read_bytes())
        for row in body["scenario"]:
            scenario(row)
        usable = body["scenario"] and all(NAME.fullmatch(body[key]) for key in ("name", "version"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RulesError("rules_manifest", reason=f"{type(error).__name__}: {error}"[:200]) from None
    if not usable:
        raise RulesError("rules_manifest", reason=f"name {body['name']}, version {body['version']}")
    return body


def _prove(rules: RuleSet) -> None:
    """Every file that a scenario names is there and compiles."""
    for one in rules.scenarios:
        for name in (*one.schema.values(), *one.schematron):
            if name not in rules.files:
                raise RulesError("rules_file_missing", file=name, set=rules.ref.name)
    child = Child("judge", seconds=300)
    try:
        answer, _ = child.ask({"load": str(rules.folder)})
    except ChildFailedError as error:
        raise RulesError("rules_do_not_run", file=rules.ref.name, set=rules.ref.version, reason=error.code) from None
    finally:
        child.close()
    if "error" in answer:
        raise RulesError(answer["error"], **answer["params"])
