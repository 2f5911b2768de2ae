"""What must never change cannot be changed, whoever sends the SQL (JB-95, L-02, L-08; architecture §4.10)."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from tests.apps.guarded_rows import archived, came, designed, recorded, sent, traded
from tests.apps.kinds import corrected_and_objected, half_paid_job
from tests.apps.lifetime_rows import of_every_kind
from tests.apps.offered import offers
from tests.builders import (
    BY,
    METERED,
    Company,
    company,
    contract,
    customer,
    day,
    days,
    id_of,
    item,
    metering,
    only,
    pay,
    product,
    run,
    started,
    used,
)
from tests.conftest import SQLITE
from turnus.catalog.indices import put_index_value
from turnus.catalog.offer import put_exchange_rate, put_scheme
from turnus.checks.record import record_vat_check
from turnus.contracts.amend import change_grid, change_payer, change_terms, end_contract
from turnus.contracts.announce import announce_campaign
from turnus.contracts.clauses import agree_clause
from turnus.contracts.commission import agree_commission
from turnus.contracts.declare import NewDeclaration, declare
from turnus.contracts.discounts import grant_discount
from turnus.contracts.minimums import set_minimum
from turnus.contracts.models import Contract
from turnus.contracts.raises import plan_raise
from turnus.contracts.recipients import Place, add_recipient
from turnus.core.adjusting import Rule, RuleKind
from turnus.core.campaigns import Answer, Campaign, Clause, Field, When
from turnus.core.commission import CommissionRule
from turnus.core.contracts import Grid, NewDiscount, NewMinimum, NewRaise, Timing
from turnus.core.indices import IndexValue
from turnus.core.instalments import plan_of
from turnus.core.letters import AUDIENCES, Text
from turnus.core.paperwork import Paperwork
from turnus.core.parties import SupplierData, VatIdCheck
from turnus.core.periods import FAR_FUTURE, Cycle
from turnus.core.schemes import Scheme
from turnus.core.usage import Display
from turnus.core.validation import ValidationReport
from turnus.documents.validate import file_validation
from turnus.invoices.commission import take_bases
from turnus.invoices.correct import credit_invoice
from turnus.invoices.models import Invoice, NumberRange, NumberVoid
from turnus.parties.suppliers import agree_self_billing
from turnus.records.guards import MONEY as GUARDED_MONEY
from turnus.records.guards import guards
from turnus.stories.reprice import plan_prices

pytestmark = pytest.mark.database

ONLY_SQLITE = pytest.mark.skipif(not SQLITE, reason="PostgreSQL has column types and no OR REPLACE")
ONLY_POSTGRESQL = pytest.mark.skipif(SQLITE, reason="SQLite has neither TRUNCATE nor ON CONFLICT over triggers")

APPEND_ONLY = [
    "catalog_coupon",
    "catalog_coupontarget",
    "catalog_couponversion",
    "catalog_groupmember",
    "catalog_indexvalue",
    "catalog_plan",
    "catalog_price",
    "catalog_pricescheme",
    "catalog_exchangerate",
    "catalog_productversion",
    "catalog_specialterms",
    "catalog_variant",
    "catalog_variantdiscount",
    "catalog_variantitem",
    "catalog_variantversion",
    "checks_vatcheck",
    "contracts_amendment",
    "contracts_announcement",
    "contracts_campaignfilter",
    "contracts_campaignline",
    "contracts_campaigntext",
    "contracts_commissionrule",
    "contracts_contractdecision",
    "contracts_contractdiscount",
    "contracts_couponredemption",
    "contracts_contractminimum",
    "contracts_contractnotice",
    "contracts_contractpaperwork",
    "contracts_contractpause",
    "contracts_contractrenewal",
    "contracts_contractreplacement",
    "contracts_contractterms",
    "contracts_contractwarning",
    "contracts_item",
    "contracts_itemgrid",
    "contracts_itemterms",
    "contracts_marketmember",
    "contracts_marketplace",
    "contracts_markettrade",
    "contracts_payer",
    "contracts_plannedraise",
    "contracts_priceclause",
    "contracts_pricedeclaration",
    "contracts_recipient",
    "contracts_span",
    "contracts_usageevent",
    "documents_archiveanchor",
    "documents_archivedeletion",
    "documents_archiveentry",
    "documents_archivehold",
    "documents_archivestore",
    "documents_archiveholdlift",
    "documents_designuse",
    "documents_designversion",
    "documents_rendering",
    "documents_letter",
    "documents_validationrecord",
    "delivery_deliveryevent",
    "delivery_mailtext",
    "invoices_billableinvoice",
    "invoices_commissiontaken",
    "invoices_numbervoid",
    "ledger_allocation",
    "ledger_payment",
    "ledger_posting",
    "invoices_job",
    "invoices_jobline",
    "invoices_objection",
    "parties_customerversion",
    "payables_assessment",
    "payables_incoming",
    "payables_payabledecision",
    "payables_payableinvoice",
    "payables_payableline",
    "payables_payabletax",
    "parties_sellerversion",
    "parties_supplieragreement",
    "records_auditentry",
]
CHANGING = {"contracts_contract", "invoices_billable", "documents_storedfile"}
"""Tables of which some columns or rows may change."""
ISSUED = [f"invoices_invoice{part}" for part in ("", "line", "tax", "instalment", "usage", "deduction", "text")]


@pytest.fixture
def books() -> Company:
    """A company of which every guarded table has a row: one invoice paid and partly credited, facts of every kind."""
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "sms", "0.10", METERED)
    product(firm, "share", "1.00", METERED)
    in_parts = Paperwork(day("2000-01-01"), instalments=plan_of("3x/1m"))
    number = contract(firm, "V1", "2025-01-01", "abo", "sms", paperwork=in_parts)
    agree_self_billing(customer(firm), SupplierData(day("2025-01-01")), valid_from=day("2025-01-01"), by=BY)
    add_recipient(Place(firm.id, contract=number), "Büro", "post@k1.example", since=day("2025-01-01"), by=BY)
    used(firm, "V1", "sms", "2025-01-05", "10")
    invoice = only(run(firm, "2025-01-01"))
    contract(firm, "P1", "2025-01-01", "share")
    agree_commission(firm.id, "P1", "share", CommissionRule(0, day("2025-01-01"), FAR_FUTURE), by=BY)
    take_bases(firm.id, by=BY)
    pay(firm, invoice, "50.00", on="2025-01-10")
    credit_invoice(id_of(firm, invoice), amount=1_00, on=day("2025-01-11"), reason="Mangel", by=BY)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-02-01"), price=Decimal(90), by=BY)
    yearly = Grid(day("2025-03-01"), Cycle(12, 0), Cycle(12, 0), day("2025-03-01"), Timing.ADVANCE)
    change_grid(firm.id, "V1", "abo", grid=yearly, by=BY)
    change_payer(firm.id, "V1", customer=customer(firm, "K2"), valid_from=day("2025-04-01"), by=BY)
    treue = NewDiscount("Treue", Decimal(5), None, None, *days("2025-02-01", "2025-02-28"))
    grant_discount(firm.id, "V1", treue, by=BY)
    set_minimum(firm.id, "V1", NewMinimum(5_00, start=day("2025-06-01")), by=BY)
    campaign_of(firm)
    plan_raise(firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(3)), on=day("2025-01-01"), by=BY)
    end_contract(firm.id, "V1", end=day("2026-01-01"), by=BY)
    of_every_kind(firm)
    with transaction.atomic():
        put_index_value(IndexValue("VPI", day("2025-01-01"), Decimal(120), "x"), by=BY)
        record_vat_check(firm.id, VatIdCheck("ATU12345678", day("2025-01-01"), valid=True), by=BY)
        put_exchange_rate("USD", Decimal("1.0801"), valid_from=day("2025-01-01"), source="BMF", by=BY)
        put_scheme(firm.id, "staffel", Scheme(package=Decimal(10)), by=BY)
    offers(firm)
    file_validation(ValidationReport("ab" * 32, 1, BY.at, ()), invoice=id_of(firm, invoice), by=BY)
    archived()
    sent(firm)
    designed()
    came()
    recorded()
    traded()
    shown_usage()
    half_paid_job()
    corrected_and_objected()
    counter = NumberRange.objects.filter(code="RE").earliest("id")
    NumberVoid.objects.create(
        range=counter, value=99, number="RE-99", invoice_id=1, reason="Probe", actor_name="Erika", at=BY.at
    )
    return firm


def shown_usage() -> None:
    """Another company's invoice that shows usage."""
    firm = company("two")
    product(firm, "sms", "0.10", METERED)
    contract(firm, "V1", "2025-01-01", item("sms", metering=metering(display=Display.TABLE)))
    used(firm, "V1", "sms", "2025-01-05", "10")
    assert len(run(firm, "2025-02-01")) == 1


