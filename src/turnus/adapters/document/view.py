"""What a template receives: the document as finished words and figures, ready to be laid out.

``view`` gives a tree of strings, lists and dictionaries (see ``templates/README.md``). Templates compute nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from turnus.adapters.document.lines import appendix_view, line_views, priced_gross
from turnus.adapters.document.own import OwnTexts
from turnus.adapters.document.plain import lines, mail_address, narrow, one_line
from turnus.adapters.document.qr import svg
from turnus.adapters.document.words import Words, words
from turnus.core.design import COLUMNS, STANDARD_BLOCKS, STANDARD_COLUMNS, written
from turnus.core.document import ADVANCES, PAYABLE, SELF_BILLED, Kind, claims
from turnus.core.formatting import (
    NBSP,
    format_amount,
    format_date,
    format_iban,
    format_number,
    format_period,
    format_rate,
)
from turnus.core.girocode import girocode, paying_account
from turnus.core.money import half_up, in_euro

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from turnus.core.document import CashDiscount, DocumentAccount, InvoiceDocument, PostalAddress

Row = tuple[str, str]

MAX_CONTRACTS = 3
"""Most contract numbers in the info block; where there are more, only the lines name theirs."""

_REASON_OF_CATEGORY = {
    "AE": "reverse_charge",
    "E": "exempt",
    "G": "export",
    "K": "intra_community",
    "O": "not_taxable",
}
"""UNTDID 5305 category → exemption text where the document gives no reason."""


def view(document: InvoiceDocument, *, logo: str) -> dict[str, Any]:
    """Everything printed, in the document's language. ``logo`` is the path that the template opens, or empty."""
    design, say = document.design, words(document.language)
    say = say.written(written(design, say.language))
    own = OwnTexts(document, say, _preceding(document, say) if document.preceding else "")
    title = say(f"title.{document.kind}")
    return {
        "language": say.language,
        "accent": design.accent,
        "design": {"form": design.form, "font": design.font, "marks": design.marks},
        "logo": logo,
        "title": title,
        "number": one_line(document.number),
        "draft": "" if document.number else say("title.draft"),
        "name": f"{title} {one_line(document.number) or say('title.draft')}",
        "seller": one_line(document.seller.name),
        "return_line": " · ".join([one_line(document.seller.name), *_place(document.seller.address)]),
        "recipient": _recipient(document, say),
        "info": [rows for group in _info(document, say) if (rows := list(_filled(group)))],
        "intro": own.intro(_intro(document, say)),
        "blocks": _blocks(design.blocks or STANDARD_BLOCKS),
        "table": list(design.columns or STANDARD_COLUMNS),
        "columns": {key: say(f"table.{key}") for key in COLUMNS},
        "carry": say("table.carry") if design.carry else "",
        "including": say("table.including") if priced_gross(document) else "",
        "lines": list(line_views(document, say)),
        "totals": _totals(document, say),
        "payment": _payment(document, say) | {"hint": own.text("payment")},
        "notes": [*_notes(document, say), *own.lines("note")],
        "closing": own.closing([say("closing.text"), say("closing.greeting"), one_line(document.seller.name)]),
        "appendix": appendix_view(document, say),
        "appendix_title": say("usage.appendix", name=f"{title} {one_line(document.number)}".strip()),
        "footer": [[narrow(line) for line in column] for column in own.footer() or _footer(document, say)],
        "page": [say("footer.page"), say("footer.of")],
        "logo_alt": f"{say('footer.logo')} {one_line(document.seller.name)}",
    }


def _blocks(keys: Sequence[str]) -> list[list[str]]:
    """Blocks from above to below; totals and payment stand side by side where one follows the other."""
    rows: list[list[str]] = []
    for key in keys:
        if rows and {rows[-1][0], key} == {"totals", "payment"}:
            rows[-1].append(key)
        else:
            rows.append([key])
    return rows


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row[1])


def _place(address: PostalAddress) -> list[str]:
    city = one_line(f"{address.postcode} {address.city}")
    return [part for part in (one_line(address.extra), one_line(address.street), city) if part]


