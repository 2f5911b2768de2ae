"""``turnus invoice pdf``, ``xml``, ``validate``: files by the customer's profile; what lacks holds before a number."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.interfaces.cli.conftest import Desk

pytestmark = pytest.mark.database

SELLER = """code = "main"
name = "Lindenhof Software GmbH"
email = "rechnung@lindenhof.example"
phone = "+49 341 5550120"
contact_name = "Jörg Weißmüller"
vat_id = "DE123456789"
iban = "DE02120300000000202051"
creditor_id = "DE98ZZZ09999999999"
[address]
street = "Karl-Liebknecht-Straße 8"
postcode = "04107"
city = "Leipzig"
country = "DE"
"""
CUSTOMERS = """number;name;kind;street;postcode;city;email;leitweg_id;einvoice_profile;cash_discount_days;\
cash_discount_percent;mandate;mandate_iban
K1;Stadt Dresden;Firma;Ring 19;01067;Dresden;e@stadt.example;991-01234-38;xrechnung;7;2 %;;
K2;Möbel GmbH;Firma;Ring 1;04109;Leipzig;r@moebel.example;;facturx-en16931;;;M-7;DE89 3704 0044 0532 0130 00
K3;Ohne Adresse AG;Firma;Ring 2;04109;Leipzig;;;peppol;;;;
"""
PRODUCTS = "code;name;model;price;valid_from\nabo;Turnus;recurring_flat;1000,00;01.01.2026\n"
CONTRACTS = "contract;customer;start;product\nV1;K1;01.11.2026;abo\nV2;K2;01.11.2026;abo\nV3;K3;01.11.2026;abo\n"


@pytest.fixture
def billed(desk: Desk, tmp_path: Path) -> Desk:
    (tmp_path / "seller.toml").write_text(SELLER, encoding="utf-8")
    desk("init", "--from", str(tmp_path / "seller.toml"))
    for kind, text in (("customers", CUSTOMERS), ("products", PRODUCTS), ("contracts", CONTRACTS)):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        desk("import", kind, str(tmp_path / f"{kind}.csv"))
    done = desk("run", "issue", "--through", "30.11.2026", "--on", "22.11.2026", code=1)
    assert "Elektronische Adresse des Käufers (PEPPOL-EN16931-R010)" in " ".join(done.out.split())
    return desk


def test_each_customer_gets_the_files_of_its_profile_and_all_are_valid(billed: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert billed("invoice", "validate", code=0).out.strip() == "Alle E-Rechnungen sind geprüft und gültig."
    assert billed("work", "--on", "22.11.2026", "--json").json["rendered"] == 2
    for number in ("RE-2026-000001", "RE-2026-000002"):
        assert "gültig" in billed("invoice", "validate", number).out
    billed("invoice", "pdf", "RE-2026-000001", "RE-2026-000002", "--to", str(folder))
    with pikepdf.open(folder / "Rechnung_RE-2026-000002.pdf") as pdf:
        assert list(pdf.attachments) == ["factur-x.xml"]
        inside = pdf.attachments["factur-x.xml"].get_file().read_bytes()
    with pikepdf.open(folder / "Rechnung_RE-2026-000001.pdf") as pdf:
        assert not list(pdf.attachments)

    billed("invoice", "xml", "RE-2026-000002", "--to", str(folder / "inside.xml"))
    assert (folder / "inside.xml").read_bytes() == inside
    [path] = billed("invoice", "xml", "RE-2026-000001", "--to", str(folder), "--json").json["files"]
    cii = Path(path).read_text(encoding="utf-8")
    assert "#SKONTO#TAGE=7#PROZENT=2.00#" in cii
    billed("invoice", "xml", "RE-2026-000001", "--syntax", "ubl", "--to", str(folder / "ubl.xml"))
    assert "<Invoice" in (folder / "ubl.xml").read_text(encoding="utf-8")
    assert "cii oder ubl" in billed("invoice", "xml", "RE-2026-000001", "--syntax", "edifact", code=2).err


def test_what_is_not_judged_yet_is_listed_and_the_doctor_says_so(billed: Desk) -> None:
    billed("invoice", "xml", "RE-2026-000001", "--to", str(billed.home))
    assert "RE-2026-000001  noch nicht geprüft" in billed("invoice", "validate", code=1).out
    assert billed("invoice", "validate", "--json", code=1).json == [
        {"number": "RE-2026-000001", "verdict": "not_judged"}
    ]
    found = {
        row["name"]: row["details"] for row in billed("doctor", "--json", code=1).json["findings"] if not row["ok"]
    }
    assert found == {"einvoices": ["RE-2026-000001: not_judged"]}
    assert "xrechnung (cii, pdf), noch nicht geprüft" in billed("invoice", "show", "RE-2026-000001").out
    [report] = billed("invoice", "validate", "RE-2026-000001", "--json").json
    shown = billed("invoice", "show", "RE-2026-000001", "--json").json
    assert shown["einvoice"] == {"profile": "xrechnung", "files": ["cii", "pdf"], "unfit": None}
    assert (report["file"], report["verdict"], report["syntax"]) == ("RE-2026-000001", "valid", "cii")
    assert billed("doctor", "--json").json["ok"]
