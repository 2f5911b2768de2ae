"""``turnus run issue --all-sellers``: one report over all sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from turnus.core.messages import message
from turnus.interfaces.cli import summaries
from turnus.interfaces.cli.frame import findings
from turnus.interfaces.cli.language import columns, language, say
from turnus.interfaces.cli.options import day_of, house, stamp
from turnus.interfaces.cli.screen import amount, answer, heading, number, plain, progress, show, table
from turnus.invoices.runs import DEFAULT
from turnus.parties.facts import seller_ids
from turnus.stories.central import SellerRun, bill_sellers, totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


def issue_all(*, through: str, on: str, definition: str, automation: str, json: bool) -> None:
    """Bill every seller, and say what became of each; exit code 1 where something waits."""
    codes = dict(seller_ids())

    def day(seller: int) -> date:
        return house(codes[seller], on).on

    last = day_of(through, day(next(iter(codes))), "--through") if through and codes else None
    with progress("Alle Verkäufer", "All sellers", total=len(codes)) as advance:
        found = []
        for row in bill_sellers(
            through=last, on=day, definition=definition or DEFAULT, automation=automation, by=stamp()
        ):
            found.append(row)
            advance(1)
    if json:
        answer({"sellers": [_as_json(row) for row in found], "documents": totals(found)})
    else:
        _describe(found)
    findings(any_=any(row.code or (row.found is not None and row.found.parked) for row in found))


def _as_json(row: SellerRun) -> dict[str, Any]:
    said = {"code": row.code, "text": _text(row)} if row.code else {}
    return {"seller": row.name, "run": row.run, **said, "summary": summaries.as_json(row.found) if row.found else None}


def _text(row: SellerRun) -> str:
    params = dict(row.params)
    if "reason" in params:
        params["reason"] = summaries.held_reason(params["reason"])
    return message(row.code, params, language())


def _describe(found: Sequence[SellerRun]) -> None:
    titles = columns("Verkäufer|Seller", "Lauf|Run", "Belege|Documents", "Zurückgestellt|Parked", "Ergebnis|Result")
    rows = [
        (
            plain(row.name), row.run or "", number(sum(total.documents for total in row.found.documents)) if row.found
            else "", number(len({parked.unit for parked in row.found.parked})) if row.found else "",
            plain(_text(row)) if row.code else say("fertig", "done"),
        )
        for row in found
    ]  # fmt: skip
    table(titles, rows, right=(1, 2, 3))
    heading(say("Alle zusammen", "All together"))
    titles = columns("Art|Kind", "Anzahl|Count", "Netto|Net", "USt|VAT", "Brutto|Gross")
    table(
        titles,
        [
            (
                summaries.word(summaries.KINDS, row.kind),
                number(row.documents),
                *(amount(v, row.currency) for v in row[3:]),
            )
            for row in totals(found)
        ],
        right=(1, 2, 3, 4),
    )
    for row in found:
        if row.found is not None and row.found.parked:
            heading(say("Zurückgestellt: {s}", "Parked: {s}", s=plain(row.name)))
            summaries.parked(row.found.parked)
    if not found:
        show(say("Kein Verkäufer hat diese Laufdefinition.", "No seller has this run definition."))
