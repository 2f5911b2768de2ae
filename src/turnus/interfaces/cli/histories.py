"""``turnus contract history``: every change of a contract with its day, its reason and who asked for it."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from turnus.contracts.amendment import AmendmentRow, amendments
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import contract_detail
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import columns, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, SellerOption, house
from turnus.interfaces.cli.previews import DONE, differences
from turnus.interfaces.cli.screen import answer, day, heading, instant, last_day, plain, table
from turnus.parties.queries import customer_names
from turnus.records.queries import AuditRow, audit_rows

ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "contract.conclude": ("Vertrag geschlossen", "contract concluded"),
    "decision.concession": ("Nachlass auf eine Rechnung", "concession on an invoice"),
    "decision.agreed": ("Zeitraum von Hand berechnet", "period billed by hand"),
    "decision.hold": ("Zeitraum gesperrt", "period held"),
    "decision.withdraw": ("Entscheidung zurückgenommen", "decision withdrawn"),
    "end": ("Vertrag endet am {last}", "contract ends on {last}"),
    "revoke": ("Kündigung zurückgenommen", "termination revoked"),
    "trial": ("Testphase beendet, bezahlt ab {since}", "trial ended, paid from {since}"),
    "grid": ("Takt geändert", "rhythm changed"),
    "payer": ("Rechnungen an {customer}", "invoices to {customer}"),
    "discount": ("Rabatt „{label}“", "discount “{label}”"),
}
"""What an amendment or an entry of the audit trail is called."""


@app.command(
    "history",
    help=example(
        "Zeigt alle Änderungen eines Vertrags: wann, ab wann, was, warum, auf wessen Wunsch.",
        "Lists every change of a contract: when, from which day on, what, why, at whose request.",
        "contract history V-10001-1",
        "contract history V-10001-1 --json",
    ),
)
def history(
    *, contract: ContractArgument, seller: SellerOption = "", on: OnOption = "", json: JsonOption = False
) -> None:
    """All changes."""
    where = house(seller, on)
    number = contract_id(where.id, contract)
    rows = amendments(number)
    others = [row for row in audit_rows([("contract", number)]) if '"amendment": ' not in row.after]
    if json:
        answer({"contract": contract, "amendments": rows, "other_acts": [_act_json(row) for row in others]})
        return
    heading(say("Verlauf von Vertrag {n}", "History of contract {n}", n=plain(contract)))
    currency = contract_detail(number, on=where.on).line.currency
    told = [(row.recorded_at, _amendment(row, currency, where)) for row in rows]
    told += [(row.at, _act(row, where)) for row in others]
    titles = columns("Wann|When", "Gilt ab|From", "Was|What", "Grund|Reason", "Auf Wunsch von|Requested by")
    table(titles, [cells for _at, cells in sorted(told, key=lambda pair: pair[0])])


def _amendment(row: AmendmentRow, currency: str, where: House) -> tuple[object, ...]:
    what = "; ".join(_change(change, currency, where) for change in row.changes)
    if row.correction:
        what += say(" (Berichtigung)", " (correction)")
    return instant(row.recorded_at, where.zone), day(row.effective_on), what, plain(row.reason), plain(row.requested_by)


def _act(row: AuditRow, where: House) -> tuple[object, ...]:
    return instant(row.at, where.zone), "", _word(row.action, {}), plain(row.reason), plain(row.actor)


def _act_json(row: AuditRow) -> dict[str, Any]:
    after = json_.loads(row.after) if row.after else None
    return {"at": row.at, "actor": row.actor, "action": row.action, "reason": row.reason, "after": after}


def _change(change: Mapping[str, Any], currency: str, where: House) -> str:
    """A change in words; days and quantities in the record are texts."""
    what, item, before, after = (change[name] for name in ("what", "item", "before", "after"))
    if what in DONE:
        done = f"{plain(item)} {say(*DONE[what])}"
        return done + differences(_exact(before), _exact(after), currency)
    customer = after.get("customer")
    blanks = {
        "since": day(date.fromisoformat(change["since"])),
        "last": last_day(date.fromisoformat(after["end"])) if after.get("end") else "",
        "label": plain(after.get("label", "")),
        "customer": plain(customer_names([customer], on=where.on)[customer].name) if what == "payer" else "",
    }
    told = _word(what, blanks)
    return f"{plain(item)}: {told}" if item else told


def _word(name: str, blanks: Mapping[str, str]) -> str:
    known = ACTS.get(name)
    return say(*known, **blanks) if known else plain(name.removeprefix("contract."))


def _exact(fields: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {"quantity", "unit_price"}
    return {name: Decimal(value) if name in numbers else value for name, value in fields.items()}
