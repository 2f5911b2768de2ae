"""A row in each table of term, notice, pauses and renewals."""

from __future__ import annotations

from tests.builders import BY, Company, contract, day, item
from turnus.contracts.notices import give_notice, warn
from turnus.contracts.pauses import pause
from turnus.contracts.renewals import record_renewals
from turnus.contracts.successors import replace_contract
from turnus.core.contracts import NewContract
from turnus.core.notices import Cause, NewNotice
from turnus.core.pausing import NewPause
from turnus.core.periods import Cycle
from turnus.core.terms import NewContractTerms


def of_every_kind(firm: Company) -> None:
    """A row in each table of term, notice, pauses and renewals."""
    month = NewContractTerms(Cycle(1, 0), Cycle(1, 0))
    contract(firm, "V8", "2025-01-01", "abo", terms=month)
    assert record_renewals(firm.id, on=day("2025-02-15"), by=BY) == 1
    pause(firm.id, "V8", NewPause(day("2025-03-01"), day("2025-03-05")), by=BY)
    warn(firm.id, "V8", Cause.NON_PAYMENT, received=day("2025-03-01"), deadline=day("2025-03-10"), by=BY)
    give_notice(firm.id, "V8", NewNotice(day("2025-03-20")), by=BY)
    replace_contract(firm.id, "V8", NewContract("V9", "K1", day("2025-03-15"), (item("abo"),)), by=BY)
