from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.adapters.document.reading import Paper
from turnus.adapters.document import TypstRenderer
from turnus.core.document import InvoiceDocument

Printing = Callable[[InvoiceDocument], Paper]


@pytest.fixture(scope="session")
def renderer() -> TypstRenderer:
    return TypstRenderer()


@pytest.fixture(scope="session")
def printed(renderer: TypstRenderer) -> Printing:
    """Prints a document and opens the PDF."""
    return lambda document: Paper(renderer.render(document))
