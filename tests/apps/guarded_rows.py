"""Rows of guarded tables: of the archive, of deliveries, of a billable record, of a marketplace."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from tests.builders import BY, Company, company, customer, day, days, product
from tests.trading import marketplace, sale, trade
from turnus.adapters.store import FolderStore
from turnus.core.billables import BillableData
from turnus.core.delivery import Content, Network, Receipt, State, Way
from turnus.core.design import DesignRule
from turnus.core.incoming import Decision, Payable, PayableLine, PayableTax
from turnus.core.mail import Template
from turnus.delivery.attempt import Planned, claim, plan, settle
from turnus.delivery.channels import put_turnover
from turnus.delivery.texts import put_mail_text
from turnus.documents.anchors import anchor
from turnus.documents.archive import Archived, file_renderings
from turnus.documents.database_store import DatabaseStore
from turnus.documents.designs import use_design
from turnus.documents.move import Place, move
from turnus.documents.retention import delete_over, lift_hold, set_hold
from turnus.invoices.billables import Wanted, collect_billables, put_billables
from turnus.payables.decide import decide
from turnus.payables.intake import Came, Found, assess, enter


def came(seller: int = 1) -> None:
    """An incoming invoice with a line, VAT and a decision."""
    line, tax = PayableLine("1", "Papier", Decimal(1), "C62", 1_00, "S", 1900), PayableTax("S", 1900, 1_00, 19)
    on = day("2025-01-01")
    claim = Payable(
        "Papier AG", "DE1", "R-1", "380", on, None, "EUR", 1_00, 19, 1_19, 1_19, "", "", "", "", (line,), (tax,), ()
    )
    number, known = enter(Came(seller, "ef" * 32, 1, "r.xml", "upload"), by=BY)
    assert not known
    assess(number, Found("valid", "", 1, claim), own_vat_ids=(), by=BY)
    decide(number, Decision.ACCEPT, by=BY)


def archived() -> None:
    """A file with its link, an anchor, a hold that is lifted, a tombstone."""
    file_renderings([Archived(1, "pdf", "ab" * 32, 1, "RE-1.pdf", day("2001-01-01"))], at=BY.at)
    with TemporaryDirectory() as folder:
        lift_hold(set_hold(number=1, reason="Probe", by=BY), reason="Ende", by=BY)
        assert anchor(Path(folder), on=day("2025-01-01"))
        assert list(delete_over(FolderStore(Path(folder)), on=day("2025-01-01"), by=BY))
        assert list(move(FolderStore(Path(folder)), DatabaseStore(), Place("database"), by=BY))


def sent(firm: Company) -> None:
    """A delivery with what became of it, a text, a turnover."""
    plan([Planned(firm.id, 1, Way.FOLDER, Content.PDF, "", "main", Network.NONE, consent=False)], by=BY)
    claimed = claim(at=BY.at)
    assert claimed is not None
    settle(claimed, Receipt(State.SENT, "OK"), by=BY)
    put_mail_text(firm.id, "*", "de", Template("{number}", "{number}"), by=BY)
    put_turnover(firm.id, 2025, 500_000_00, by=BY)


def designed() -> None:
    """Another company's design, and a rule that uses it."""
    use_design(company("six").id, DesignRule("swiss"), by=BY)


def traded() -> None:
    """Another company's marketplace."""
    assert trade(marketplace(code="three"), sale("a", "1.00")) == ["created"]


def recorded() -> None:
    """Another company's draft of a billable record."""
    firm = company("four")
    product(firm, "work")
    customer(firm)
    spring = days("2025-01-01", "2025-01-31")
    record = BillableData("a", "ticket", "T-1", "K1", "work", Decimal(1), Decimal(80), "", spring)
    with transaction.atomic():
        put_billables(firm.id, [record], on=day("2025-02-01"), by=BY)
    made, _waiting = collect_billables(firm.id, Wanted(), on=day("2025-02-01"), issue=False, by=BY)
    assert len(made) == 1
