"""Designs of a seller: versions that stay, rules that choose, and documents that keep what printed them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.document.reading import Paper
from tests.builders import BY, Buyer, Company, address, company, contract, customer, day, product, run
from turnus.adapters.document import TypstRenderer
from turnus.adapters.einvoice import Xml
from turnus.adapters.store import FolderStore
from turnus.catalog.groups import join_group, put_group
from turnus.core.design import SHIPPED, DesignRule
from turnus.core.document import Design
from turnus.core.offers import Special
from turnus.core.parties import CustomerKind
from turnus.documents.archive import archived, read
from turnus.documents.designs import DesignRefusedError, design_books, put_design, use_design
from turnus.invoices.correct import credit_invoice
from turnus.invoices.document import invoice_document, invoice_documents
from turnus.invoices.models import Invoice
from turnus.stories.render import Press, pdf_of, render_invoices

pytestmark = pytest.mark.database
HOUSE = Design(accent="#123456", texts=(("de.closing", "Erste Fassung"),))


@pytest.fixture
def seller() -> Company:
    made = company()
    product(made, "plan", "10.00")
    return made


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(TypstRenderer(), Xml(), FolderStore(tmp_path))


def newest() -> int:
    return Invoice.objects.order_by("-id").values_list("id", flat=True)[0]


def test_an_issued_document_keeps_the_version_that_printed_it(seller: Company, press: Press) -> None:
    contract(seller, "A", "2025-01-01", "plan")
    assert put_design(seller.id, "haus", HOUSE, by=BY) == "created"
    assert put_design(seller.id, "haus", HOUSE, by=BY) == "unchanged"
    use_design(seller.id, DesignRule("haus"), by=BY)
    run(seller, "2025-01-01")
    first = newest()
    render_invoices([first], press, by=BY)
    content = read(press.files, archived([first])[first]["pdf"])
    assert "Erste Fassung" in Paper(content).text()

    second_version = replace(HOUSE, texts=(("de.closing", "Zweite Fassung"),))
    assert put_design(seller.id, "haus", second_version, by=BY) == "changed"
    run(seller, "2025-02-01")
    assert pdf_of(first, press, by=BY) == content
    assert press.renderer.render(invoice_document(first)) == content
    assert "Zweite Fassung" in Paper(pdf_of(newest(), press, by=BY)).text()
    assert press.renderer.render(invoice_document(first)) == content


def test_jb_85_91_92_rules_choose_by_seller_kind_site_group_language_and_country(seller: Company) -> None:
    put_group(seller.id, "GOLD", "Gold", Special(), valid_from=day("2020-01-01"), by=BY)
    buyers: dict[str, Buyer] = {
        "K1": {},
        "K2": {"site": "Hamburg"},
        "K3": {"language": "fr"},
        "K4": {},
        "K5": {"address": address("AT"), "kind": CustomerKind.PERSON},
    }
    for number, data in buyers.items():
        made = customer(seller, number, **data)
        contract(seller, f"V{number}", "2025-01-01", "plan", by=number)
        if number == "K4":
            join_group(seller.id, made, "GOLD", valid_from=day("2020-01-01"), by=BY)
    put_design(seller.id, "haus", HOUSE, by=BY)
    for rule in (
        DesignRule("haus"), DesignRule("swiss", site="Hamburg"), DesignRule("kontor", language="fr"),
        DesignRule("modern", group="GOLD"), DesignRule("compact", kind="credit"), DesignRule("classic-a", country="AT"),
    ):  # fmt: skip
        use_design(seller.id, rule, by=BY)
    run(seller, "2025-01-01")
    ids = list(Invoice.objects.filter(state="issued").order_by("id").values_list("id", flat=True))
    found = {document.customer_number: document.design for document in invoice_documents(ids).values()}
    expected = {"K1": HOUSE, "K2": SHIPPED["swiss"], "K3": SHIPPED["kontor"], "K4": SHIPPED["modern"]}
    for number, design in expected.items():
        assert found[number] == replace(design, version=found[number].version), number
        assert found[number].version
    assert found["K5"].form == "A"
    credit = credit_invoice(ids[0], amount=100, line=None, on=day("2025-01-02"), reason="Kulanz", by=BY).invoice
    assert invoice_document(credit).design.template == "compact"

    use_design(seller.id, DesignRule("", kind="credit"), by=BY)
    use_design(seller.id, DesignRule("modern"), by=BY)
    assert invoice_document(credit).design.template == "modern"
    rules = design_books([seller.id])[seller.id].rules
    assert DesignRule("modern") in rules
    assert DesignRule("haus") not in rules
    assert [rule for rule in rules if rule.kind] == []
    other = company("other")
    assert design_books([other.id]) == {}


def test_what_the_settings_of_the_seller_printed_is_printed_so_again(seller: Company, press: Press) -> None:
    contract(seller, "A", "2025-01-01", "plan")
    run(seller, "2025-01-01")
    assert invoice_document(newest()).design == Design()
    content = pdf_of(newest(), press, by=BY)
    use_design(seller.id, DesignRule("swiss"), by=BY)
    assert press.renderer.render(invoice_document(newest())) == content


@pytest.mark.parametrize("name", ["", "Haus", "a b", "../x", "modern", "x" * 41])
def test_a_design_needs_a_name_of_its_own(seller: Company, name: str) -> None:
    with pytest.raises(DesignRefusedError):
        put_design(seller.id, name, HOUSE, by=BY)


def test_a_rule_names_a_design_that_is_there(seller: Company) -> None:
    with pytest.raises(DesignRefusedError):
        use_design(seller.id, DesignRule("nothing"), by=BY)
