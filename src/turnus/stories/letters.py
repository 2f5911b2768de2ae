"""Letters in the seller's design: of contracts and prices, statements, order confirmations; printed and archived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from turnus.catalog.facts import product_facts
from turnus.contracts.campaign_queries import price_letter
from turnus.contracts.contract_letters import letter_on_notice, letter_on_renewal
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import contract_detail
from turnus.core.catalog import Model
from turnus.core.design import Printed, chosen
from turnus.core.document import ADVANCES, Design
from turnus.core.formatting import format_amount, format_date, format_number, format_price
from turnus.core.paper import PaperLetter, PaperTable, paragraphs
from turnus.core.parties import as_buyer, as_seller
from turnus.core.statement import Booking, Statement, statement
from turnus.core.words.papers import paper_word, per_cycle
from turnus.documents.archive import store
from turnus.documents.designs import design_books
from turnus.documents.letters import LetterData, file_letter
from turnus.invoices.queries import document_rows
from turnus.ledger.queries import account_rows
from turnus.parties.facts import customer_facts, in_force, seller_facts

if TYPE_CHECKING:
    from datetime import date

    from turnus.contracts.queries import ContractDetail, ItemLine
    from turnus.core.actors import Stamp
    from turnus.core.periods import Period
    from turnus.parties.facts import CustomerFacts, SellerFacts
    from turnus.ports import FileStore, LetterRenderer

_DAY = timedelta(days=1)


class Paper(NamedTuple):
    """A letter before it is printed, and whom it concerns."""

    seller: int
    customer: int
    contract: int | None
    kind: str
    letter: PaperLetter


def print_letter(paper: Paper, renderer: LetterRenderer, files: FileStore, *, by: Stamp) -> tuple[int, bytes]:
    """Print, archive and enter a letter. Returns its id and the PDF; the same letter again is the same one.

    Raises ``Rejected`` and ``TryLater``.
    """
    content = renderer.letter(paper.letter)
    data = LetterData(
        paper.seller, paper.customer, paper.contract, paper.kind, paper.letter.title, paper.letter.day,
        store(files, content), len(content),
    )  # fmt: skip
    return file_letter(data, by=by), content


def notice_paper(seller: int, contract: str, *, on: date) -> Paper:
    """The letter on the last notice of a contract. Raises ``ContractRefusedError``."""
    return _of_contract("notice", seller, contract, letter_on_notice(seller, contract), on)


def renewal_paper(seller: int, contract: str, *, on: date) -> Paper:
    """The reminder of a renewal. Raises ``ContractRefusedError``."""
    return _of_contract("renewal", seller, contract, letter_on_renewal(seller, contract, on=on), on)


def price_paper(seller: int, campaign: str, contract: str, *, on: date) -> Paper:
    """The letter of a price campaign to a contract. Raises ``AdjustmentRefusedError``."""
    return _of_contract("prices", seller, contract, price_letter(seller, campaign, contract), on)


def order_paper(seller: int, contract: str, *, on: date) -> Paper:
    """The confirmation of a contract with its items as they stand on a day."""
    number = contract_id(seller, contract)
    detail = contract_detail(number, on=max(on, _start(number, on)))
    desk = _Desk(seller, detail.line.customer, on)
    say, language = desk.say, desk.language
    names = {product: (facts.name, facts.name_en) for product, facts in product_facts(seller).items()}
    rows = []
    for place, item in enumerate((item for item in detail.items if item.model), 1):
        german, english = names.get(item.product, ("", ""))
        name = item.label or (german if language[:2] == "de" or not english else english)
        rows.append((str(place), name, *_priced(item, detail.line.currency, language)))
    columns = ("", say("item"), say("quantity"), say("price"))
    gross = any(item.gross for item in detail.items)
    after = [say("begins", day=format_date(detail.line.start, language))]
    if detail.line.end:
        after.append(say("ends", day=format_date(detail.line.end - _DAY, language)))
    after += [say("discount", text=row.label) for row in detail.discounts if row.label]
    letter = desk.letter(
        say("order"), (say("salutation"), say("order_text", contract=contract)),
        PaperTable(columns, tuple(rows), (2, 3)), (*after, say("gross" if gross else "net")),
        ((say("contract"), contract),),
    )  # fmt: skip
    return Paper(seller, detail.line.customer, number, "order", letter)


def account_statement(seller: int, customer: int, currency: str, period: Period) -> Statement:
    """Opening balance, bookings and balance of a customer's account."""
    return statement(_bookings(seller, customer, currency, _Desk(seller, customer, period.last_day)), period)


