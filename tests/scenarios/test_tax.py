"""VAT (JB-93): the rate follows the end of the service (case 7); the rows of L-12; what nobody can decide is parked."""

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    Buyer,
    Company,
    Offer,
    Settings,
    company,
    contract,
    customer,
    day,
    lines,
    only,
    parked,
    product,
    run,
    totals,
)
from turnus import order_to_cash
from turnus.catalog.models import VatRate
from turnus.catalog.offer import put_rates
from turnus.checks.record import record_vat_check
from turnus.contracts.touch import touch_customer
from turnus.core.catalog import ProductKind, TaxClass
from turnus.core.contracts import Timing
from turnus.core.document import InvoiceDocument, PostalAddress
from turnus.core.parties import CustomerKind, VatIdCheck
from turnus.core.periods import FAR_FUTURE, Cycle
from turnus.core.tax import RateRow
from turnus.invoices.models import InvoiceTax, Run, RunUnit
from turnus.invoices.runs import reopen_parked
from turnus.stories.rates import enter_rates

pytestmark = pytest.mark.database


def taxes(document: InvoiceDocument) -> list[tuple[str, int, int, int]]:
    return [(row.category, row.rate, row.base, row.tax) for row in document.taxes]


def reasons(firm: Company) -> list[str]:
    """Why the last run parked what it parked."""
    return parked(Run.objects.filter(seller_id=firm.id).latest("id").id)


# ---- case 7: 16 % from 2020-07-01 to 2020-12-31 ----------------------------------------------------------------------


def test_case_7a_june_invoiced_in_july_bears_19_percent() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2020-06-01", "abo", timing=Timing.ARREARS)
    june = only(run(firm, "2020-07-01", on="2020-07-03"))
    assert (lines(june), totals(june)) == (["1 abo 01.06.2020–30.06.2020 100.00"], "100.00 + 19.00 = 119.00")
    assert june.issue_date == day("2020-07-03")


def test_case_7b_july_invoiced_in_june_bears_16_percent() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2020-07-01", "abo")
    assert totals(only(run(firm, "2020-07-01", on="2020-06-28"))) == "100.00 + 16.00 = 116.00"


def test_case_7c_one_invoice_over_the_edge_has_two_tax_groups() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2020-06-01", "abo", billing=Cycle(3, 0))
    document = only(run(firm, "2020-06-01"))
    assert totals(document) == "300.00 + 51.00 = 351.00"
    assert taxes(document) == [("S", 1600, 200_00, 32_00), ("S", 1900, 100_00, 19_00)]
    assert [line.tax_rate for line in document.lines] == [1900, 1600, 1600]


@pytest.mark.parametrize(
    ("gross", "first", "correction"),
    [(False, "1200.00 + 228.00 = 1428.00", "0.00 + -36.00 = -36.00"),
     (True, "1200.00 + 228.00 = 1428.00", "31.03 + -31.03 = 0.00")],
)  # fmt: skip
def test_case_7d_a_year_billed_before_the_rate_fell_is_corrected_as_a_whole(
    *, gross: bool, first: str, correction: str
) -> None:
    firm = company()
    VatRate.objects.all().delete()
    with transaction.atomic():
        put_rates([(RateRow("DE", "standard", day("2007-01-01"), FAR_FUTURE, 1900), "§ 12 UStG")], by=BY)
    product(firm, "abo", "1428.00" if gross else "1200.00", gross=gross)
    contract(firm, "V1", "2020-01-01", "abo", fee=Cycle(12, 0), end="2021-01-01")
    assert totals(only(run(firm, "2020-01-02"))) == first
    relief = RateRow("DE", "standard", day("2020-07-01"), day("2021-01-01"), 1600)
    assert enter_rates([(relief, "§ 28 Abs. 1 UStG")], by=BY) == 1
    note = only(run(firm, "2020-07-02"))
    assert totals(note) == correction
    assert [(rate, base) for _category, rate, base, _tax in taxes(note)] == (
        [(1600, 1231_03), (1900, -1200_00)] if gross else [(1600, 1200_00), (1900, -1200_00)]
    )
    assert (run(firm, "2020-07-03"), enter_rates([(relief, "")], by=BY)) == ([], 0)


def test_case_7e_a_year_into_2021_bears_19_percent_on_all_of_it() -> None:
    firm = company()
    product(firm, "abo", "1200.00")
    contract(firm, "V1", "2020-07-01", "abo", fee=Cycle(12, 0))
    assert totals(only(run(firm, "2020-07-01"))) == "1200.00 + 228.00 = 1428.00"


def test_case_7f_a_month_over_new_year_is_not_split_by_days() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2020-12-15", "abo")
    document = only(run(firm, "2020-12-15"))
    assert (lines(document), totals(document)) == (
        ["1 abo 15.12.2020–14.01.2021 100.00"], "100.00 + 19.00 = 119.00",
    )  # fmt: skip


