"""``turnus incoming``: invoices that others send us."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from turnus.core.einvoice.html import invoice_html
from turnus.core.incoming import Decision, Payable, pay_by
from turnus.core.messages import message
from turnus.documents.archive import read
from turnus.documents.queries import validation_reports
from turnus.interfaces.cli.einvoice import show_report
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import JsonOption, LimitOption, ReasonOption, SellerOption, home, house, stamp
from turnus.interfaces.cli.screen import amount, answer, day, heading, number, pairs, plain, rate, show, table
from turnus.payables.decide import decide
from turnus.payables.queries import IncomingRow, claim_of, decisions, incoming_row, incoming_rows
from turnus.stories.receive import MAX, Desk, Fetched, assess_waiting, fetch, fetch_peppol, read_incoming, receive
from turnus.wiring import files, ports

app = typer.Typer(
    name="incoming",
    no_args_is_help=True,
    help=example(
        "Eingangsrechnungen: aufnehmen, prüfen, annehmen.",
        "Incoming invoices: take in, check, accept.",
        "incoming add rechnung.xml",
        "incoming list",
    ),
)
STATES: Final = {
    "waiting": ("noch nicht geprüft", "not judged yet"),
    "new": ("neu", "new"),
    "check": ("prüfen", "to be checked"),
    "accepted": ("angenommen", "accepted"),
    "queried": ("in Klärung", "queried"),
    "rejected": ("zurückgewiesen", "rejected"),
}
IncomingArgument = Annotated[
    int, typer.Argument(metavar=both("EINGANG", "INCOMING"), min=1, help=both("Nummer.", "Number."))
]


def desk() -> Desk:
    """Who keeps, judges and reads."""
    here = ports(home())
    return Desk(files(home()), here.validator, here.unpacker, here.xml)


@app.command(
    "add",
    help=example(
        "Nimmt XML und PDF auf, auch alle Dateien eines Ordners. Das Original wird zuerst archiviert, dann geprüft. "
        "Ende mit 1: etwas ist zu prüfen.",
        "Takes in XML and PDF, or all files of a folder. The original is archived first, then judged. Ends with 1: "
        "something is to be checked.",
        "incoming add rechnung.xml",
        "incoming add eingang/",
    ),
)
def add(
    *,
    sources: Annotated[
        list[Path],
        typer.Argument(
            exists=True, metavar=both("DATEI …", "FILE …"), help=both("Dateien und Ordner.", "Files and folders.")
        ),
    ],
    sender: Annotated[str, typer.Option("--sender", help=both("Von wem sie kam.", "Who sent it."))] = "",
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Take in files."""
    where = house(seller)
    taken = desk()
    ids = []
    try:
        assess_waiting(taken, where.id, by=stamp())
        for source in sources:
            channel = "folder" if source.is_dir() else "upload"
            for path in sorted(one for one in source.iterdir() if one.is_file()) if source.is_dir() else [source]:
                with path.open("rb") as file:
                    content = file.read(MAX + 1)
                made = receive(taken, where.id, content, name=path.name, channel=channel, sender=sender, by=stamp())
                ids.append(made)
    finally:
        taken.validator.close()
    rows = [incoming_row(where.id, one) for one in dict.fromkeys(ids)]
    _list(rows, json=json)
    findings(any_=any(one.state in {"check", "waiting"} for one in rows))


@app.command(
    "fetch",
    help=example(
        "Holt Rechnungen aus einem Postfach ([mailbox.NAME] in delivery.toml) oder aus Peppol ([peppol.NAME]). Was "
        "kommt, wird zuerst archiviert. Ende mit 1: etwas ist zu prüfen.",
        "Fetches invoices from a mailbox ([mailbox.NAME] in delivery.toml) or from Peppol ([peppol.NAME]). What comes "
        "is archived first. Ends with 1: something is to be checked.",
        "incoming fetch",
        "incoming fetch rechnungen",
        "incoming fetch --peppol",
    ),
)
def fetch_(
    *,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=both("Name des Kontos.", "Name of the account."))
    ] = "main",
    peppol: Annotated[bool, typer.Option("--peppol", help=both("Aus Peppol.", "From Peppol."))] = False,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """From a mailbox or the network."""
    where, taken = house(seller), desk()
    try:
        inboxes = ports(home()).inboxes
        if peppol:
            ids = fetch_peppol(taken, where.id, inboxes.access_point(name), by=stamp())
            found = Fetched(len(ids), ids, [])
        else:
            found = fetch(taken, where.id, inboxes.mailbox(name), by=stamp())
    finally:
        taken.validator.close()
    rows = [incoming_row(where.id, one) for one in found.incoming]
    _list(rows, json=json)
    if not json:
        told = {"n": number(found.messages)}
        show(say("{n} Nachrichten aufgenommen.", "{n} messages taken in.", **told))
        for subject in found.empty:
            show(say("Ohne Rechnung: {s}", "Without an invoice: {s}", s=plain(subject)))
    findings(any_=bool(found.empty) or any(one.state in {"check", "waiting"} for one in rows))


@app.command("list", help=example("Zeigt Eingangsrechnungen.", "Lists incoming invoices.", "incoming list"))
def list_(*, limit: LimitOption = 50, seller: SellerOption = "", json: JsonOption = False) -> None:
    """What came."""
    _list(incoming_rows(house(seller).id, limit=limit), json=json)