def statement_paper(
    seller: int, customer: int, currency: str, period: Period, *, confirm: bool = False, on: date
) -> Paper:
    """The statement as a letter; ``confirm`` asks the customer to confirm the balance."""
    desk = _Desk(seller, customer, on)
    found = statement(_bookings(seller, customer, currency, desk), period)
    say, language = desk.say, desk.language

    def money(amount: int) -> str:
        return format_amount(amount, currency, language)

    first, last = format_date(period.start, language), format_date(period.last_day, language)
    rows = [(first, say("opening"), "", "", money(found.opening))]
    for (day, text, amount, due), balance in found.rows:
        due_on = format_date(due, language) if due else ""
        rows.append((format_date(day, language), text, due_on, money(amount), money(balance)))
    rows.append((last, say("closing"), "", "", money(found.closing)))
    columns = tuple(say(name) for name in ("day", "text", "due", "amount", "balance"))
    total = found.closing
    after = [say("owed" if total > 0 else "credit" if total < 0 else "even", amount=money(abs(total)))]
    if confirm:
        after.append(say("confirm", last=last))
    letter = desk.letter(
        say("statement"), (say("salutation"), say("statement_text", first=first, last=last)),
        PaperTable(columns, tuple(rows), (3, 4), (0, len(rows) - 1)), tuple(after),
        ((say("period"), f"{first}–{last}"),),
    )  # fmt: skip
    return Paper(seller, customer, None, "statement", letter)


class _Desk:
    """Who writes to whom on a day, and in which language."""

    def __init__(self, seller: int, customer: int, on: date) -> None:
        self.on = on
        self.seller: SellerFacts = seller_facts(seller, on=on)
        self.buyer: CustomerFacts = in_force(customer_facts([customer])[customer], on)
        self.language = self.buyer.data.language or self.seller.data.language

    def say(self, code: str, **blanks: str) -> str:
        """A word in the recipient's language."""
        return paper_word(code, self.language, **blanks)

    def letter(
        self, title: str, texts: tuple[str, ...], table: PaperTable | None = None, after: tuple[str, ...] = (),
        about: tuple[tuple[str, str], ...] = (),
    ) -> PaperLetter:  # fmt: skip
        """A letter between the two."""
        own, data = self.seller.data, self.buyer.data
        return PaperLetter(
            title, self.on, self.language, as_seller(own), as_buyer(data), data.number, self.seller.accounts,
            self._design(), texts, table, after, about,
        )  # fmt: skip

    def _design(self) -> Design:
        """As the rules of the seller say for documents of any kind, else its settings."""
        own, data = self.seller.data, self.buyer.data
        book = design_books({self.seller.id}).get(self.seller.id)
        printed = Printed("letter", data.site, "", self.language, data.address.country)
        design = book.designs.get(chosen(book.rules, printed)) if book else None
        return design or Design(own.template, own.logo, own.accent)


def _of_contract(kind: str, seller: int, contract: str, text: str, on: date) -> Paper:
    number = contract_id(seller, contract)
    customer = contract_detail(number, on=on).line.customer
    desk = _Desk(seller, customer, on)
    subject, texts = paragraphs(text, desk.seller.data.name, desk.buyer.data.name)
    about = ((desk.say("contract"), contract),)
    return Paper(seller, customer, number, kind, desk.letter(subject, (desk.say("salutation"), *texts), about=about))


def _start(contract: int, on: date) -> date:
    detail: ContractDetail = contract_detail(contract, on=on)
    return detail.line.start


def _priced(item: ItemLine, currency: str, language: str) -> tuple[str, str]:
    once = item.model in {Model.ONE_OFF, Model.METERED_UNIT, Model.RATED}
    per = "" if once else per_cycle(item.months, item.days, language)
    price = f"{format_price(item.price, currency, language)} {per}".strip()
    metered = item.model in {Model.METERED_UNIT, Model.RATED}
    return (paper_word("metered", language) if metered else format_number(item.quantity, language)), price


def _bookings(seller: int, customer: int, currency: str, desk: _Desk) -> list[Booking]:
    rows = [row for row in account_rows(seller, customer) if row.currency == currency]
    known = document_rows({row.invoice for row in rows if row.invoice is not None}, on=desk.on)
    found = []
    for row in rows:
        text = desk.say("payment")
        if row.invoice is not None:
            document = known[row.invoice]
            name = desk.say("credit_note" if document.kind == "credit" else document.kind)
            text = f"{name} {document.number}"
            if document.kind in ADVANCES and row.amount < 0:
                text = desk.say("closed", number=document.number)
        found.append(Booking(row.booked_on, text, row.amount, row.due_on if row.amount > 0 else None))
    return found
