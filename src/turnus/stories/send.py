"""Send issued documents (JB-82, JB-99, JB-100): plan deliveries from the outbox, hand over what is due, one by one.

Each delivery is committed as ``sending`` before its call. What the network leaves open stays ``unknown``: nothing goes
twice unless a person says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.delivery import (
    REPEATABLE,
    Content,
    File,
    Network,
    Parcel,
    Receipt,
    State,
    Way,
    coded,
    file_of,
    form_of,
    recipients,
    wanted_kinds,
)
from turnus.core.document import claims
from turnus.core.faults import fault
from turnus.core.formats import Exemption
from turnus.core.formatting import format_amount, format_date, format_period
from turnus.core.mail import chosen, filled, title
from turnus.core.validation import Verdict
from turnus.delivery.attempt import Claimed, Planned, claim, expire, plan, report, settle, tracked
from turnus.delivery.channels import Allowing, allowing, channels, form_fault, reached
from turnus.delivery.queries import deliveries_of
from turnus.delivery.texts import mail_texts
from turnus.documents.archive import DamagedFileError, archived, read
from turnus.documents.queries import unfit
from turnus.invoices.copies import TOPIC as COPIES
from turnus.invoices.dispatch import copy_addresses, heads, parties, tax_free
from turnus.parties.facts import customer_facts, customer_numbers, in_force
from turnus.parties.queries import contact_addresses
from turnus.ports import Rejected, TryLater
from turnus.records.failpoints import failpoint
from turnus.records.outbox import due_messages, mark_done, mark_failed
from turnus.stories.render import judge_invoices, render_invoices

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from turnus.core.actors import Stamp
    from turnus.core.delivery import Bounce
    from turnus.core.faults import Fault
    from turnus.core.formats import Allowed
    from turnus.invoices.dispatch import Head, Parties
    from turnus.ports import BounceReader, Carriers, FileStore, Validator
    from turnus.records.outbox import Message
    from turnus.stories.render import Press

SEND: Final = "invoice.send"
"""The key of a message is the document."""
DOWN: Final = 3
"""After so many refusals to take anything in a row, an account is left alone until the next round."""


class Sent(NamedTuple):
    """What one round sent. ``failed``: needs a person or another try; ``unknown``: needs a person."""

    planned: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0


class _NotSendableError(Exception):
    """Nothing can be handed over; ``retry``: it may be there later."""

    def __init__(self, one: Fault, *, retry: bool = False) -> None:
        super().__init__(one.code)
        self.fault, self.retry = one, retry


def send(carriers: Carriers, files: FileStore, *, on: date, by: Stamp) -> Sent:
    """One round: plan what was issued, hand over what is due, ask what became of what was sent. May run twice."""
    expire(by=by)
    planned, failed = _plan(on=on, by=by)
    done = hand_over(carriers, files, on=on, by=by)
    _ask(carriers, by=by)
    return Sent(planned, done.sent, done.failed + failed, done.unknown)


def send_documents(
    invoices: Sequence[int], press: Press, validator: Validator, carriers: Carriers, *, on: date, by: Stamp
) -> tuple[Sent, dict[int, Fault]]:
    """Print, judge, plan and send issued documents now, whatever their run does by itself. Twice is once.

    Returns what was sent, and why a document has no way. Raises ``Rejected`` and ``TryLater``.
    """
    render_invoices(invoices, press, by=by)
    judge_invoices(sorted(unfit(invoices)), validator, press.files, by=by)
    planned, faults = plan_documents(invoices, on=on, by=by)
    done = hand_over(carriers, press.files, only=deliveries_of(invoices), on=on, by=by)
    return done._replace(planned=planned), faults


def send_one(delivery: int, carriers: Carriers, files: FileStore, *, on: date, by: Stamp) -> Sent:
    """Send one delivery now, if it is due."""
    return hand_over(carriers, files, only=[delivery], on=on, by=by)


def take_bounces(reader: BounceReader, data: bytes, *, by: Stamp) -> list[tuple[Bounce, list[int]]]:
    """Read reports of other mail servers: each with the deliveries whose state it changed."""
    return [(one, report(one.reference, one.state, one.protocol, by=by)) for one in reader.read(data)]


def plan_documents(invoices: Collection[int], *, on: date, by: Stamp) -> tuple[int, dict[int, Fault]]:
    """Plan the deliveries of issued documents on their customers' channels.

    Returns how many are new, and why a document has none.
    """
    rows: list[Planned] = []
    faults: dict[int, Fault] = {}
    by_seller: dict[int, list[Head]] = {}
    for head in heads(invoices).values():
        by_seller.setdefault(head.seller, []).append(head)
    for seller, found in by_seller.items():
        customers = {head.customer for head in found}
        ways, contacts, versions = channels(seller, customers), contact_addresses(customers), customer_facts(customers)
        for head in found:
            where = reached(in_force(versions[head.customer], on).data, contacts.get(head.customer, []))
            mine = [
                Planned(seller, head.id, data.way, data.content, to, data.target, data.service, bool(data.consent_on))
                for _id, _customer, data in ways[head.customer]
                for to in recipients(data, where)
            ]  # fmt: skip
            rows += mine
            if not mine:
                faults[head.id] = fault("no_channel", customer=customer_numbers([head.customer])[head.customer])
    return plan(rows, by=by), faults


def _plan(*, on: date, by: Stamp) -> tuple[int, int]:
    """Deliveries of all waiting messages. Returns how many are new, and how many documents have no channel."""
    planned = failed = after = 0
    while messages := due_messages([SEND, COPIES], after=after):
        after = messages[-1].id
        whole = {int(message.key): message for message in messages if message.topic == SEND}
        count, faults = plan_documents(whole, on=on, by=by)
        planned += count + _plan_copies([message for message in messages if message.topic == COPIES], by=by)
        failpoint("send.after_plan")
        stuck = [message for message in messages if message.topic == SEND and int(message.key) in faults]
        for message in stuck:
            mark_failed(message, coded(faults[int(message.key)]))
        failed += len(stuck)
        mark_done(*{message.id for message in messages} - {message.id for message in stuck})
    return planned, failed


def _plan_copies(messages: Sequence[Message], *, by: Stamp) -> int:
    """Copies go by e-mail as PDF: their readers are no recipients of the invoice in the sense of the law."""
    to = copy_addresses([message.key for message in messages])
    found = heads({invoice for invoice, _email in to.values()})
    rows = [
        Planned(found[invoice].seller, invoice, Way.EMAIL, Content.PDF, email, "main", Network.COPY, consent=True)
        for invoice, email in to.values()
        if invoice in found
    ]
    return plan(rows, by=by)


def hand_over(carriers: Carriers, files: FileStore, *, only: Collection[int] = (), on: date, by: Stamp) -> Sent:
    """Send every due delivery, or those of ``only`` that are due."""
    sent = failed = unknown = 0
    misses: dict[tuple[str, str], int] = {}
    while one := claim(skip=[place for place, count in misses.items() if count >= DOWN], only=only, at=by.at):
        failpoint("send.after_claim")
        place = (one.planned.way, one.planned.target)
        state, missed = _attempt(one, carriers, files, on=on, by=by)
        misses[place] = misses.get(place, 0) + 1 if missed else 0
        sent += state in {State.SENT, State.DELIVERED}
        unknown += state is State.UNKNOWN
        failed += state in {State.QUEUED, State.FAILED}
        failpoint("send.after_settle")
    return Sent(0, sent, failed, unknown)


def _attempt(one: Claimed, carriers: Carriers, files: FileStore, *, on: date, by: Stamp) -> tuple[State, bool]:
    """Prepare, call, settle. Returns the state, and whether the partner took nothing for now."""
    try:
        parcel, hashes = _parcel(one, files, on=on, by=by)
        carrier = carriers.carrier(one.planned.way, one.planned.target)
    except _NotSendableError as error:
        return _failed(one, coded(error.fault), retry=error.retry, by=by), False
    except DamagedFileError as error:
        return _failed(one, f"damaged: {error}", retry=False, by=by), False
    except Rejected as error:  # the settings name no such account: they may be mended
        return _failed(one, error.english, retry=True, by=by), True
    except (TryLater, OSError) as error:  # the archive cannot be read now; nothing has left
        return _failed(one, getattr(error, "english", str(error)), retry=True, by=by), False
    try:
        receipt = carrier.send(parcel)
    except Rejected as error:
        return _failed(one, error.english, retry=False, by=by, files=hashes), False
    except TryLater as error:
        return _failed(one, error.english, retry=True, by=by, files=hashes), True
    except Exception as error:  # noqa: BLE001 - a fault of ours: nobody knows how far it came, and the others go on
        receipt = Receipt(State.UNKNOWN, f"{type(error).__name__}: {error}")
    failpoint("send.after_call")
    retry = receipt.state is State.UNKNOWN and one.planned.way in REPEATABLE
    return settle(one, receipt, files=hashes, retry=retry, by=by), False


def _failed(one: Claimed, protocol: str, *, retry: bool, by: Stamp, files: str = "") -> State:
    return settle(one, Receipt(State.FAILED, protocol), retry=retry, files=files, by=by)


def _parcel(one: Claimed, store: FileStore, *, on: date, by: Stamp) -> tuple[Parcel, str]:
    """Everything to hand over, and the hashes of its files. Raises ``_NotSendableError``, ``DamagedFileError``."""
    head = heads([one.planned.invoice])[one.planned.invoice]
    who, plan, known = parties(head), one.planned, archived([head.id]).get(head.id, {})
    kinds = wanted_kinds(plan.content, known)
    if kinds is None:
        missing = fault("no_files", content=plan.content, known=", ".join(sorted(known)) or "–")
        raise _NotSendableError(missing, retry=True)
    if verdict := unfit([head.id]).get(head.id):
        raise _NotSendableError(fault(f"unfit_{verdict}"), retry=verdict is Verdict.NOT_JUDGED)
    if claims(head.kind) and plan.service is not Network.COPY:
        refused = form_fault(plan.way, form_of(plan.way, kinds), _allowed(head, who, consent=plan.consent, on=on))
        if refused:
            raise _NotSendableError(refused)
    name = title(head.kind, head.language)
    files = [file_of(kind, name, head.number, read(store, known[kind])) for kind in kinds]
    hashes = "\n".join(f"{kind} {known[kind]}" for kind in kinds)
    return _filled(one, head, who, files, at=by.at, key=f"turnus-{one.id}-{known[kinds[0]][:12]}"), hashes


def _allowed(head: Head, who: Parties, *, consent: bool, on: date) -> Allowed:
    """The forms that the law allows for the document today (L-04); the total counts where it is in euro."""
    exemption = Exemption.NONE
    if tax_free(head.id):
        exemption = Exemption.SMALL_BUSINESS if who.seller.small_business else Exemption.TAX_FREE
    gross = head.gross if head.currency == "EUR" else None
    return allowing(Allowing(head.seller, head.service.last_day, on, gross, exemption, consent), who.buyer)


def _filled(one: Claimed, head: Head, who: Parties, files: Sequence[File], *, at: datetime, key: str) -> Parcel:
    """``key``: the same for every attempt, and another than in any other installation."""
    seller, buyer = who.seller, who.buyer
    values = {
        "title": title(head.kind, head.language), "number": head.number, "customer": buyer.name,
        "customer_number": buyer.number, "contact": buyer.contact_name or buyer.name, "seller": seller.name,
        "date": format_date(head.issue_date, head.language), "due_date": format_date(head.due_date, head.language),
        "period": format_period(head.service, head.language),
        "total": format_amount(head.gross, head.currency, head.language),
    }  # fmt: skip
    mail = filled(chosen(head.kind, head.language, mail_texts(head.seller)), values)
    return Parcel(
        key, one.planned.recipient, tuple(files), at, head.number, _lines(who), seller.name, seller.email,
         mail.subject, mail.text, mail.html, one.planned.service,
    )  # fmt: skip


def _lines(who: Parties) -> tuple[str, ...]:
    """The address as a letter has it; the country where it is another than the seller's."""
    to = who.buyer.address
    abroad = to.country if to.country != who.seller.address.country else ""
    lines = (who.buyer.name, to.extra, to.street, f"{to.postcode} {to.city}".strip(), abroad)
    return tuple(line for line in lines if line)


def _ask(carriers: Carriers, *, by: Stamp) -> None:
    """What partners say of deliveries that they took."""
    for way, target, reference in tracked(at=by.at):
        try:
            receipt = carriers.carrier(way, target).status(reference)
        except (Rejected, TryLater):
            continue
        if receipt.state is not State.SENT:
            report(reference, receipt.state, receipt.protocol, by=by)
