"""The renderer: equal bytes, templates and logos of the house, one work folder per process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.document.reading import Paper
from tests.adapters.document.samples import INVOICE, SAMPLES
from turnus.adapters.document import TypstRenderer
from turnus.adapters.document.renderer import HERE
from turnus.core.document import Design, InvoiceDocument
from turnus.ports import DocumentRenderer, Rejected, TryLater

ROOT = Path(__file__).parents[3]
PRINT = """
import hashlib
from tests.adapters.document.samples import SAMPLES
from turnus.adapters.document import TypstRenderer
renderer = TypstRenderer()
print(*(hashlib.sha256(renderer.render(document)).hexdigest() for document in SAMPLES.values()))
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#0b5d5e"/></svg>'


def designed(template: str = "din5008b", logo: str = "", accent: str = "#0b5d5e") -> InvoiceDocument:
    return replace(INVOICE, design=Design(template, logo, accent))


def test_equal_documents_are_equal_bytes_in_every_process() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "src", "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for zone in ("UTC", "Asia/Tokyo")
    }
    assert len(runs) == 1
    assert len(set(runs.pop().split())) == len(SAMPLES)


def test_the_order_of_printing_leaves_no_trace(renderer: TypstRenderer) -> None:
    first = renderer.render(INVOICE)
    for document in SAMPLES.values():
        renderer.render(document)
    assert renderer.render(INVOICE) == first


def test_the_file_says_what_it_is_and_carries_the_issue_date(renderer: TypstRenderer) -> None:
    paper = Paper(renderer.render(INVOICE))
    facts = paper.file.get_metadata_dict()
    assert facts["Title"] == "Rechnung RE-2026-000123"
    assert facts["Author"] == "Lindenhof Software GmbH"
    assert facts["CreationDate"].startswith("D:20261122000000")
    assert paper.file.is_tagged()


def test_it_is_pdf_a_3b_with_embedded_fonts(renderer: TypstRenderer) -> None:
    pdf = renderer.render(INVOICE)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    fonts = Paper(pdf).fonts()
    assert all(fonts.values())
    assert {name.partition("+")[2] for name in fonts} == {"SourceSans3-Regular", "SourceSans3-Semibold"}


def test_fonts_stand_beside_their_licences_and_stay_small() -> None:
    fonts = list((HERE / "fonts").glob("*.ttf"))
    assert sum(font.stat().st_size for font in fonts) < 3_000_000
    for font in fonts:
        family = font.stem.partition("-")[0]
        assert list((HERE / "fonts").glob(f"{family}-LICENSE*")), font.name


def test_a_template_of_the_house_goes_before_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "own.typ").write_text('#let d = json("/data.json")\nEigene Vorlage #d.number')
    (tmp_path / "din5008b.typ").write_text("Ersatz")
    house = TypstRenderer(templates=[tmp_path])
    assert "Eigene Vorlage RE-2026-000123" in Paper(house.render(designed(template="own"))).text()
    assert "Ersatz" in Paper(house.render(INVOICE)).text()
    (tmp_path / "own.typ").write_text("Geändert")
    assert "Geändert" in Paper(house.render(designed(template="own"))).text()


@pytest.mark.parametrize("name", ["gibtsnicht", "../din5008b", "", "a/b", "/etc/passwd", "x.typ"])
def test_an_unknown_template_is_rejected_saying_what_and_where(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected) as caught:
        TypstRenderer(templates=[tmp_path]).render(designed(template=name))
    assert repr(name) in str(caught.value)
    assert str(tmp_path) in caught.value.english
    assert "Vorlage" in caught.value.german


def test_a_faulty_template_is_rejected_with_its_fault(tmp_path: Path) -> None:
    (tmp_path / "own.typ").write_text("#undefined-name")
    house = TypstRenderer(templates=[tmp_path])
    with pytest.raises(Rejected, match=r"'own'.*unknown variable: undefined-name"):
        house.render(designed(template="own"))
    assert house.render(INVOICE).startswith(b"%PDF")


def test_a_template_reads_nothing_outside_of_its_folders(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    (tmp_path / "own").mkdir()
    for path in (str(secret), "../secret.txt", "../../../../../../etc/hostname"):
        (tmp_path / "own" / "own.typ").write_text(f'#read("{path}")')
        with pytest.raises(Rejected):
            TypstRenderer(templates=[tmp_path / "own"]).render(designed(template="own"))


@pytest.mark.parametrize("colour", ["", "red", "#12345", '#0b5d5e") + panic("', "#0b5d5g"])
def test_a_colour_that_is_none_is_rejected(renderer: TypstRenderer, colour: str) -> None:
    with pytest.raises(Rejected, match="accent colour"):
        renderer.render(designed(accent=colour))


@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#ffffff"])
def test_any_colour_can_be_the_accent(renderer: TypstRenderer, colour: str) -> None:
    assert "Lindenhof Software GmbH" in Paper(renderer.render(designed(accent=colour))).text()


def test_the_logo_takes_the_place_of_the_name(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    house = TypstRenderer(logos=tmp_path)
    with_logo = Paper(house.render(designed(logo="logo.svg"))).text()
    assert not with_logo.startswith("Lindenhof Software GmbH\nLindenhof")
    for missing in ("", "none.png", "../logo.svg", "logo.txt"):
        assert Paper(house.render(designed(logo=missing))).text().startswith("Lindenhof Software GmbH\nLindenhof")


FORK = """
import os, sys
from tests.adapters.document.samples import INVOICE
from turnus.adapters.document import TypstRenderer
renderer = TypstRenderer()
if sys.argv[1] == "late":
    renderer.render(INVOICE)
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
renderer.render(INVOICE)
"""


def test_a_process_may_fork_before_it_prints_but_not_after() -> None:
    early, late = (
        subprocess.run(
            [sys.executable, "-c", FORK, when],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "src"},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        for when in ("early", "late")
    )
    assert early.returncode == 0, early.stderr
    assert late.returncode == 1
    assert "Start worker processes before the first print" in late.stderr


def test_a_cleared_work_folder_is_made_anew() -> None:
    house = TypstRenderer()
    first = house.render(INVOICE)
    shutil.rmtree(house._desk.root)  # type: ignore[union-attr]  # noqa: SLF001
    assert house.render(INVOICE) == first


def test_the_work_folder_goes_with_its_renderer() -> None:
    house = TypstRenderer()
    house.render(INVOICE)
    root = house._desk.root  # type: ignore[union-attr]  # noqa: SLF001
    assert root.is_dir()
    del house
    assert not root.exists()


def test_no_room_to_work_in_means_try_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("turnus.adapters.document.renderer.tempfile.mkdtemp", full)
    with pytest.raises(TryLater, match="No space left"):
        TypstRenderer().render(INVOICE)


def test_the_renderer_fits_the_port() -> None:
    port: DocumentRenderer = TypstRenderer()
    assert port.render(INVOICE).startswith(b"%PDF")
