"""Importing files: whole or not at all, every row accounted for, twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import BY, Company, company
from turnus.contracts.lookup import contract_id
from turnus.contracts.queries import contract_detail, contract_lines
from turnus.core.intake.cells import Reading
from turnus.core.intake.columns import FileError, RowError
from turnus.integration.load import Target, import_file
from turnus.integration.reports import ImportReport, Kind, Refusal
from turnus.parties.queries import customer_data, customer_id, customers
from turnus.records.models import AuditEntry, InboxFile

pytestmark = pytest.mark.database

ON = date(2026, 11, 22)
CUSTOMERS = "Kundennummer;Name;Art;PLZ;Ort;Land;Mutter;USt-IdNr;USt-IdNr geprüft am;USt-IdNr gültig\n"
GOOD = "K{n};Kunde {n};Firma;01067;Dresden;DE;;;;\n"
PRODUCTS = """Artikelnummer;Bezeichnung;Preismodell;Preis;Gültig ab
LIC;Lizenz;je Einheit;10,00;01.01.2020
GB;Speicher;Verbrauch;0,50;01.01.2020
"""
CONTRACTS = """Vertrag;Kunde;Beginn;Ende;Artikelnummer;Menge;Preis;Änderung ab
V1;K1;01.01.2026;;LIC;3;;
V1;;;;GB;;;
V2;K2;01.01.2026;31.12.2026;LIC;1;;
V2;;;;LIC;;12,00;01.07.2026
"""
USAGE = "Vertrag;Position;Schlüssel;Tag;Menge\n"


@pytest.fixture
def seller() -> Company:
    return company()


class Desk:
    """Imports texts as files for one seller."""

    def __init__(self, seller: Company, folder: Path) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.target = Target(seller.id, Reading(ZoneInfo("Europe/Berlin")), ON, self.inbox)

    def take(self, kind: Kind, text: str, *, dry_run: bool = False, skip_errors: bool = False) -> ImportReport:
        path = self.folder / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        report = import_file(kind, path, self.target, dry_run=dry_run, skip_errors=skip_errors, by=BY)
        parts = (report.created, report.changed, report.unchanged, report.errors, report.blank)
        assert report.rows == sum(parts) == text.count("\n") - 1, "every row is accounted for"
        return report

    def set_up(self) -> None:
        self.take(Kind.CUSTOMERS, CUSTOMERS + "".join(GOOD.format(n=n) for n in (1, 2)))
        self.take(Kind.PRODUCTS, PRODUCTS)


@pytest.fixture
def desk(seller: Company, tmp_path: Path) -> Desk:
    return Desk(seller, tmp_path)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.errors, report.blank


def codes(problems: Sequence[RowError | Refusal]) -> list[tuple[int, str]]:
    return [(p.row, p.code if isinstance(p, Refusal) else p.error.code) for p in problems]


def test_the_second_import_of_every_kind_changes_nothing(desk: Desk) -> None:
    usage = USAGE + "V1;GB;a;05.01.2026;2,5\nV1;GB;b;06.01.2026;1\n"
    files = {
        Kind.CUSTOMERS: CUSTOMERS + "".join(GOOD.format(n=n) for n in (1, 2)),
        Kind.PRODUCTS: PRODUCTS,
        Kind.CONTRACTS: CONTRACTS,
        Kind.USAGE: usage,
    }
    for kind, text in files.items():
        assert counts(desk.take(kind, text)) == (text.count("\n") - 1, 0, 0, 0, 0)
    entries = AuditEntry.objects.exclude(action__endswith=".import").count()
    for kind, text in files.items():
        assert counts(desk.take(kind, text)) == (0, 0, text.count("\n") - 1, 0, 0)
    assert AuditEntry.objects.exclude(action__endswith=".import").count() == entries


def test_a_row_with_an_error_in_the_middle_saves_nothing(desk: Desk, seller: Company) -> None:
    text = CUSTOMERS + GOOD.format(n=1) + "K2;;Firma;1067;Dresden;DE;;;;\n" + "\n" + GOOD.format(n=3)
    report = desk.take(Kind.CUSTOMERS, text)
    assert (report.saved, report.errors, report.blank) == (False, 1, 1)
    assert {row for row, _code in codes(report.problems)} == {3}
    assert customers(seller.id, on=ON)[1] == 0
    assert not AuditEntry.objects.filter(action="customers.import").exists()


def test_skipping_errors_saves_the_good_rows_and_lists_the_rest(desk: Desk, seller: Company) -> None:
    text = CUSTOMERS + GOOD.format(n=1) + "K2;;Firma;01067;Dresden;DE;;;;\n" + GOOD.format(n=3)
    report = desk.take(Kind.CUSTOMERS, text, skip_errors=True)
    assert (report.saved, counts(report)) == (True, (2, 0, 0, 1, 0))
    assert codes(report.problems) == [(3, "required")]
    assert [row.number for row in customers(seller.id, on=ON)[0]] == ["K1", "K3"]


def test_a_dry_run_reports_the_same_and_saves_nothing(desk: Desk, seller: Company) -> None:
    report = desk.take(Kind.CUSTOMERS, CUSTOMERS + GOOD.format(n=1), dry_run=True)
    assert (report.saved, counts(report)) == (False, (1, 0, 0, 0, 0))
    assert customers(seller.id, on=ON)[1] == 0
    assert not InboxFile.objects.exists()
    assert not desk.inbox.exists()


def test_the_raw_file_is_kept_under_its_hash_even_if_it_is_refused(desk: Desk) -> None:
    desk.take(Kind.CUSTOMERS, CUSTOMERS + "K1;;;;;;;;;\n")
    desk.take(Kind.CUSTOMERS, CUSTOMERS + "K1;;;;;;;;;\n")
    [row] = InboxFile.objects.all()
    assert (desk.inbox / row.path).read_bytes() == (desk.folder / "customers.csv").read_bytes()
    assert row.path == row.sha256


def test_a_file_that_breaks_off_is_refused_whole(desk: Desk, seller: Company) -> None:
    path = desk.folder / "cut.csv"
    path.write_text(CUSTOMERS + GOOD.format(n=1) + "K2;Kunde 2;Fir", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        import_file(Kind.CUSTOMERS, path, desk.target, by=BY)
    assert caught.value.code == "truncated"
    assert customers(seller.id, on=ON)[1] == 0


def test_a_missing_file_is_refused_before_anything_is_stored(desk: Desk) -> None:
    with pytest.raises(FileError) as caught:
        import_file(Kind.CUSTOMERS, desk.folder / "nothing.csv", desk.target, by=BY)
    assert caught.value.code == "missing"
    assert not desk.inbox.exists()


def test_a_parent_may_stand_further_down(desk: Desk, seller: Company) -> None:
    rows = "K1;Tochter;Firma;01067;Dresden;DE;K2;;;\nK2;Mutter;Firma;01067;Dresden;DE;K3;;;\n" + GOOD.format(n=3)
    assert counts(desk.take(Kind.CUSTOMERS, CUSTOMERS + rows)) == (3, 0, 0, 0, 0)
    assert customer_data(customer_id(seller.id, "K1"), on=ON).parent == "K2"
    report = desk.take(Kind.CUSTOMERS, CUSTOMERS + "K4;Waise;Firma;01067;Dresden;DE;K9;;;\n")
    assert codes(report.problems) == [(2, "unknown_parent")]


def test_a_changed_customer_has_its_contracts_looked_at_again(desk: Desk, seller: Company) -> None:
    desk.set_up()
    desk.take(Kind.CONTRACTS, CONTRACTS)
    before = {line.number: line.changed for line in contract_lines(seller.id)[0]}
    assert before == {"V1": True, "V2": True}
    report = desk.take(Kind.CUSTOMERS, CUSTOMERS + "K1;Kunde 1;Firma;01067;Meißen;DE;;;;\n")
    assert counts(report) == (0, 1, 0, 0, 0)
    assert customer_data(customer_id(seller.id, "K1"), on=ON).address.city == "Meißen"


def test_evidence_of_a_vat_id_check_is_a_change_and_is_kept_once(desk: Desk) -> None:
    row = "K1;Wien GmbH;Firma;1010;Wien;AT;;ATU12345678;{day};{valid}\n"
    assert desk.take(Kind.CUSTOMERS, CUSTOMERS + row.format(day="", valid="")).created == 1
    assert desk.take(Kind.CUSTOMERS, CUSTOMERS + row.format(day="01.11.2026", valid="ja")).changed == 1
    assert desk.take(Kind.CUSTOMERS, CUSTOMERS + row.format(day="01.11.2026", valid="ja")).unchanged == 1


def test_a_price_is_followed_never_changed(desk: Desk) -> None:
    desk.take(Kind.PRODUCTS, PRODUCTS)
    report = desk.take(Kind.PRODUCTS, PRODUCTS.replace("10,00", "11,00"))
    assert codes(report.problems) == [(2, "price_changed")]
    assert not report.saved
    followed = PRODUCTS + "LIC;Lizenz;je Einheit;11,00;01.01.2027\n"
    assert counts(desk.take(Kind.PRODUCTS, followed)) == (1, 0, 2, 0, 0)


def test_contracts_learn_their_end_and_changes(desk: Desk, seller: Company) -> None:
    desk.set_up()
    report = desk.take(Kind.CONTRACTS, CONTRACTS)
    assert (counts(report), report.values["created"]) == ((4, 0, 0, 0, 0), 2)
    ended = CONTRACTS.replace("V1;K1;01.01.2026;;", "V1;K1;01.01.2026;30.06.2026;")
    assert counts(desk.take(Kind.CONTRACTS, ended)) == (0, 2, 2, 0, 0)
    assert contract_detail(contract_id(seller.id, "V1"), on=ON).line.end == date(2026, 7, 1)
    assert counts(desk.take(Kind.CONTRACTS, CONTRACTS)) == (0, 0, 4, 0, 0), "a blank end revokes nothing"
    changed = CONTRACTS.replace("12,00;01.07.2026", "13,00;01.08.2026")
    assert counts(desk.take(Kind.CONTRACTS, changed)) == (0, 2, 2, 0, 0)
    [item] = contract_detail(contract_id(seller.id, "V2"), on=date(2026, 8, 1)).items
    assert item.price == 13


HEAD = (
    "Vertrag;Kunde;Beginn;Turnus;Abrechnungsturnus;Fälligkeit;Testtage;Zahlungsziel;Artikelnummer;Menge;Preis;"
    "Rabatt %\n"
)


@pytest.mark.parametrize(
    "other",
    [
        "V1;K2;01.01.2026;monatlich;jährlich;im Voraus;;30;LIC;3;9,00;10",
        "V1;K1;02.01.2026;monatlich;jährlich;im Voraus;;30;LIC;3;9,00;10",
        "V1;K1;01.01.2026;jährlich;jährlich;im Voraus;;30;LIC;3;9,00;10",
        "V1;K1;01.01.2026;monatlich;monatlich;im Voraus;;30;LIC;3;9,00;10",
        "V1;K1;01.01.2026;monatlich;jährlich;nachträglich;;30;LIC;3;9,00;10",
        "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;14;30;LIC;3;9,00;10",
        "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;;14;LIC;3;9,00;10",
        "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;;30;LIC;4;9,00;10",
        "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;;30;LIC;3;9,50;10",
        "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;;30;LIC;3;9,00;15",
    ],
)
def test_a_contract_with_other_terms_is_an_error_not_a_silent_change(desk: Desk, other: str) -> None:
    desk.set_up()
    first = HEAD + "V1;K1;01.01.2026;monatlich;jährlich;im Voraus;;30;LIC;3;9,00;10\n"
    assert desk.take(Kind.CONTRACTS, first).created == 1
    assert desk.take(Kind.CONTRACTS, first).unchanged == 1
    report = desk.take(Kind.CONTRACTS, HEAD + other + "\n")
    assert (codes(report.problems), report.saved) == ([(2, "contract_differs")], False)


def test_all_rows_of_a_refused_contract_are_accounted_for(desk: Desk) -> None:
    desk.set_up()
    desk.take(Kind.CONTRACTS, CONTRACTS)
    report = desk.take(Kind.CONTRACTS, CONTRACTS.replace("V1;K1;01.01.2026;;LIC;3", "V1;K1;01.01.2026;;LIC;4"))
    assert codes(report.problems) == [(2, "contract_differs")]
    assert (report.saved, report.errors) == (False, 2)


def test_unknown_customers_and_products_are_errors_of_their_row(desk: Desk) -> None:
    desk.set_up()
    text = CONTRACTS + "V3;K9;01.01.2026;;LIC;1;;\nV4;K1;01.01.2026;;NIX;1;;\n"
    report = desk.take(Kind.CONTRACTS, text)
    assert codes(report.problems) == [(6, "unknown_customer"), (7, "unknown_product")]
    assert counts(desk.take(Kind.CONTRACTS, text, skip_errors=True)) == (4, 0, 0, 2, 0)


def test_usage_counts_each_key_once_and_contradictions_are_errors(desk: Desk) -> None:
    desk.set_up()
    desk.take(Kind.CONTRACTS, CONTRACTS)
    first = USAGE + "V1;GB;a;05.01.2026;2\n"
    assert desk.take(Kind.USAGE, first).created == 1
    second = first + "V1;GB;b;05.01.2026;3\nV1;GB;c;05.01.2026;0,0000001\nV1;LIC;d;05.01.2026;1\nV9;GB;e;05.01.2026;1\n"
    report = desk.take(Kind.USAGE, second, skip_errors=True)
    assert counts(report) == (1, 0, 1, 3, 0)
    assert codes(report.problems) == [(4, "too_many_decimals"), (5, "not_metered"), (6, "unknown_meter")]
    report = desk.take(Kind.USAGE, USAGE + "V1;GB;a;05.01.2026;5\n")
    assert codes(report.problems) == [(2, "usage_contradicts")]


TERMS = """Vertrag;Kunde;Beginn;Artikelnummer;Mindestlaufzeit;Verlängerung;Kündigungsfrist
V1;K1;01.01.2026;LIC;12 Monate;12 Monate;3 Monate
V2;P1;01.01.2026;LIC;36 Monate;12 Monate;3 Monate
"""


def test_terms_that_a_consumer_may_not_agree_are_refused_with_every_fault_in_its_row(desk: Desk) -> None:
    desk.set_up()
    desk.take(Kind.CUSTOMERS, CUSTOMERS + "P1;Petra;Privat;01067;Dresden;DE;;;;\n")
    report = desk.take(Kind.CONTRACTS, TERMS)
    assert codes(report.problems) == [
        (3, "consumer_initial_term"), (3, "consumer_renewal"), (3, "consumer_notice"),
    ]  # fmt: skip
    assert desk.take(Kind.CONTRACTS, TERMS, skip_errors=True).created == 1


def test_terms_again_change_nothing_other_terms_are_another_contract_and_none_say_nothing(desk: Desk) -> None:
    desk.set_up()
    row = "V1;K1;01.01.2026;LIC;12 Monate;12 Monate;3 Monate\n"
    head = TERMS.partition("\n")[0] + "\n"
    assert counts(desk.take(Kind.CONTRACTS, head + row)) == (1, 0, 0, 0, 0)
    assert counts(desk.take(Kind.CONTRACTS, head + row)) == (0, 0, 1, 0, 0)
    assert codes(desk.take(Kind.CONTRACTS, head + row.replace("3 Monate", "1 Monat")).problems) == [
        (2, "contract_differs")
    ]
    plain = "Vertrag;Kunde;Beginn;Artikelnummer\nV1;K1;01.01.2026;LIC\n"
    assert counts(desk.take(Kind.CONTRACTS, plain)) == (0, 0, 1, 0, 0)
