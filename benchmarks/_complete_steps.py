"""The work of ``complete`` in a process of its own, with a database of its own. Prints JSON."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")

import django
import typst

django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up first

from benchmarks._portfolio import BY, seed_portfolio  # noqa: E402
from turnus.adapters.document import renderer  # noqa: E402
from turnus.adapters.document.view import view  # noqa: E402
from turnus.invoices.document import invoice_documents  # noqa: E402
from turnus.invoices.models import Invoice  # noqa: E402
from turnus.order_to_cash import bill  # noqa: E402
from turnus.project import settings  # noqa: E402
from turnus.stories.render import Press, render_invoices  # noqa: E402
from turnus.wiring import files, ports  # noqa: E402

if TYPE_CHECKING:
    from turnus.core.document import InvoiceDocument

DAY = date(2025, 1, 31)
WARM = 20
BATCH = 100


def issued(documents: int, profile: str) -> list[int]:
    """Issue invoices in the empty database; their ids."""
    call_command("migrate", verbosity=0)
    list(bill(seed_portfolio(documents, 3, 7, profile), through=DAY, on=DAY, by=BY))
    return list(Invoice.objects.filter(state="issued").order_by("id").values_list("id", flat=True))


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one call, with all threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


class Alone:
    """Typst compiling the same template with data that lie ready; nothing is attached, nothing kept."""

    def __init__(self, template: str) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[renderer.HERE / "fonts"]
        )
        self.desk = renderer._Desk([renderer.HERE / "templates"], None, fonts)  # noqa: SLF001 - its workplace alone
        self.source = f'#include "/templates/0/{template}.typ"'.encode()

    def compile(self, data: Sequence[str]) -> None:
        """All documents, one after the other."""
        day = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
        for each in data:
            (self.desk.root / "data.json").write_text(each, encoding="ascii")
            self.desk.compiler.compile(self.source, format="pdf", pdf_standards=renderer.STANDARD, timestamp=day)


def prepared(documents: Iterable[InvoiceDocument]) -> list[str]:
    """What the template prints of each document."""
    return [json.dumps(view(document, logo="")) for document in documents]


def main() -> None:
    """One after the other: in turn each would make the other's compiler forget its layouts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--profile", required=True)
    options = parser.parse_args()
    invoices = issued(options.documents + WARM, options.profile)
    home = settings.ENVIRONMENT.home
    press = Press(ports(home).renderer, ports(home).xml, files(home))
    render_invoices(invoices[:WARM], press, by=BY)
    rest = invoices[WARM:]
    batches = [rest[start : start + BATCH] for start in range(0, len(rest), BATCH)]
    whole = sum(seconds(lambda: render_invoices(batch, press, by=BY)) for batch in batches)  # noqa: B023 - called at once
    documents = list(invoice_documents(invoices).values())
    alone_typst = Alone(documents[0].design.template)
    alone_typst.compile(prepared(documents[:WARM]))
    data = prepared(documents[WARM:])
    alone = seconds(lambda: alone_typst.compile(data))
    print(json.dumps({"documents": len(rest), "seconds": whole, "typst": alone}))


if __name__ == "__main__":
    main()
