"""``turnus contract history``: every change of a contract with its day, its reason and who asked for it."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from turnus.contracts.amendment import AmendmentRow, amendments
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import contract_detail
from turnus.core.adjusting import RuleKind
from turnus.interfaces.cli.contracts import ContractArgument, app
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import columns, say
from turnus.interfaces.cli.options import House, JsonOption, OnOption, SellerOption, house
from turnus.interfaces.cli.previews import DONE, differences
from turnus.interfaces.cli.screen import amount, answer, day, heading, instant, last_day, number, plain, price, table
from turnus.parties.queries import customer_names
from turnus.records.queries import AuditRow, audit_rows

ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "contract.conclude": ("Vertrag geschlossen", "contract concluded"),
    "contract.follow_prices": ("Preise des Katalogs übernommen", "prices of the catalogue taken over"),
    "contract.give_notice": ("Kündigung eingegangen", "notice received"),
    "contract.grant_discount": ("Rabatt gewährt", "discount granted"),
    "contract.plan_raise": ("Preiserhöhung vereinbart", "raise agreed"),
    "contract.price_clause": ("Preisklausel festgehalten", "price clause recorded"),
    "contract.redeem_coupon": ("Gutschein eingelöst", "coupon redeemed"),
    "contract.renew": ("Vertrag verlängert", "contract renewed"),
    "contract.replace": ("durch einen neuen Vertrag ersetzt", "replaced by another contract"),
    "contract.revoke_notice": ("Kündigung widerrufen", "notice revoked"),
    "contract.set_minimum": ("Mindestbetrag vereinbart", "minimum fee agreed"),
    "contract.stop_raises": ("Preiserhöhungen beendet", "raises stopped"),
    "contract.warn": ("Abmahnung", "warning"),
    "decision.concession": ("Nachlass auf eine Rechnung", "concession on an invoice"),
    "decision.agreed": ("Zeitraum von Hand berechnet", "period billed by hand"),
    "decision.hold": ("Zeitraum gesperrt", "period held"),
    "decision.withdraw": ("Entscheidung zurückgenommen", "decision withdrawn"),
    "price.consent": ("neuem Preis zugestimmt", "agreed to the new price"),
    "price.refusal": ("neuen Preis abgelehnt", "refused the new price"),
    "price.termination": ("wegen neuen Preises gekündigt", "cancelled because of the new price"),
    "anchor": ("Zeiträume zählen ab {since} vom {anchor} an", "periods count from {anchor}, from {since} on"),
    "campaign": ("Preisanpassung ab {since}", "price adjustment from {since}"),
    "commission": ("Provision zählt ab {since}", "commission counts from {since}"),
    "commission_end": ("Provision zählt bis vor {since}", "commission counts until before {since}"),
    "coupon": ("Gutschein „{coupon}“ eingelöst", "coupon “{coupon}” redeemed"),
    "coupon_revoked": ("Gutschein „{coupon}“ zurückgenommen ab {since}", "coupon “{coupon}” revoked from {since}"),
    "discount": ("Rabatt „{label}“", "discount “{label}”"),
    "end": ("Vertrag endet am {last}", "contract ends on {last}"),
    "extend": ("Testphase verlängert, bis vor {start}", "trial extended, until before {start}"),
    "grid": ("Takt geändert", "rhythm changed"),
    "minimum": ("Mindestbetrag {amount} ab {since}{until}", "minimum fee {amount} from {since}{until}"),
    "paperwork": ("Form der Rechnungen ab {since}: {paper}", "form of invoices from {since}: {paper}"),
    "pause": ("pausiert ab {since}{until}", "paused from {since}{until}"),
    "payer": ("Rechnungen an {customer}", "invoices to {customer}"),
    "raise": ("Erhöhung um {value}, erstmals zum {since}", "raise by {value}, first on {since}"),
    "raise_stop": ("keine Erhöhung mehr ab {since}", "no raise from {since} on"),
    "reactivate": ("läuft wieder ab {start}", "runs again from {start}"),
    "resume": ("fortgesetzt ab {since}", "resumed from {since}"),
    "revoke": ("Kündigung zurückgenommen", "termination revoked"),
    "share": ("geteilt ab {since}: {shares}", "shared from {since}: {shares}"),
    "terms": ("Laufzeit und Kündigung ab {since}", "term and notice from {since}"),
    "trial": ("bezahlt ab {start}", "paid from {start}"),
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
    found = contract_id(where.id, contract)
    rows = amendments(found)
    others = [row for row in audit_rows([("contract", found)]) if _apart(row)]
    if json:
        answer({"contract": contract, "amendments": rows, "other_acts": [_act_json(row) for row in others]})
        return
    heading(say("Verlauf von Vertrag {n}", "History of contract {n}", n=plain(contract)))
    currency = contract_detail(found, on=where.on).line.currency
    told = [(row.recorded_at, _amendment(row, currency, where)) for row in rows]
    told += [(row.at, _act(row, where)) for row in others]
    titles = columns("Wann|When", "Gilt ab|From", "Was|What", "Grund|Reason", "Auf Wunsch von|Requested by")
    table(titles, [cells for _at, cells in sorted(told, key=lambda pair: pair[0])])


def _apart(row: AuditRow) -> bool:
    """Whether an entry of the audit trail is no amendment, which stands for itself."""
    return '"amendment": ' not in row.after and row.action != "campaign.apply"


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
    if what == "campaign":
        told = _word(what, {"since": _day(change["since"])}) + differences(_exact(before), _exact(after), currency)
    else:
        told = _word(what, _blanks(change, currency, where))
    return f"{plain(item)}: {told}" if item else told


def _blanks(change: Mapping[str, Any], currency: str, where: House) -> dict[str, str]:
    """What fills the words of a change, as far as its record has it; days in it are ISO texts."""
    after = change["after"]
    end = after.get("end") or after.get("until")
    last = last_day(date.fromisoformat(end)) if end else ""
    return {
        "since": _day(change["since"]), "start": _day(after.get("from") or after.get("start")),
        "anchor": _day(after.get("anchor")),
        "last": last, "until": say(" bis {d}", " until {d}", d=last) if last else "",
        "label": plain(after.get("label", "")), "coupon": plain(after.get("coupon", "")),
        "amount": amount(after.get("amount") or 0, currency), "value": _raise(after, currency),
        "customer": _customers([after.get("customer")], where), "paper": _paper(after),
        "shares": ", ".join(f"{_customers([sharer], where)} {weight}" for sharer, weight, _ in after.get("shares", ()))
        or say("wie der Vertrag", "as the contract"),
    }  # fmt: skip


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else ""


def _raise(after: Mapping[str, Any], currency: str) -> str:
    if "kind" not in after:
        return ""
    value = Decimal(after["value"])
    return f"{number(value)} %" if after["kind"] == RuleKind.PERCENT else price(value, currency)


def _paper(after: Mapping[str, Any]) -> str:
    """Splitting, pro forma, instalments: what of it there is."""
    parts = [
        after.get("split_by"),
        say("pro forma", "pro forma") if after.get("proforma") else "",
        after.get("instalments"),
        say("Dauerrechnung", "standing invoice") if after.get("standing") else "",
    ]
    return plain(", ".join(part for part in parts if part)) or say("wie üblich", "as usual")


def _customers(ids: Sequence[int | None], where: House) -> str:
    names = customer_names([number for number in ids if number], on=where.on)
    return ", ".join(plain(row.name) for row in names.values())


def _word(name: str, blanks: Mapping[str, str]) -> str:
    known = ACTS.get(name)
    return say(*known, **blanks) if known else plain(name.removeprefix("contract."))


def _exact(fields: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {"quantity", "unit_price", "minimum"}
    return {name: Decimal(value) if name in numbers else value for name, value in fields.items()}