def _recipient(document: InvoiceDocument, say: Words) -> list[str]:
    """Lines of the address window; the country stands last, in capitals, where it differs from the sender's."""
    buyer = document.buyer
    country = buyer.address.country
    abroad = country != document.seller.address.country
    named = (say.one_of("countries", country) or country).upper() if abroad else ""
    place = _place(buyer.address)
    parts = [one_line(buyer.name), one_line(buyer.contact_name), *place, one_line(buyer.address.region), named]
    return [part for part in parts if part]


def _info(document: InvoiceDocument, say: Words) -> Iterator[Iterable[Row]]:
    """Groups of rows at the right of the address: the document, the customer, whom to ask."""
    yield _about_document(document, say)
    yield _about_customer(document, say)
    seller = document.seller
    contact = (say("info.contact"), one_line(seller.contact_name))
    phone = (say("info.phone"), one_line(seller.phone))
    yield [contact, phone, (say("info.email"), mail_address(seller.email))]


def _about_document(document: InvoiceDocument, say: Words) -> Iterator[Row]:
    named = {Kind.PROFORMA, Kind.SELF_BILLING}
    which = "invoice" if document.kind in PAYABLE else str(document.kind) if document.kind in named else "other"
    yield say(f"info.number_{which}"), one_line(document.number)
    yield say(f"info.date_{which}"), format_date(document.issue_date, say.locale)
    yield say("info.job"), one_line(document.job)
    planned = document.kind in ADVANCES
    yield (
        say("info.period_planned" if planned else "info.period"),
        format_period(document.service, say.locale) if document.service else "",
    )
    yield say("info.currency"), "" if document.currency == "EUR" else document.currency


def _about_customer(document: InvoiceDocument, say: Words) -> Iterator[Row]:
    many = len(document.contracts)
    yield say("info.customer"), one_line(document.customer_number)
    yield say("info.debtor"), one_line(document.debtor_number)
    if many <= MAX_CONTRACTS:
        yield say("info.contract" if many == 1 else "info.contracts"), one_line(", ".join(document.contracts))
    yield say("info.reference"), one_line(document.buyer_reference)
    yield say("info.order"), one_line(document.order_reference)
    yield say("info.cost_centre"), one_line(document.cost_centre)
    yield say("info.buyer_vat_id"), one_line(document.buyer.vat_id)
    yield say("info.buyer_tax_number"), one_line(document.buyer.tax_number)
    yield say("info.agreed_on"), format_date(document.agreed_on, say.locale) if document.agreed_on else ""
    yield say("info.delivery"), ", ".join(_place(document.delivery)) if document.delivery else ""


def _intro(document: InvoiceDocument, say: Words) -> list[str]:
    """Salutation, what this document is, and why it corrects another one."""
    parts = [say("intro.salutation")]
    kind = Kind.INVOICE if document.kind is Kind.COVERED else document.kind  # of which only drafts are ever printed
    if kind in PAYABLE | {Kind.PROFORMA, Kind.SELF_BILLING}:
        period = format_period(document.service, say.locale) if document.service else ""
        parts.append(say(f"intro.{kind}_period", period=period) if period else say(f"intro.{kind}"))
    elif document.preceding:
        parts.append(say(f"intro.{kind}", preceding=_preceding(document, say)))
    else:
        parts.append(say(f"intro.{kind}_plain"))
    parts += lines(document.note)
    reason = one_line(document.reason)
    return [*parts, say("intro.reason", reason=reason)] if reason else parts


def _preceding(document: InvoiceDocument, say: Words) -> str:
    named = [
        say(
            "intro.preceding_item",
            number=one_line(reference.number),
            date=format_date(reference.issue_date, say.locale),
        ).replace(" ", NBSP)
        for reference in document.preceding
    ]
    *most, last = named
    text = ", ".join(most) + say("intro.and") + last if most else last
    key = "intro.preceding_self" if document.kind in SELF_BILLED else "intro.preceding"
    return say(f"{key}_many" if most else key, list=text)