@app.command(
    "show",
    help=example(
        "Zeigt eine Eingangsrechnung mit Prüfbericht, Zweifeln und Entscheidungen.",
        "Shows an incoming invoice with its report, doubts and decisions.",
        "incoming show 1",
    ),
)
def show_(*, incoming: IncomingArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """One file."""
    row = incoming_row(house(seller).id, incoming)
    claim, said = claim_of(incoming), decisions(incoming)
    if json:
        answer({**row._asdict(), "claim": _claim_body(claim), "decisions": said})
        return
    _list([row], json=False)
    if claim:
        _show_claim(claim)
    for doubt in row.doubts:
        show(f"[yellow]![/yellow] {plain(message(*doubt, language()))}")
    for found in validation_reports(files=[row.sha256]):
        if found.id == row.report:
            show_report(row.name, found.report)
    for one in said:
        show(f"{day(one.at.date())} {plain(one.actor)}: {_state(one.decision)} {plain(one.reason)}")


def _decided(incoming: int, decision: Decision, reason: str, seller: str) -> None:
    row = incoming_row(house(seller).id, incoming)
    decide(row.id, decision, reason=reason, by=stamp())
    show(f"{row.number or plain(row.name)}: {_state(decision)}")


@app.command(
    "accept",
    help=example(
        "Nimmt eine Rechnung an; trotz Zweifeln oder Fehlern nur mit Grund.",
        "Accepts an invoice; in spite of doubts or errors only with a reason.",
        "incoming accept 1",
    ),
)
def accept(*, incoming: IncomingArgument, reason: ReasonOption = "", seller: SellerOption = "") -> None:
    """We owe it."""
    _decided(incoming, Decision.ACCEPT, reason, seller)


@app.command(
    "query",
    help=example(
        "Hält fest, was beim Lieferanten nachgefragt ist.",
        "Records what the supplier was asked.",
        'incoming query 1 --reason "Bestellnummer fehlt"',
    ),
)
def query(*, incoming: IncomingArgument, reason: ReasonOption = "", seller: SellerOption = "") -> None:
    """It waits."""
    _decided(incoming, Decision.QUERY, reason, seller)


@app.command(
    "reject",
    help=example("Weist eine Rechnung zurück.", "Rejects an invoice.", 'incoming reject 1 --reason "Nicht bestellt"'),
)
def reject(*, incoming: IncomingArgument, reason: ReasonOption = "", seller: SellerOption = "") -> None:
    """We do not owe it."""
    _decided(incoming, Decision.REJECT, reason, seller)


@app.command(
    "html",
    help=example(
        "Schreibt eine Rechnung lesbar als HTML: jede Angabe der XML mit ihrem Namen.",
        "Writes an invoice for reading as HTML: every detail of the XML with its name.",
        "incoming html 1 --to rechnung.html",
    ),
)
def html(
    *,
    incoming: IncomingArgument,
    to: Annotated[Path, typer.Option("--to", help=both("Datei.", "File."))],
    seller: SellerOption = "",
) -> None:
    """For people."""
    row = incoming_row(house(seller).id, incoming)
    reader = desk()
    try:
        found = read_incoming(reader, read(reader.files, row.sha256))
    finally:
        reader.validator.close()
    to.write_text(invoice_html(found, language()), encoding="utf-8")
    show(plain(to))


def _list(rows: list[IncomingRow], *, json: bool) -> None:
    if json:
        answer(rows)
        return
    titles = columns(
        "Eingang|Incoming", "Tag|Day", "Lieferant|Supplier", "Nummer|Number", "Vom|Of", "Fällig|Due", "Betrag|Amount",
        "Stand|State",
    )  # fmt: skip
    cells = [
        (one.id, day(one.received_at.date()), plain(one.supplier or one.name), plain(one.number), day(one.issue_date),
         day(one.due_date), amount(one.gross, one.currency) if one.currency else "", _word(one.state))
        for one in rows
    ]  # fmt: skip
    table(titles, cells, right=(0, 6))


def _show_claim(claim: Payable) -> None:
    coin = claim.currency
    heading(say("Rechnung", "Invoice"))
    cells = [
        (plain(one.number), number(one.quantity), plain(one.unit), plain(one.name), rate(one.rate),
         amount(one.net, coin))
        for one in claim.lines
    ]  # fmt: skip
    titles = columns("Zeile|Line", "Menge|Quantity", "Einheit|Unit", "Text|Text", "USt|VAT", "Netto|Net")
    table(titles, cells, right=(1, 4, 5))
    pairs(
        [
            (say("Netto", "Net"), amount(claim.net, coin)),
            *((f"{one.category} {rate(one.rate)}", amount(one.tax, coin)) for one in claim.taxes),
            (say("Brutto", "Gross"), amount(claim.gross, coin)),
            (say("Zu zahlen", "To pay"), amount(claim.due, coin)),
            *(
                (say("Skonto bis {d} Tage", "Skonto up to {d} days", d=one.days),
                 f"{rate(one.percent)}: {amount(one.amount, coin)}")
                for one in claim.skonto
            ),
            (say("Zahlen bis", "Pay by"), day(pay_by(claim))),
            ("IBAN", plain(claim.iban)),
        ],
        right=True,
    )  # fmt: skip


def _claim_body(claim: Payable | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    return {**claim._asdict(), "skonto": [{**one._asdict(), "amount": one.amount} for one in claim.skonto]}


def _word(state: str) -> str:
    return STATES[state][0 if language() == "de" else 1]


def _state(decision: str) -> str:
    return _word({"accept": "accepted", "query": "queried", "reject": "rejected"}[decision])