def test_a_day_outside_the_table_of_rates_parks_the_contract() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2006-11-01", "abo", end="2006-12-01")
    assert (run(firm, "2006-11-01"), reasons(firm)) == ([], ["rate_missing"])


def test_a_new_rate_follows_the_one_whose_end_nobody_knew() -> None:
    firm = company()
    with transaction.atomic():
        rise = RateRow("DE", "standard", day("2027-01-01"), FAR_FUTURE, 2000)
        assert put_rates([(rise, "Gesetz von 2026")], by=BY) == 1
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2026-12-01", "abo")
    assert [document.tax for first in ("2026-12-01", "2027-01-01") for document in run(firm, first)] == [19_00, 20_00]


# ---- the cases of L-12 -----------------------------------------------------------------------------------------------


def test_l_12_1_reduced_and_standard_products_share_an_invoice() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "book", "20.00", tax_class=TaxClass.REDUCED)
    contract(firm, "V1", "2025-01-01", "abo", "book")
    document = only(run(firm, "2025-01-01"))
    assert taxes(document) == [("S", 700, 20_00, 1_40), ("S", 1900, 100_00, 19_00)]


def checked(firm: Company, vat_id: str, on: str, *, valid: bool = True) -> None:
    with transaction.atomic():
        record_vat_check(firm.id, VatIdCheck(vat_id, day(on), valid=valid, reference="BZSt 1"), by=BY)


def test_l_12_2_an_eu_company_with_a_checked_vat_id_owes_the_tax_itself() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", country="AT", vat_id="ATU12345678")
    contract(firm, "V1", "2025-01-01", "abo")
    checked(firm, "ATU12345678", "2024-12-20")
    document = only(run(firm, "2025-01-01"))
    assert (taxes(document), totals(document)) == ([("AE", 0, 100_00, 0)], "100.00 + 0.00 = 100.00")
    assert document.taxes[0].reason == "reverse_charge"
    because = InvoiceTax.objects.get().because
    assert because == "L-12.2: AT, ATU12345678 checked 2024-12-20"


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ([], "vat_id_unchecked"),
        ([("2024-11-01", True)], "vat_id_check_old"),
        ([("2024-12-20", True), ("2024-12-28", False)], "vat_id_invalid"),
    ],
)
def test_l_12_2_without_fresh_evidence_the_contract_is_parked_until_a_check_is_entered(
    checks: list[tuple[str, bool]], code: str
) -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", country="AT", vat_id="ATU12345678")
    contract(firm, "V1", "2025-01-01", "abo")
    for on, valid in checks:
        checked(firm, "ATU12345678", on, valid=valid)
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    assert [document.customer_number for document in run(firm, "2025-01-01")] == ["K2"]
    assert reasons(firm) == [code]
    number = Run.objects.get(state=Run.State.DONE).id
    checked(firm, "ATU12345678", "2024-12-31")
    assert reopen_parked(number, by=BY) == 1
    for _report in order_to_cash.draft_invoices(number, by=BY):
        pass
    for _step in order_to_cash.issue_invoices(number, by=BY):
        pass
    assert RunUnit.objects.filter(run_id=number).values_list("state", flat=True).distinct().get() == "issued"
    assert run(firm, "2025-01-02") == []