def _totals(document: InvoiceDocument, say: Words) -> list[dict[str, str]]:
    """Rows below the table: net, tax per category and rate with its base (§ 14 (4) no. 7, 8 UStG), total, due."""

    def row(style: str, label: str, amount: int, note: str = "") -> dict[str, str]:
        printed = format_amount(amount, document.currency, say.locale)
        return {"style": style, "label": label, "note": note, "amount": printed}

    gross = priced_gross(document)
    strongest = "sum" if document.applied or document.received else "due"
    net = [row("plain", say("totals.net"), document.net)]
    total = [row(strongest, say("totals.total_gross" if gross else "totals.total"), document.gross)]
    taxes = [
        row(
            "plain",
            say("totals.included" if gross else "totals.tax", rate=format_rate(tax.rate, say.locale)),
            tax.tax,
            say("totals.tax_on", base=format_amount(tax.base, document.currency, say.locale)),
        )
        for tax in document.taxes
        if tax.reason != "small_business"
    ]
    if document.exchange_rate is not None and document.tax:
        euro = in_euro(document.tax, document.currency, document.exchange_rate)
        printed = format_amount(euro, "EUR", say.locale)
        rate = format_number(document.exchange_rate, say.locale)
        note = say("totals.rate", rate=rate, currency=document.currency)
        taxes.append({"style": "plain", "label": say("totals.tax_in_euro"), "note": note, "amount": printed})
    applied = [row("plain", say("totals.applied"), -document.applied)] if document.applied else []
    due = [row("due", say("totals.payable"), document.payable)] if strongest == "sum" else []
    parts = [total, taxes, net] if gross else [net, taxes, total]
    rows = [each for part in parts for each in part] if taxes else total
    return [*rows, *_received(document, say), *applied, *due]


def _received(document: InvoiceDocument, say: Words) -> list[dict[str, str]]:
    """What was received for advances with its VAT (§ 14 (5) S. 2 UStG), and what is left of net and VAT."""
    if not document.received:
        return []

    def printed(amount: int) -> str:
        return format_amount(amount, document.currency, say.locale)

    rows = []
    for each in document.received:
        label = say("totals.received", number=one_line(each.number), date=format_date(each.issue_date, say.locale))
        rate = format_rate(each.rate, say.locale)
        parts = say("totals.received_of", net=printed(each.net), tax=printed(each.tax), rate=rate)
        rows.append({"style": "plain", "label": label, "note": "", "amount": printed(-each.net - each.tax)})
        rows.append({"style": "plain", "label": "", "note": parts, "amount": ""})
    net = document.net - sum(each.net for each in document.received)
    tax = document.tax - sum(each.tax for each in document.received)
    rows.append({"style": "sum", "label": say("totals.rest"), "note": "", "amount": printed(net)})
    return [*rows, {"style": "plain", "label": say("totals.rest_tax"), "note": "", "amount": printed(tax)}]


def _payment(document: InvoiceDocument, say: Words) -> dict[str, Any]:
    """What to pay until when to which account; a sentence alone where nothing is to be paid."""
    if document.kind in SELF_BILLED:
        return {"terms": _payout(document, say), "rows": [], "qr": "", "instalments": []}
    if not claims(document.kind):
        return {"terms": say(f"payment.{document.kind}"), "rows": [], "qr": "", "instalments": []}
    if document.payable <= 0:
        amount = format_amount(-document.payable, document.currency, say.locale)
        covered = say("payment.covered") if document.applied > 0 else say("payment.nothing")
        text = say("payment.credited", amount=amount) if document.payable < 0 else covered
        return {"terms": text, "rows": [], "qr": "", "instalments": []}
    account = paying_account(document)
    code = girocode(document) if document.design.girocode else None
    return {
        "terms": _terms(document, say),
        "rows": list(_filled(_transfer(account, document, say))) if account else [],
        "qr": svg(code) if code else "",
        "instalments": _instalments(document, say),
        "caption": say("payment.qr_first" if document.instalments else "payment.qr"),
        "alt": say("payment.qr_alt"),
    }


def _payout(document: InvoiceDocument, say: Words) -> str:
    """When we pay a supplier; or that its account is debited."""
    amount = format_amount(abs(document.payable), document.currency, say.locale)
    if document.payable < 0:
        return say("payment.debited", amount=amount)
    if not document.payable:
        return say("payment.nothing")
    if document.due_date:
        return say("payment.payout", amount=amount, date=format_date(document.due_date, say.locale))
    return say("payment.payout_now", amount=amount)


