"""The processes that read and judge may die or hang: the document is refused, the next one is judged again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.validation.conftest import AT
from tests.adapters.validation.corpus import UBL, broken_pdfs, unreadable
from turnus.adapters.validation import OfficialValidator, RuleFolders
from turnus.adapters.validation.process import Child, ChildFailedError
from turnus.core.messages import message
from turnus.core.validation import Layer, ValidationReport, Verdict

SCRIPT = Path(__file__).with_name("broken_child.py")
QUESTION = {"syntax": "ubl-invoice", "profile": "urn:cen.eu:en16931:2017", "rules": [["", ""]]}


def failing(work: str, how: str, *, seconds: int = 60) -> Child:
    return Child(work, seconds=seconds, command=[sys.executable, str(SCRIPT), how])


def report_with(folder: Path, child: str, how: str, *, seconds: int = 60) -> ValidationReport:
    reader = failing("read", how, seconds=seconds) if child == "reader" else None
    judge = failing("judge", how, seconds=seconds) if child == "judge" else None
    validator = OfficialValidator(RuleFolders(folder), reader=reader, judge=judge)
    try:
        return validator.validate(UBL, at=AT)
    finally:
        validator.close()


@pytest.mark.parametrize("child", ["reader", "judge"])
@pytest.mark.parametrize("how", ["kill", "exit", "start", "memory"])
def test_a_process_that_dies_in_the_middle_of_a_document_refuses_it(child: str, how: str, tmp_path: Path) -> None:
    report = report_with(tmp_path, child, how)
    assert (report.verdict, report.error_class) == (Verdict.NOT_JUDGED, None)
    (one,) = report.fatal
    assert (one.rule, one.layer) == ("validation_died", Layer.PROCESS)


@pytest.mark.parametrize("child", ["reader", "judge"])
def test_a_process_that_hangs_is_ended_and_the_document_refused(child: str, tmp_path: Path) -> None:
    report = report_with(tmp_path, child, "hang", seconds=1)
    (one,) = report.fatal
    assert (report.verdict, one.rule) == (Verdict.NOT_JUDGED, "validation_slow")
    german, english = (message(one.rule, dict(one.params), language) for language in ("de", "en"))
    assert german == "Die Prüfung dauerte länger als 1 Sekunden und wurde abgebrochen; die Datei gilt als ungeprüft."
    assert english == "The validation took longer than 1 seconds and was ended; the file counts as not judged."


@pytest.fixture
def judge() -> Iterator[Child]:
    child = Child("judge", seconds=120, documents=2)
    yield child
    child.close()


def process_of(child: Child) -> int:
    process = child._process  # noqa: SLF001 - which process answers is not for users
    assert process is not None
    return process.pid


def test_after_a_process_was_killed_a_fresh_one_judges(judge: Child) -> None:
    assert judge.ask(QUESTION, UBL)[0]["findings"] == []
    killed = process_of(judge)
    os.kill(killed, 9)
    try:
        judge.ask(QUESTION, UBL)
    except ChildFailedError as error:
        assert error.code == "died"  # noqa: PT017 - whether the loss is seen before asking is a matter of microseconds
    assert judge.ask(QUESTION, UBL)[0]["findings"] == []
    assert process_of(judge) != killed


def test_a_process_takes_so_many_documents_and_makes_room_for_a_fresh_one(judge: Child) -> None:
    processes = []
    for _ in range(4):
        assert judge.ask(QUESTION, UBL)[0]["findings"] == []
        processes.append(process_of(judge))
    assert processes[0] == processes[1] != processes[2] == processes[3]


def test_a_process_is_told_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch, judge: Child) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@localhost/turnus")
    judge.ask(QUESTION, UBL)
    told = Path(f"/proc/{process_of(judge)}/environ").read_bytes()
    assert b"PYTHONPATH=" in told
    assert b"DATABASE_URL" not in told


FORKED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from turnus.adapters.validation import OfficialValidator, RuleFolders
content = Path(sys.argv[1]).read_bytes()
validator = OfficialValidator(RuleFolders(Path(sys.argv[2])))
judge = lambda: validator.validate(content, at=datetime.now(UTC)).verdict
first = judge()
child = os.fork()
if child == 0:
    verdict = judge()
    validator.close()
    os._exit(0 if verdict == "valid" else 1)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(first, code, judge())
validator.close()
"""


def test_a_fork_gets_processes_of_its_own_and_its_parent_keeps_its(tmp_path: Path) -> None:
    document = Path(__file__).parent / "documents" / "ubl.xml"
    command = [sys.executable, "-c", FORKED, str(document), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["valid", "0", "valid"]


def test_a_program_that_cannot_be_started_refuses_the_document(tmp_path: Path) -> None:
    child = Child("read", seconds=1, command=[str(tmp_path / "nothing")])
    report = OfficialValidator(RuleFolders(tmp_path), reader=child).validate(UBL, at=AT)
    assert (report.verdict, report.fatal[0].rule) == (Verdict.NOT_JUDGED, "validation_start")


LIMITED = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
resource.setrlimit(resource.RLIMIT_DATA, (256 << 20, 256 << 20))
from turnus.adapters.validation import OfficialValidator, RuleFolders
files = sorted(Path(sys.argv[1]).iterdir())
validator = OfficialValidator(RuleFolders(Path(sys.argv[2])))
found = {path.name: validator.validate(path, at=datetime.now(UTC)) for path in files}
validator.close()
rules = {name: [one.rule for one in report.fatal] for name, report in found.items()}
print(json.dumps([rules, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def test_hostile_files_take_bounded_memory_and_time(tmp_path: Path) -> None:
    """All of them, 100 MB, depth and bombs included, under 256 MiB a process and two minutes of CPU: the system ends
    who takes more.
    """
    (tmp_path / "hostile").mkdir()
    hostile = {name: content for make in (unreadable, broken_pdfs) for name, content in make()}
    for name, content in hostile.items():
        (tmp_path / "hostile" / name).write_bytes(content)
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "hostile"), str(tmp_path / "rules")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rules, peak = json.loads(done.stdout)
    assert rules.keys() == hostile.keys()
    assert [name for name, found in rules.items() if len(found) != 1 or found[0].startswith("validation")] == []
    assert {rules[name][0] for name in ("100 MB", "10,000 deep", "billion laughs", "PDF with a bomb")} == {
        "file_too_large", "xml_too_deep", "xml_doctype", "pdf_too_large",
    }  # fmt: skip
    assert peak < 192 * 1024