def campaign_of(firm: Company) -> None:
    """A price campaign with a filter and a text of its own, announced and consented to; and a clause."""
    agree_clause(firm.id, "V1", Clause(ground="§ 4"), by=BY)
    rule, kinds = Rule(RuleKind.PERCENT, Decimal(2)), ((Field.CONTRACT, "V1"),)
    wanted = Campaign("P1", rule, When.DAY, day("2025-12-01"), kinds, notice_days=0, text_version="own-1")
    texts = [Text("own-1", audience, "de", "{prices} {effective}") for audience in AUDIENCES]
    list(plan_prices(firm.id, wanted, texts=texts, on=day("2024-12-01"), by=BY))
    list(announce_campaign(firm.id, "P1", on=day("2024-12-01"), by=BY))
    said = NewDeclaration("P1", "V1", Answer.CONSENT, BY.at, day("2025-01-01"), "Portal")
    declare(firm.id, said, by=BY)


def execute(statement: str, *values: int) -> int:
    """Rows that a statement touched, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def refused(statement: str, *values: int) -> str:
    """The database's words for refusing a statement; empty where it took it."""
    try:
        execute(statement, *values)
    except IntegrityError as error:
        return str(error)
    return ""


def rows_of(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return sorted(cursor.fetchall(), key=str)


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of the guarded tables, each of which has some."""
    found = {table: rows_of(table) for table in [*APPEND_ONLY, *ISSUED]}
    assert [table for table, rows in found.items() if not rows] == []
    return found


@pytest.mark.usefixtures("books")
def test_no_column_of_a_guarded_row_is_updated_and_no_row_deleted() -> None:
    before = everything()
    for table in before:
        for column in columns_of(table):
            assert "turnus" in refused(f'UPDATE {table} SET "{column}" = "{column}"'), f"{table}.{column}"
        assert "turnus" in refused(f"DELETE FROM {table}"), table
    assert everything() == before


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_sqlite_replaces_no_guarded_row() -> None:
    before = everything()
    for table in before:
        assert "turnus" in refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"), table
    assert everything() == before


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_sqlite_replaces_no_guarded_row_under_another_id() -> None:
    before = everything()
    names = listed(name for name in columns_of("ledger_payment") if name != "id")
    assert refused(f"INSERT OR REPLACE INTO ledger_payment ({names}) SELECT {names} FROM ledger_payment")
    names = listed(name for name in columns_of("invoices_invoiceline") if name != "invoice_id")
    copy = f"SELECT 12345, {names} FROM invoices_invoiceline WHERE sign = 1"
    assert refused(f"INSERT OR REPLACE INTO invoices_invoiceline (invoice_id, {names}) {copy}")
    assert everything() == before


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_sqlite_replaces_no_issued_invoice_by_a_draft() -> None:
    before = everything()
    names = listed(n for n in columns_of("invoices_invoice") if n not in {"state", "number_value", "range_id"})
    copy = f"SELECT {names}, 'draft' FROM invoices_invoice"
    assert "turnus" in refused(f"INSERT OR REPLACE INTO invoices_invoice ({names}, state) {copy}")
    assert everything() == before


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_another_program_that_knows_no_recursive_triggers_replaces_nothing_either() -> None:
    before = everything()
    execute("PRAGMA recursive_triggers = OFF")
    try:
        for table in before:
            assert "turnus" in refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"), table
    finally:
        execute("PRAGMA recursive_triggers = ON")
    assert everything() == before


@ONLY_POSTGRESQL
@pytest.mark.usefixtures("books")
def test_postgresql_truncates_and_overwrites_nothing() -> None:
    before = everything()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    keys = dict(
        zip(
            ISSUED[1:],
            ["position", "category, rate", "number", 'position, "row"', "advance_id, category, rate", "printed"],
            strict=True,
        )
    )
    for table in before:
        assert "cannot be truncated" in refused(f"TRUNCATE {table} CASCADE"), table
        column = columns_of(table)[-1]
        conflict = f"(invoice_id, {keys[table]})" if table in keys else "(id)"
        overwriting = f'ON CONFLICT {conflict} DO UPDATE SET "{column}" = EXCLUDED."{column}"'
        assert "turnus" in refused(f"INSERT INTO {table} SELECT * FROM {table} {overwriting}"), table
    assert everything() == before


@pytest.mark.usefixtures("books")
def test_the_opening_row_of_a_contract_changes_only_where_billing_keeps_its_place() -> None:
    kept = {"id", "revision", "billed_revision", "due_on", "sealed_through"}
    for column in set(columns_of("contracts_contract")) - kept:
        assert "turnus" in refused(f'UPDATE contracts_contract SET "{column}" = "{column}"')
    assert "turnus" in refused("DELETE FROM contracts_contract")
    for column in kept - {"id"}:
        assert execute(f'UPDATE contracts_contract SET "{column}" = "{column}"') == Contract.objects.count()


# ---- from draft to issue ---------------------------------------------------------------------------------------------


def released() -> Invoice:
    """A released document that is not issued yet."""
    firm = company("other")
    product(firm, "abo", "100.00")
    in_parts = Paperwork(day("2000-01-01"), instalments=plan_of("3x/1m"))
    contract(firm, "V1", "2025-01-01", "abo", paperwork=in_parts)
    started(firm, "2025-01-01")
    return Invoice.objects.get(seller_id=firm.id, state="released")


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("state", ["released", "issued"])
def test_no_line_is_added_to_a_released_or_issued_document(state: str) -> None:
    number = released().id if state == "released" else Invoice.objects.filter(state=state).earliest("id").id
    fresh = {"position": "99", "rate": "77", "sequence": "99", "number": "99"}
    for table in ISSUED[1:-3]:
        before, names = rows_of(table), columns_of(table)
        values = ", ".join(fresh.get(name, f'"{name}"') for name in names)
        copy = f"SELECT {values} FROM {table} WHERE invoice_id = %s LIMIT 1"
        assert "never change" in refused(f"INSERT INTO {table} ({listed(names)}) {copy}", number)
        assert rows_of(table) == before


def test_a_released_document_may_be_issued_or_become_a_draft_again_and_nothing_else() -> None:
    row = released()
    for column in ("net", "gross", "customer_id", "issue_date", "ordinal", "applied", "digest"):
        value = {"issue_date": "'2030-01-01'", "digest": "'x'"}.get(column, '"customer_id" + 1')
        assert "only be issued" in refused(f"UPDATE invoices_invoice SET {column} = {value} WHERE id = %s", row.id)
    counter = NumberRange.objects.create(seller_id=row.seller_id, code="X", year=2025, last_issue_date=row.issue_date)
    issue = (
        "UPDATE invoices_invoice SET state = 'issued', range_id = %s, number_value = 1, number = 'X-1' WHERE id = %s"
    )
    changed = issue.replace("number_value", "net = net + 1, gross = gross + 1, number_value")
    assert "only be issued" in refused(changed, counter.id, row.id)
    assert execute(issue, counter.id, row.id) == 1
    assert "never changes" in refused(
        "UPDATE invoices_invoice SET state = 'draft', number_value = NULL WHERE id = %s", row.id
    )


def test_a_released_document_that_its_number_refused_becomes_a_draft_again() -> None:
    row = released()
    assert execute("UPDATE invoices_invoice SET state = 'draft', ordinal = NULL WHERE id = %s", row.id) == 1


def test_a_draft_is_released_before_it_is_issued_and_nothing_is_born_issued() -> None:
    row = released()
    execute("UPDATE invoices_invoice SET state = 'draft', ordinal = NULL WHERE id = %s", row.id)
    counter = NumberRange.objects.create(seller_id=row.seller_id, code="X", year=2025, last_issue_date=row.issue_date)
    issue = "UPDATE invoices_invoice SET state = 'issued', range_id = %s, number_value = 1 WHERE id = %s"
    assert "released before" in refused(issue, counter.id, row.id)
    own = {"id", "state", "range_id", "number_value"}
    names = listed(name for name in columns_of("invoices_invoice") if name not in own)
    born = f"INSERT INTO invoices_invoice ({names}, state, range_id, number_value) SELECT {names}, 'issued', %s, 2"
    assert "born issued" in refused(f"{born} FROM invoices_invoice", counter.id)


def test_a_released_document_is_not_deleted_and_its_lines_stay() -> None:
    row = released()
    for table, column in (("invoices_invoiceline", "invoice_id"), ("invoices_invoicetax", "invoice_id"),
                          ("invoices_invoice", "id")):  # fmt: skip
        assert "turnus" in refused(f"DELETE FROM {table} WHERE {column} = %s", row.id)


# ---- money is an integer ---------------------------------------------------------------------------------------------

MONEY = [
    ("ledger_posting", "amount"),
    ("ledger_allocation", "amount"),
    ("ledger_payment", "amount"),
    *(("payables_payableinvoice", name) for name in ("net", "tax", "gross", "due")),
    ("payables_payableline", "net"),
    *(("payables_payabletax", name) for name in ("base", "tax")),
    ("invoices_invoice", "net"),
    ("invoices_invoice", "tax"),
    ("invoices_invoice", "gross"),
    ("invoices_invoice", "applied"),
    ("invoices_invoice", "deducted"),
    ("invoices_invoicededuction", "base"),
    ("invoices_invoicededuction", "tax"),
    ("invoices_invoicededuction", "closed_base"),
    ("invoices_invoicededuction", "closed_tax"),
    ("invoices_invoiceline", "amount"),
    ("invoices_invoiceline", "value"),
    ("invoices_invoiceline", "net"),
    ("invoices_invoiceline", "allowance"),
    ("invoices_invoicetax", "base"),
    ("invoices_invoicetax", "tax"),
    ("invoices_invoiceinstalment", "amount"),
    ("contracts_campaignline", "old_amount"),
    ("contracts_campaignline", "new_amount"),
    ("catalog_couponversion", "amount"),
    ("delivery_priorturnover", "amount"),
    ("catalog_specialterms", "amount"),
    ("catalog_variantdiscount", "amount"),
    ("contracts_contractdecision", "amount"),
    ("contracts_markettrade", "net"),
    ("contracts_contractdiscount", "amount"),
    ("contracts_contractminimum", "amount"),
    ("contracts_usageevent", "quantity"),
    ("contracts_usageevent", "amount"),
    ("contracts_usageday", "quantity"),
    ("contracts_usageday", "amount"),
    ("contracts_usageday", "moment"),
    ("contracts_usageday", "weight"),
]


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_sqlite_takes_integers_only_as_money() -> None:
    for table, column in MONEY:
        before, names = rows_of(table), [name for name in columns_of(table) if name != "id"]
        fresh = {"invoice_id": "4711", "state": "'draft'", "number_value": "NULL", "range_id": "NULL", "key": "'new'",
                 "day": "'2030-01-01'", "sequence": "99", "item_id": "4711", "number": "99", "incoming_id": "4711",
                 "year": "2030"}  # fmt: skip
        for value in ("1.5", "'1.5'", "'zehn'", "x'31'"):
            values = ", ".join((fresh | {column: value}).get(name, f'"{name}"') for name in names)
            assert refused(f"INSERT INTO {table} ({listed(names)}) SELECT {values} FROM {table}"), f"{table}.{column}"
        assert rows_of(table) == before
        values = ", ".join(fresh.get(name, f'"{name}"') for name in names)
        one = f"INSERT INTO {table} ({listed(names)}) SELECT {values} FROM {table} LIMIT 1"
        with transaction.atomic():
            assert execute(one) == 1, "the value was to blame, nothing else"
            transaction.set_rollback(True)


@ONLY_SQLITE
@pytest.mark.usefixtures("books")
def test_sqlite_takes_integers_only_where_usage_is_summed_up() -> None:
    for column in ("quantity", "amount", "moment", "weight"):
        assert "integer" in refused(f"UPDATE contracts_usageday SET {column} = 1.5")


def test_every_guarded_table_is_named_here() -> None:
    named = {guard.table for guard in guards()} - {table for table, _column in MONEY} - CHANGING
    assert named | {table for table, _column in MONEY} >= {*APPEND_ONLY, *ISSUED}
    assert named <= {*APPEND_ONLY, *ISSUED}
    assert {(table, column) for table, columns in GUARDED_MONEY.items() for column in columns} == set(MONEY)