def _instalments(document: InvoiceDocument, say: Words) -> list[list[str]]:
    """Number, day and amount of each part (JB-43)."""
    return [
        [
            f"{number}.",
            format_date(part.due_on, say.locale),
            format_amount(part.amount, document.currency, say.locale),
        ]
        for number, part in enumerate(document.instalments, 1)
    ]


def _terms(document: InvoiceDocument, say: Words) -> str:
    """Until when and how to pay: collected by us, by card, or transferred, with Skonto or without (L-18)."""
    if document.debit:
        debit, day = document.debit, format_date(document.due_date or document.issue_date, say.language)
        iban = format_iban(debit.iban)
        return say("payment.collect", date=day, iban=iban, mandate=one_line(debit.mandate), creditor=debit.creditor)
    if document.card:
        return say("payment.card", digits=document.card.number)
    return _due(document, say) + "".join(_skonto(discount, document, say) for discount in document.cash_discounts)


def _skonto(discount: CashDiscount, document: InvoiceDocument, say: Words) -> str:
    base = document.payable if discount.base is None else discount.base
    left = document.payable - half_up(base * discount.percent, 10_000)
    day = format_date(document.issue_date + timedelta(days=discount.days), say.language)
    amount = format_amount(left, document.currency, say.language)
    return say("payment.skonto", date=day, rate=format_rate(discount.percent, say.language), amount=amount)


def _due(document: InvoiceDocument, say: Words) -> str:
    if document.instalments:
        return say("payment.instalments", count=str(len(document.instalments)))
    if document.due_date:
        return say("payment.due", date=format_date(document.due_date, say.locale))
    if document.payment_days:
        key = "payment.days_one" if document.payment_days == 1 else "payment.days"
        return say(key, days=str(document.payment_days))
    return say("payment.now")


def _transfer(account: DocumentAccount, document: InvoiceDocument, say: Words) -> Iterator[Row]:
    yield say("payment.holder"), "" if account.holder == document.seller.name else one_line(account.holder)
    yield say("payment.iban"), format_iban(account.iban)
    yield say("payment.bic"), one_line(account.bic)
    yield say("payment.purpose"), one_line(document.number)


def _notes(document: InvoiceDocument, say: Words) -> Iterator[str]:
    """Why there is no tax (§ 14 (4) no. 8, § 14a (5) UStG; BT-120), each reason once."""
    seen: dict[str, None] = {}
    for tax in document.taxes:
        key = tax.reason or _REASON_OF_CATEGORY.get(tax.category, "")
        if key:
            seen.setdefault(say.one_of("exemption", key) or one_line(key))
    yield from seen
    reverse = any(tax.category in {"AE", "K"} for tax in document.taxes)
    if reverse and document.buyer.vat_id and document.seller.vat_id:
        key = "notes.both_vat_ids_self" if document.kind in SELF_BILLED else "notes.both_vat_ids"
        yield say(key, buyer=one_line(document.buyer.vat_id), seller=one_line(document.seller.vat_id))


def _footer(document: InvoiceDocument, say: Words) -> list[list[str]]:
    """Columns: the company, its register and management (§ 35a GmbHG), its tax numbers, its bank."""
    seller = document.seller
    country = say.one_of("countries", seller.address.country) or seller.address.country
    abroad = seller.address.country != document.buyer.address.country
    columns = [
        [one_line(seller.name), *_place(seller.address), country if abroad else ""],
        [one_line(seller.register), one_line(seller.management), one_line(seller.website)],
        _labelled(say("footer.vat_id"), seller.vat_id) + _labelled(say("footer.tax_number"), seller.tax_number),
        [line for account in document.accounts[:2] for line in _bank(account)],
    ]
    return [[line for line in column if line] for column in columns if any(column)]


def _labelled(label: str, value: str) -> list[str]:
    return [f"{label} {one_line(value)}"] if value else []


def _bank(account: DocumentAccount) -> list[str]:
    return [one_line(account.bank), format_iban(account.iban), *_labelled("BIC", account.bic)]
