"""``turnus delivery``: what was sent to whom, what became of it, and sending again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from turnus.core.delivery import State, told
from turnus.core.messages import message
from turnus.core.words.delivery import STATES
from turnus.delivery.attempt import send_again
from turnus.delivery.queries import DeliveryRow, deliveries, events
from turnus.interfaces.cli.frame import example, findings
from turnus.interfaces.cli.language import both, columns, language, say
from turnus.interfaces.cli.options import (
    JsonOption,
    LimitOption,
    OnOption,
    ReasonOption,
    SellerOption,
    home,
    house,
    press,
    stamp,
)
from turnus.interfaces.cli.screen import answer, number, pairs, plain, show, table
from turnus.invoices.dispatch import heads
from turnus.invoices.queries import find_document
from turnus.records.outbox import stuck
from turnus.stories.send import SEND, Sent, send, send_documents, send_one, take_bounces
from turnus.wiring import files, ports

app = typer.Typer(
    name="delivery",
    no_args_is_help=True,
    help=example(
        "Sendungen: was an wen ging, was daraus wurde.",
        "Deliveries: what went to whom, what became of it.",
        "delivery list --state unknown",
        "delivery send RE-2026-000001",
    ),
)
DeliveryArgument = Annotated[
    int, typer.Argument(metavar=both("SENDUNG", "DELIVERY"), help=both("Nummer der Sendung.", "Its number."))
]


@app.command(
    "list",
    help=example(
        "Zeigt Sendungen, die neuesten zuerst.",
        "Lists deliveries, the newest first.",
        "delivery list --state failed",
        "delivery list --invoice RE-2026-000001",
    ),
)
def list_(
    *,
    invoice: Annotated[str, typer.Option("--invoice", help=both("Nur dieser Beleg.", "Only this document."))] = "",
    state: Annotated[
        State | None, typer.Option("--state", help=both("Nur dieser Zustand.", "Only this state."))
    ] = None,
    limit: LimitOption = 50,
    seller: SellerOption = "",
    json: JsonOption = False,
) -> None:
    """Deliveries in a table."""
    where = house(seller)
    wanted = [find_document(where.id, invoice)] if invoice else []
    rows = deliveries(where.id, invoices=wanted, state=state or "", limit=limit)
    lost = {int(key): why for key, why in stuck(SEND)} if not (invoice or state) else {}
    if json:
        answer([_body(row) for row in rows])
        return
    numbers = {head.id: head.number for head in heads({*lost, *(row.invoice for row in rows)}).values()}
    titles = columns("Sendung|Delivery", "Beleg|Document", "Weg|Way", "An|To", "Inhalt|Content", "Zustand|State",
                     "Versuche|Attempts", "Zuletzt|Last")  # fmt: skip
    table(
        titles,
        [
            (row.id, plain(numbers.get(row.invoice, "")), row.way, plain(row.recipient), row.content,
             _state(row.state), number(row.attempts), plain(_words(row.protocol)))
            for row in rows
        ],
        right=(6,),
    )  # fmt: skip
    for invoice_id, why in lost.items():
        show(f"[yellow]{plain(numbers.get(invoice_id, ''))}: {plain(_words(why))}[/yellow]")


@app.command(
    "show",
    help=example(
        "Zeigt eine Sendung mit dem Protokoll jedes Versuchs.",
        "Shows a delivery with the protocol of each attempt.",
        "delivery show 7",
    ),
)
def show_(*, delivery: DeliveryArgument, seller: SellerOption = "", json: JsonOption = False) -> None:
    """One delivery."""
    rows = deliveries(house(seller).id, ids=[delivery])
    told_ = [row._asdict() | {"protocol": _words(row.protocol)} for row in events(delivery)] if rows else []
    if json:
        answer([_body(row) | {"events": told_} for row in rows])
        return
    for row in rows:
        pairs(
            [
                (say("Beleg", "Document"), plain(heads([row.invoice])[row.invoice].number)),
                (say("Weg", "Way"), f"{row.way} {plain(row.target)}"),
                (say("An", "To"), plain(row.recipient)),
                (say("Zustand", "State"), _state(row.state)),
                (say("Kennung", "Reference"), plain(row.reference)),
                (say("Fällig", "Due"), row.next_at.isoformat(" ", "seconds") if row.state == State.QUEUED else ""),
            ]
        )
    titles = columns("Versuch|Attempt", "Wann|When", "Zustand|State", "Protokoll|Protocol", "Dateien|Files", "Wer|Who")
    table(
        titles,
        [
            (row["attempt"], row["at"].isoformat(" ", "seconds"), _state(row["state"]), plain(row["protocol"]),
             plain("\n".join(line[:25] for line in row["files"].splitlines())), plain(row["actor"]))
            for row in told_
        ],
    )  # fmt: skip


@app.command(
    "send",
    help=example(
        "Sendet Belege sofort; ohne Angabe alles, was fällig ist. Was schon gesendet ist, geht nicht noch einmal.",
        "Sends documents at once; without any, all that is due. What was sent does not go again.",
        "delivery send",
        "delivery send RE-2026-000001 RE-2026-000002",
    ),
)
def send_(
    *,
    documents: Annotated[
        list[str] | None, typer.Argument(metavar=both("BELEG …", "DOCUMENT …"), help=both("Nummern.", "Numbers."))
    ] = None,
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Send now."""
    where, mine = house(seller, on), ports(home())
    if not documents:
        _done(send(mine.carriers, files(home()), on=where.on, by=stamp()), json=json)
        return
    chosen = [find_document(where.id, text) for text in documents]
    done, faults = send_documents(chosen, press(), mine.validator, mine.carriers, on=where.on, by=stamp())
    for one in faults.values():
        show(f"[yellow]{plain(message(one.code, one.params, language()))}[/yellow]")
    _done(done._replace(failed=done.failed + len(faults)), json=json)


