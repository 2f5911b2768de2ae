"""Reads a PDF as a person, a ruler and a telephone would."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterator

MM_PER_POINT = 25.4 / 72
A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Box:
    """Edges in mm from the left and upper edge of the paper."""

    left: float
    top: float
    right: float
    bottom: float


class Paper:
    """The pages of a PDF."""

    def __init__(self, pdf: bytes) -> None:
        self.file = pypdfium2.PdfDocument(pdf)

    def __len__(self) -> int:
        return len(self.file)

    def texts(self) -> list[str]:
        """Text per page, one line of paper per line, with plain spaces and without zero-width ones."""
        return [_plain(page.get_textpage().get_text_range()) for page in self.file]

    def text(self) -> str:
        return "\n".join(self.texts())

    def flat(self) -> str:
        """All text with every break as one space."""
        return " ".join(self.text().split())

    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of the pages in mm."""
        return [(width * MM_PER_POINT, height * MM_PER_POINT) for width, height in (p.get_size() for p in self.file)]

    def box(self, words: str, page: int = 0) -> Box:
        """Where these words stand, measured by the boxes of their glyphs."""
        height = self.file[page].get_height()
        text = self.file[page].get_textpage()
        found = text.search(words).get_next()
        assert found, f"{words!r} is not on the page"
        boxes = [text.get_charbox(found[0] + at) for at in range(found[1]) if not words[at].isspace()]
        return Box(
            min(box[0] for box in boxes) * MM_PER_POINT,
            (height - max(box[3] for box in boxes)) * MM_PER_POINT,
            max(box[2] for box in boxes) * MM_PER_POINT,
            (height - min(box[1] for box in boxes)) * MM_PER_POINT,
        )

    def strokes(self, page: int = 0) -> Iterator[Box]:
        """Lines and other paths."""
        height = self.file[page].get_height()
        for shape in self.file[page].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = shape.get_bounds()
            edges = (left, height - top, right, height - bottom)
            yield Box(*(edge * MM_PER_POINT for edge in edges))

    def fonts(self) -> dict[str, bool]:
        """Name of each font in use → whether it is embedded."""
        found = {}
        for page in self.file:
            for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.FPDFTextObj_GetFont(shape)
                name = ctypes.create_string_buffer(200)
                pdfium.FPDFFont_GetBaseFontName(font, name, 200)
                found[name.value.decode()] = bool(pdfium.FPDFFont_GetIsEmbedded(font))
        return found

    def codes(self) -> list[str]:
        """What a telephone reads from the QR codes on the paper, printed at 200 dpi."""
        found = []
        for page in self.file:
            image = page.render(scale=200 / 72, grayscale=True)
            rows = bytes(image.buffer)
            starts = range(0, image.height * image.stride, image.stride)
            pixels = b"".join(rows[start : start + image.width] for start in starts)
            shades = memoryview(pixels).cast("B", shape=(image.height, image.width))
            found += [code.text for code in zxingcpp.read_barcodes(shades)]
        return found


def _plain(text: str) -> str:
    lines = text.replace("\u00a0", " ").replace("\u200b", "").replace("\ufffe", "-").splitlines()
    return "\n".join(line.rstrip() for line in lines)