def test_l_12_4_an_eu_consumer_pays_german_tax_while_we_are_below_the_threshold() -> None:
    firm = company()
    product(firm, "abo", "100.00", kind=ProductKind.ELECTRONIC)
    customer(firm, "K1", country="FR", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-01", "abo")
    assert taxes(only(run(firm, "2025-01-01"))) == [("S", 1900, 100_00, 19_00)]


def test_l_12_7_a_business_outside_the_eu_is_not_taxed_here() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", country="CH", business_proof="Handelsregister CHE-1")
    contract(firm, "V1", "2025-01-01", "abo")
    document = only(run(firm, "2025-01-01"))
    assert (taxes(document), document.taxes[0].reason) == ([("O", 0, 100_00, 0)], "not_taxable")


def test_l_12_10_a_small_business_shows_no_tax() -> None:
    firm = company(small_business=True)
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    document = only(run(firm, "2025-01-01"))
    assert (taxes(document), document.taxes[0].reason) == ([("E", 0, 100_00, 0)], "small_business")


@pytest.mark.parametrize(
    ("settings", "country", "buyer", "offer", "code"),
    [
        ({"oss": True}, "FR", {"kind": CustomerKind.PERSON}, {}, "oss"),
        ({}, "FR", {}, {}, "vat_id_missing"),
        ({}, "US", {"kind": CustomerKind.PERSON}, {}, "third_country_consumer"),
        ({}, "US", {}, {}, "business_proof_missing"),
        ({}, "CH", {"business_proof": "HR"}, {"kind": ProductKind.GOODS}, "goods_abroad"),
        ({"vat_id": "", "tax_number": "123"}, "AT", {"vat_id": "ATU1"}, {}, "seller_vat_id_missing"),
    ],
)
def test_what_the_matrix_does_not_answer_parks_the_contract_with_its_reason(
    settings: Settings, country: str, buyer: Buyer, offer: Offer, code: str
) -> None:
    firm = company(**settings)
    product(firm, "abo", "100.00", **offer)
    customer(firm, "K1", country=country, **buyer)
    contract(firm, "V1", "2025-01-01", "abo")
    assert (run(firm, "2025-01-01"), reasons(firm)) == ([], [code])


def test_special_territories_are_parked() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", address=PostalAddress("Lung Wai 1", "27498", "Helgoland", "DE"))
    contract(firm, "V1", "2025-01-01", "abo")
    assert (run(firm, "2025-01-01"), reasons(firm)) == ([], ["special_territory"])


def test_a_customer_who_moves_abroad_is_taxed_by_where_he_lives_when_the_service_ends() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1")
    contract(firm, "V1", "2025-01-01", "abo")
    assert taxes(only(run(firm, "2025-01-01")))[0][:2] == ("S", 1900)
    customer(firm, "K1", country="CH", business_proof="Handelsregister", since="2025-02-10")
    february, march = run(firm, "2025-02-01"), run(firm, "2025-03-01")
    assert [taxes(only(documents))[0][:2] for documents in (february, march)] == [("O", 0), ("O", 0)]


def test_lines_outside_the_scope_of_vat_never_share_a_document_with_others() -> None:
    """BR-O-11: a customer who moved has two documents in the month of the change."""
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1")
    contract(firm, "V1", "2025-01-01", "abo")
    customer(firm, "K1", country="CH", business_proof="Handelsregister", since="2025-02-10")
    documents = run(firm, "2025-02-01")
    assert sorted(taxes(document)[0][:2] for document in documents) == [("O", 0), ("S", 1900)]


def test_l_01_a_missing_address_parks_with_every_field_named_and_is_resumed_when_mended() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", address=PostalAddress("", "", "Leipzig", "DE"))
    contract(firm, "V1", "2025-01-01", "abo")
    assert (run(firm, "2025-01-01"), reasons(firm)) == ([], ["missing"])
    detail = RunUnit.objects.get().detail
    assert "buyer.street (§ 14 Abs. 4 Nr. 1 UStG)" in detail
    assert "buyer.postcode" in detail
    customer(firm, "K1")
    assert totals(only(run(firm, "2025-01-02"))) == "100.00 + 19.00 = 119.00"


def test_a_customer_who_moves_from_the_eu_to_a_third_country_inside_a_period_is_corrected_on_both_documents() -> None:
    """What was billed in advance for the running month ends outside the EU: reverse charge is taken back, and the
    month is billed as not taxable here; the lines never share a document (L-12 rows 2 and 7).
    """
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", country="AT", vat_id="ATU12345675")
    with transaction.atomic():
        record_vat_check(firm.id, VatIdCheck("ATU12345675", day("2025-01-01"), valid=True), by=BY)
    contract(firm, "V1", "2025-01-01", "abo")
    january = only(run(firm, "2025-01-01"))
    assert taxes(january) == [("AE", 0, 100_00, 0)]
    zurich = PostalAddress("Gasse 2", "8000", "Zürich", "CH")
    moved = customer(
        firm, "K1", since="2025-01-16", address=zurich, vat_id="", business_proof="UID CHE-123.456.789"
    )  # fmt: skip
    with transaction.atomic():
        touch_customer(firm.id, moved, day("2025-01-16"))
    credit, anew = sorted(run(firm, "2025-01-20"), key=lambda document: document.net)
    assert (taxes(credit), lines(credit)) == ([("AE", 0, -100_00, 0)], ["-1 abo 01.01.2025–31.01.2025 -100.00"])
    assert (taxes(anew), anew.taxes[0].reason) == ([("O", 0, 100_00, 0)], "not_taxable")
    assert (credit.buyer.address.country, anew.buyer.address.country) == ("CH", "CH")
    assert [reference.number for reference in credit.preceding] == [january.number]
    assert run(firm, "2025-01-31") == []
    assert taxes(only(run(firm, "2025-02-01"))) == [("O", 0, 100_00, 0)]


def test_who_moves_after_the_period_keeps_its_treatment() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    customer(firm, "K1", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-01", "abo")
    assert taxes(only(run(firm, "2025-01-01"))) == [("S", 1900, 100_00, 19_00)]
    moved = customer(
        firm,
        "K1",
        since="2025-02-01",
        kind=CustomerKind.PERSON,
        address=PostalAddress("Gasse 2", "8000", "Zürich", "CH"),
    )
    with transaction.atomic():
        touch_customer(firm.id, moved, day("2025-02-01"))
    assert run(firm, "2025-01-31") == []