@app.command(
    "resend",
    help=example(
        "Sendet noch einmal. Was vielleicht schon angekommen ist, nur mit --approve.",
        "Sends again. What may have arrived already only with --approve.",
        'delivery resend 7 --approve --reason "Kunde hat nichts bekommen"',
    ),
)
def resend(
    *,
    delivery: DeliveryArgument,
    approve: Annotated[
        bool,
        typer.Option("--approve", help=both("Auch wenn sie vielleicht ankam.", "Even if it may have arrived.")),
    ] = False,
    reason: ReasonOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """Send again."""
    where = house(seller, on)
    again = send_again(delivery, approve=approve, reason=reason, by=stamp())
    _done(send_one(again, ports(home()).carriers, files(home()), on=where.on, by=stamp()), json=json)


@app.command(
    "bounces",
    help=example(
        "Liest Rückläufer anderer Mailserver (RFC 3464) aus Nachrichten und Postfachdateien.",
        "Reads reports of other mail servers (RFC 3464) out of messages and mailbox files.",
        "delivery bounces rueckläufer.mbox",
    ),
)
def bounces(
    *,
    sources: Annotated[
        list[Path], typer.Argument(metavar=both("DATEI …", "FILE …"), help=both(".eml oder mbox.", ".eml or mbox."))
    ],
    json: JsonOption = False,
) -> None:
    """Read bounces."""
    reader = ports(home()).bounces
    found = [pair for path in sources for pair in take_bounces(reader, path.read_bytes(), by=stamp())]
    if json:
        answer([{"reference": one.reference, "state": one.state, "deliveries": ids} for one, ids in found])
        return
    for one, ids in found:
        show(f"{_state(one.state)}  {plain(one.reference)}  {plain(one.protocol)}  {', '.join(map(str, ids))}")
    show(say("{n} Meldungen gelesen.", "{n} reports read.", n=number(len(found))))


def _done(done: Sent, *, json: bool) -> None:
    if json:
        answer(done._asdict())
    else:
        german = "{p} geplant, {n} gesendet, {f} gescheitert, {u} ungewiss."
        english = "{p} planned, {n} sent, {f} failed, {u} unknown."
        counts = {"p": done.planned, "n": done.sent, "f": done.failed, "u": done.unknown}
        show(say(german, english, **{name: number(count) for name, count in counts.items()}))
    findings(any_=bool(done.failed or done.unknown))


def _state(state: str) -> str:
    colour = {"sent": "green", "delivered": "green", "queued": "dim"}.get(state, "yellow")
    return f"[{colour}]{STATES[state][0 if language() == 'de' else 1]}[/{colour}]"


def _words(protocol: str) -> str:
    """A reason of our own in the reader's language, or what the partner said."""
    ours = told(protocol)
    return message(ours.code, ours.params, language()) if ours else protocol


def _body(row: DeliveryRow) -> dict[str, Any]:
    return row._asdict() | {"protocol": _words(row.protocol)}
