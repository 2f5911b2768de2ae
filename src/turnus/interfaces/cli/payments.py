"""``turnus payment``: what was paid."""

from __future__ import annotations

from typing import Annotated

import typer

from turnus.interfaces.cli.customers import CustomerArgument
from turnus.interfaces.cli.frame import example
from turnus.interfaces.cli.language import both, say
from turnus.interfaces.cli.options import JsonOption, OnOption, SellerOption, day_of, house, money_of, stamp
from turnus.interfaces.cli.screen import amount, answer, plain, show
from turnus.invoices.queries import find_document
from turnus.ledger.post import PaymentData, record_payment, settle_account
from turnus.ledger.queries import account_rows
from turnus.parties.queries import customer_id

app = typer.Typer(
    name="payment",
    no_args_is_help=True,
    help=example(
        "Zahlungen von Hand erfassen und zuordnen.",
        "Record payments by hand and allocate them.",
        "payment record K-10001 --amount 119,00 --invoice RE-2026-000001",
    ),
)
AmountOption = Annotated[
    str,
    typer.Option(
        "--amount",
        help=both("Betrag; negativ: zurückgezahlt.", "Amount; negative: money returned."),
        show_default=False,
    ),
]
InvoiceOption = Annotated[
    list[str] | None,
    typer.Option("--invoice", help=both("Bezahlte Rechnung; mehrfach möglich.", "Invoice paid; may repeat.")),
]
CurrencyOption = Annotated[
    str, typer.Option("--currency", help=both("Leer: Währung des Verkäufers.", "Blank: the seller's."))
]
ReceivedOption = Annotated[
    str,
    typer.Option(
        "--received",
        metavar=both("TAG", "DAY"),
        help=both("Tag des Eingangs; leer: --on.", "Day received; blank: --on."),
    ),
]
RecordReferenceOption = Annotated[str, typer.Option("--reference", help=both("Verwendungszweck.", "Remittance text."))]
KeyOption = Annotated[
    str,
    typer.Option(
        "--key",
        help=both(
            "Eindeutige Kennung; leer: aus Kunde, Tag, Betrag und Zweck. Eine Wiederholung zählt nicht doppelt.",
            "Unique key; blank: of customer, day, amount and text, so that a repetition does not count twice.",
        ),
    ),
]


@app.command(
    "record",
    help=example(
        "Erfasst eine Zahlung; was keine Rechnung deckt, bleibt als Guthaben.",
        "Records a payment; what covers no invoice stays as credit on account.",
        "payment record K-10001 --amount 119,00 --invoice RE-2026-000001",
        "payment record K-10001 --amount 500,00 --received 15.12.2026 --reference Sammelzahlung",
    ),
)
def record(
    *,
    customer: CustomerArgument,
    value: AmountOption,
    invoices: InvoiceOption = None,
    currency: CurrencyOption = "",
    received: ReceivedOption = "",
    reference: RecordReferenceOption = "",
    key: KeyOption = "",
    seller: SellerOption = "",
    on: OnOption = "",
    json: JsonOption = False,
) -> None:
    """One payment by hand."""
    where = house(seller, on)
    number_ = customer_id(where.id, customer)
    money = (currency or where.currency).upper()
    minor = money_of(value, money, where, "--amount")
    if not minor:
        raise typer.BadParameter(say("darf nicht 0 sein", "must not be 0"), param_hint="--amount")
    paid = [find_document(where.id, text) for text in invoices or ()]
    on_ = day_of(received, where.on, "--received") if received else where.on
    unique = key or ":".join((customer, on_.isoformat(), str(minor), money, reference, *map(str, paid)))
    data = PaymentData(number_, unique, money, minor, on_, reference, paid)
    payment, fresh = record_payment(where.id, data, by=stamp())
    left = [row for row in account_rows(where.id, number_) if row.payment == payment]
    open_ = -sum(row.open for row in left)
    if json:
        answer({"payment": payment, "new": fresh, "amount": minor, "currency": money, "credit_left": open_})
        return
    if not fresh:
        show(say("Diese Zahlung ist schon gebucht; eine zweite gleiche braucht --key.",
                 "This payment is booked already; a second equal one needs --key."))  # fmt: skip
        return
    show(say("Zahlung über {a} gebucht.", "Payment of {a} booked.", a=amount(minor, money)))
    if open_ > 0:
        show(say("Guthaben daraus: {a}. Mit Offenem verrechnen: turnus payment settle {c}",
                 "Credit left of it: {a}. Use it for what is open: turnus payment settle {c}",
                 a=amount(open_, money), c=plain(customer)))  # fmt: skip


@app.command(
    "settle",
    help=example(
        "Verrechnet das Guthaben eines Kunden mit seinen offenen Rechnungen, die älteste zuerst.",
        "Uses a customer's credit for open invoices, the oldest first.",
        "payment settle K-10001",
    ),
)
def settle(
    *,
    customer: CustomerArgument,
    currency: Annotated[
        str, typer.Option("--currency", help=both("Leer: Währung des Verkäufers.", "Blank: the seller's."))
    ] = "",
    seller: SellerOption = "",
    on: OnOption = "",
) -> None:
    """Allocate credit on account."""
    where = house(seller, on)
    money = (currency or where.currency).upper()
    total = settle_account(customer_id(where.id, customer), money, on=where.on, by=stamp())
    show(say("{a} verrechnet.", "{a} allocated.", a=amount(total, money)))
