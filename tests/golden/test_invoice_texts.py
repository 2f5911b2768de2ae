"""The text of whole documents, page by page; read the difference before writing these files anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.adapters.document import collective, kinds, samples
from tests.adapters.document.reading import Paper
from turnus.adapters.document import TypstRenderer

RENDERER = TypstRenderer()
SAMPLES = samples.SAMPLES | collective.SAMPLES | kinds.SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_reads_as_it_always_did(golden: Callable[[str, bytes], None], name: str) -> None:
    pages = Paper(RENDERER.render(SAMPLES[name])).texts()
    text = "".join(f"--- page {number}\n{page}\n" for number, page in enumerate(pages, start=1))
    golden(f"invoices/{name}.txt", text.encode())


def test_a_statement_reads_as_it_always_did(golden: Callable[[str, bytes], None]) -> None:
    pages = Paper(RENDERER.letter(kinds.STATEMENT)).texts()
    golden("invoices/statement_de.txt", "".join(pages).encode())
