"""Central billing (JB-64): one act bills several sellers, each with its own ranges, identity, bank and design.

Every seller keeps a run of its own, so what stops one (a hold, a missing range) stops no other, and each can be resumed
by itself. What comes back is one report over all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from turnus.invoices.numbers import IssueDateError, NoSeriesError
from turnus.invoices.queries import definitions
from turnus.invoices.runs import DEFAULT, RunRefusedError, set_automation
from turnus.invoices.summary import DocumentTotal, RunSummary, run_head, summary
from turnus.order_to_cash import draft_invoices, issue_invoices, start_run
from turnus.parties.facts import UnknownSellerError, seller_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from turnus.core.actors import Stamp


class SellerRun(NamedTuple):
    """What became of one seller. ``code`` and ``params`` say why it did not go on; empty: it did."""

    seller: int
    name: str
    run: int | None
    found: RunSummary | None
    code: str = ""
    params: dict[str, str] = {}  # noqa: RUF012 - never changed


def bill_sellers(
    *,
    through: date | None,
    on: Callable[[int], date],
    definition: str = DEFAULT,
    automation: str = "",
    only: Sequence[str] = (),
    by: Stamp,
) -> Iterator[SellerRun]:
    """Run the definition of this name for every seller that has it, and issue as far as it goes.

    ``on``: issue date of a seller, today in its time zone; ``through`` None: the same day. ``only``: codes of sellers.
    """
    for seller, name in seller_ids():
        if only and name not in only:
            continue
        known = {row.name: row.id for row in definitions(seller)}
        if definition in known:
            day = on(seller)
            yield _bill(seller, name, known[definition], through or day, day, automation, by)


def _bill(seller: int, name: str, definition: int, through: date, on: date, automation: str, by: Stamp) -> SellerRun:
    run: int | None = None
    try:
        run, _new = start_run(definition, through=through, on=on, automation=automation, by=by)
        if automation:
            set_automation(run, automation, by=by)
        _go_on(run, by)
    except RunRefusedError as error:
        return SellerRun(seller, name, run, summary(run) if run else None, error.code, error.params)
    except IssueDateError as error:
        return SellerRun(seller, name, run, None, "run_too_early", {"run": str(run), "last": error.last.isoformat()})
    except NoSeriesError as error:
        return SellerRun(seller, name, run, None, "no_series", {"kind": str(error)})
    except UnknownSellerError:
        return SellerRun(seller, name, run, None, "unknown_seller", {"seller": name})
    return SellerRun(seller, name, run, summary(run))


def _go_on(run: int, by: Stamp) -> None:
    """Draft and issue, as far as the run goes by itself. Raises ``RunRefusedError("run_held")``."""
    if run_head(run).state == "frozen":
        for _report in draft_invoices(run, by=by):
            pass
    head = run_head(run)
    if head.state == "held":
        raise RunRefusedError("run_held", run=str(run), reason=head.held_reason)
    if head.automation != "draft":
        for _step in issue_invoices(run, by=by):
            pass


def totals(found: Iterable[SellerRun]) -> list[DocumentTotal]:
    """Documents of all sellers by kind and currency; no currency is added to another."""
    sums: dict[tuple[str, str], list[int]] = {}
    for row in found:
        for total in row.found.documents if row.found else ():
            own = sums.setdefault((total.kind, total.currency), [0, 0, 0, 0])
            for place, figure in enumerate(total[2:]):
                own[place] += figure
    return [DocumentTotal(*key, *figures) for key, figures in sorted(sums.items())]
