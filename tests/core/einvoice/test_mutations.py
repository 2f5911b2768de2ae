"""One term of a right invoice is changed: exactly the expected rules find it, at the expected place."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.adapters.einvoice.samples import FULL
from turnus.core.einvoice.checks import check, errors
from turnus.core.einvoice.findings import Finding, say
from turnus.core.einvoice.model import (
    Address,
    Adjustment,
    Card,
    Days,
    Delivery,
    Identifier,
    Invoice,
    Means,
    Note,
    Order,
    Payee,
    Payment,
    TaxRepresentative,
    TaxRow,
    Terms,
)
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.words.einvoice import PLACES, TERMS, TEXTS

XRECHNUNG, PEPPOL, EN = PROFILES["xrechnung"], PROFILES["peppol"], PROFILES["en16931"]
D = Decimal


def put(value: Any, path: str, new: object) -> Any:  # noqa: ANN401
    """The value with what stands at ``path`` replaced: ``lines[0].price.net``."""
    if not path:
        return new
    match = re.match(r"(\w+)(?:\[(\d+)\])?\.?", path)
    assert match
    name, index, rest = match[1], match[2], path[match.end() :]
    inner = getattr(value, name)
    if index is not None:
        place = int(index)
        changed = (*inner[:place], put(inner[place], rest, new), *inner[place + 1 :])
    else:
        changed = put(inner, rest, new)
    return value._replace(**{name: changed}) if hasattr(value, "_replace") else replace(value, **{name: changed})


LINE = FULL.lines[0]
CARD, DEBIT = Means("48", card=Card("1234")), Means("59", debited="DE89370400440532013000")
MUTATIONS: list[tuple[str, object, str]] = [
    ("number", "", "BR-02"),
    ("issue_date", date(1, 1, 1), "BR-03"),
    ("code", "", "BR-04 BR-DE-17"),
    ("code", "999", "BR-CL-01 BR-DE-17"),
    ("code", "386", "BR-DE-17"),
    ("currency", "", "BR-05"),
    ("currency", "XYZ", "BR-CL-04"),
    ("tax_currency", "USD", "BR-53"),
    ("tax_currency", "EUR", "BR-53 PEPPOL-EN16931-R005"),
    ("tax_point_code", "5", "BR-CL-06"),
    ("specification", "urn:cen.eu:en16931:2017", "T-PROFILE"),
    ("process", "", "PEPPOL-EN16931-R001"),
    ("process", "billing", "PEPPOL-EN16931-R007"),
    ("notes", (Note("x", "ZZ1"),), "BR-CL-08"),
    ("period", Days(date(2026, 12, 1), date(2026, 11, 1)), "BR-29 PEPPOL-EN16931-R110 PEPPOL-EN16931-R111"),
    ("period", Days(None, None), "BR-CO-19"),
    ("period", Days(date(2026, 11, 2), date(2026, 11, 30)), "PEPPOL-EN16931-R110"),
    ("period", Days(date(2026, 11, 1), date(2026, 11, 29)), "PEPPOL-EN16931-R111"),
    ("terms", (), "BR-CO-25"),
    ("terms", (Terms("a"), Terms("b")), "T-ONCE"),
    ("terms", (Terms("#SKONTO#TAGE=14#PROZENT=2.00#\n"),), ""),
    ("terms", (Terms("#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=118.96#\n"),), ""),
    ("terms", (Terms("#SKONTO#TAGE=14#PROZENT=2.00#"),), "BR-DE-18"),
    ("terms", (Terms("#SKONTO#TAGE=14#PROZENT=2#\n"),), "BR-DE-18"),
    ("terms", (Terms("#SKONTO#TAGE=14#PROZENT=2,00#\n"),), "BR-DE-18"),
    ("orders", (Order("1"), Order("2")), "T-ONCE"),
    ("contracts", ("1", "2"), "T-ONCE"),
    ("buyer_reference", "", "BR-DE-15"),
    ("buyer_reference", "991-01234-83", "T-LEITWEG"),
    ("buyer_reference", "PO 2026-11-22", ""),
    ("seller.name", "", "BR-06"),
    ("seller.address", Address(), "BR-08 BR-DE-3 BR-DE-4"),
    ("seller.address.country", "", "BR-09"),
    ("seller.address.country", "GE ", "BR-CL-14"),
    ("seller.address.city", "", "BR-DE-3"),
    ("seller.address.postcode", "", "BR-DE-4"),
    ("seller.vat_id", "", "BR-CO-26"),
    ("seller.vat_id", "136695976", "BR-CO-09"),
    ("seller.endpoint", None, "PEPPOL-EN16931-R020"),
    ("seller.endpoint.scheme", "", "BR-62"),
    ("seller.endpoint.scheme", "XX", "BR-CL-25"),
    ("seller.identifiers", (Identifier("1", "9999"),), "BR-CL-10"),
    ("seller.registration", Identifier("1", "9999"), "BR-CL-11"),
    ("seller.contact", None, "BR-DE-2"),
    ("seller.contact.name", "", "BR-DE-5"),
    ("seller.contact.phone", "", "BR-DE-6"),
    ("seller.contact.phone", "12", "BR-DE-27"),
    ("seller.contact.email", "", "BR-DE-7"),
    ("seller.contact.email", "rechnung(at)lindenhof", "BR-DE-28"),
    ("buyer.name", "", "BR-07"),
    ("buyer.address", Address(), "BR-10 BR-DE-8 BR-DE-9"),
    ("buyer.address.country", "", "BR-11"),
    ("buyer.address.city", "", "BR-DE-8"),
    ("buyer.address.postcode", "", "BR-DE-9"),
    ("buyer.endpoint", None, "PEPPOL-EN16931-R010"),
    ("buyer.endpoint.scheme", "", "BR-63"),
    ("buyer.endpoint.value", "991-01234-83", "T-LEITWEG"),
    ("buyer.identifiers", (Identifier("1"), Identifier("2")), "T-ONCE"),
    ("buyer.vat_id", "1", "BR-CO-09"),
    ("payee", Payee(""), "BR-17"),
    ("representative", TaxRepresentative("", "", Address()), "BR-18 BR-20 BR-56"),
    ("deliveries", (Delivery(address=Address(city="a", postcode="b")),), "BR-57"),
    ("deliveries", (Delivery(address=Address(country="DE")),), "BR-DE-10 BR-DE-11"),
    ("deliveries", (Delivery(location=Identifier("1", "9999")),), "BR-CL-26"),
    ("preceding[0].number", "", "BR-55"),
    ("attachments[0].reference", "", "BR-52"),
    ("attachments[0].mime", "text/xml", "BR-CL-24"),
    ("attachments[0].filename", "", "T-FILE"),
    ("attachments", (FULL.attachments[0],) * 2, "BR-DE-22"),
    ("payment", Payment(), "BR-DE-1"),
    ("payment.means[0].code", "", "BR-49"),
    ("payment.means[0].code", "99", "BR-CL-16"),
    ("payment.means[0].transfer", None, "BR-61"),
    ("payment.means[0].transfer.account", "", "BR-61"),
    ("payment.means[0].transfer.account", "DE88370400440532013000", "BR-DE-19"),
    ("payment.means[0].card", Card("1234"), "BR-DE-23-b"),
    ("payment.mandate", "M-1", "BR-DE-23-b"),
    ("payment.means", (CARD,), ""),
    ("payment.means", (Means("48"),), "BR-DE-24-a"),
    ("payment.means", (replace(CARD, debited="DE89370400440532013000"),), "BR-DE-24-b"),
    ("payment", Payment((DEBIT,), "", "M-1", "DE98ZZZ09999999999"), ""),
    ("payment", Payment((DEBIT,), "", "", "DE98ZZZ09999999999"), "PEPPOL-EN16931-R061"),
    ("payment", Payment((DEBIT,), "", "M-1"), "BR-DE-30"),
    ("payment", Payment((Means("59"),), "", "M-1", "DE98ZZZ09999999999"), "BR-DE-31"),
    ("payment", Payment((Means("59"),)), "BR-DE-25-a PEPPOL-EN16931-R061"),
    ("payment", Payment((replace(DEBIT, debited="DE1"),), "", "M-1", "X"), "BR-DE-20"),
    ("totals.lines", D("100.01"), "BR-CO-10 BR-CO-13"),
    ("totals.allowances", D("0.04"), "BR-CO-11 BR-CO-13"),
    ("totals.charges", D("0.01"), "BR-CO-12 BR-CO-13"),
    ("totals.net", D("99.98"), "BR-CO-13 BR-CO-15"),
    ("totals.tax", D("19.00"), "BR-CO-14 BR-CO-15"),
    ("totals.gross", D("118.97"), "BR-CO-15 BR-CO-16"),
    ("totals.prepaid", D("18.97"), "BR-CO-16"),
    ("totals.rounding", D("0.01"), "BR-CO-16"),
    ("totals.due", D("100.01"), "BR-CO-16"),
    ("taxes", (), "BR-CO-14 BR-CO-18"),
    ("taxes[0].base", D("99.96"), "BR-S-08"),
    ("taxes[0].tax", D("19.50"), "BR-CO-14 BR-CO-17"),
    ("taxes[0].rate", None, "BR-48 BR-S-08"),
    ("taxes[0].rate", D(7), "BR-CO-17 BR-S-08"),
    ("taxes[0].reason", "frei", "BR-S-10"),
    ("taxes[0].category", "Q", "BR-CL-17 BR-S-01"),
    ("taxes", (*FULL.taxes, TaxRow(D(0), D(0), "O", None, "x")), "BR-O-11 BR-DE-14"),
    ("lines", (), "BR-16 BR-CO-10 BR-S-08"),
    ("lines[0].number", "", "BR-21"),
    ("lines[0].unit", "", "BR-23"),
    ("lines[0].unit", "Stk", "BR-CL-23"),
    ("lines[0].quantity", D(2), "PEPPOL-EN16931-R120"),
    ("lines[0].net", D("100.01"), "PEPPOL-EN16931-R120 BR-CO-10 BR-S-08"),
    ("lines[0].price.net", D("110.01"), "PEPPOL-EN16931-R120"),
    ("lines[0].price.quantity", D(0), "PEPPOL-EN16931-R121"),
    ("lines[0].price.quantity", D(10), "PEPPOL-EN16931-R120"),
    ("lines[0].price.unit", "HUR", "PEPPOL-EN16931-R130"),
    ("lines[0].price.gross", D("111.00"), "PEPPOL-EN16931-R046"),
    ("lines[0].price.gross", D("-110.00"), "BR-28 PEPPOL-EN16931-R046"),
    ("lines[0].category", "", "BR-CO-04 BR-S-08"),
    ("lines[0].rate", None, "BR-S-05 BR-S-08"),
    ("lines[0].rate", D(0), "BR-S-05 BR-S-08"),
    ("lines[0].rate", D(7), "BR-S-08"),
    ("lines[0].period", Days(date(2026, 11, 30), date(2026, 11, 1)), "BR-30"),
    ("lines[0].period", Days(None, None), "BR-CO-20"),
    ("lines[0].item.name", "", "BR-25"),
    ("lines[0].item.standard_id", Identifier("1"), "BR-64"),
    ("lines[0].item.classes", (Identifier("1"),), "BR-65"),
    ("lines[0].item.classes", (Identifier("1", "??"),), "BR-CL-13"),
    ("lines[0].item.origin", "D", "BR-CL-14"),
    ("lines[0].item.attributes", (("Vertrag", ""),), "BR-54"),
    ("lines[0].adjustments[0].reason", "", ""),
    ("lines[0].adjustments[0].code", "4711", "BR-CL-19"),
    ("lines[0].adjustments[0].amount", D("10.01"), "PEPPOL-EN16931-R120"),
    ("lines[0].adjustments[0].base", D("100.00"), "PEPPOL-EN16931-R042"),
    ("lines[0].adjustments[0].percent", D(10), "PEPPOL-EN16931-R041"),
    ("adjustments[0].reason", "", "BR-33"),
    ("adjustments[0].category", "", "BR-32 BR-S-08"),
    ("adjustments[0].rate", None, "BR-S-06 BR-S-08"),
    ("adjustments[0].amount", D("0.031"), "BR-DEC-01 BR-CO-11 BR-S-08"),
    ("lines[0].adjustments", (Adjustment(charge=True, amount=D("-10.00")),), "BR-44"),
]


@pytest.mark.parametrize(("path", "new", "rules"), MUTATIONS, ids=[f"{row[0]}={row[1]}"[:60] for row in MUTATIONS])
def test_a_changed_term_gives_exactly_its_findings(path: str, new: object, rules: str) -> None:
    found = check(put(FULL, path, new), XRECHNUNG, net_prices=True)
    assert sorted({finding.rule for finding in found}) == sorted(rules.split())


def test_the_sample_is_right_in_every_profile() -> None:
    for profile in PROFILES.values():
        if profile.invoice and not profile.self_billing:
            given = replace(FULL, specification=profile.specification, process=profile.process)
            assert check(given, profile) == [], profile.name


def taxed(category: str, **changes: object) -> Invoice:
    """The sample without VAT, as ``category`` demands it."""
    rate = None if category == "O" else D(0)
    row = TaxRow(D("99.97"), D("0.00"), category, D(0), "Grund")
    line = replace(LINE, category=category, rate=rate)
    allowance = replace(FULL.adjustments[0], category=category, rate=rate)
    totals = replace(FULL.totals, tax=D("0.00"), gross=D("99.97"), due=D("81.01"))
    found: Invoice = replace(FULL, taxes=(row,), lines=(line,), adjustments=(allowance,), totals=totals)
    if category in {"AE", "K"}:
        found = replace(found, buyer=replace(found.buyer, vat_id="ATU12345675"))
    if category == "K":
        found = replace(found, deliveries=(Delivery(address=Address(city="Wien", postcode="1", country="AT")),))
    if category == "O":
        seller = replace(found.seller, vat_id="", registration=Identifier("HRB 1"))
        found = replace(found, seller=seller)
    if category == "Z":
        found = put(found, "taxes[0].reason", "")
    for path, value in changes.items():
        found = put(found, path.replace("__", "."), value)
    return found


@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_every_category_without_tax_has_its_form(category: str) -> None:
    assert check(taxed(category), XRECHNUNG) == []


PREFIX = {"Z": "BR-Z", "E": "BR-E", "AE": "BR-AE", "K": "BR-IC", "G": "BR-G", "O": "BR-O"}


@pytest.mark.parametrize("category", PREFIX)
def test_a_category_without_tax_refuses_rates_taxes_and_wrong_reasons(category: str) -> None:
    def rules(changed: Invoice) -> set[str]:
        return {finding.rule for finding in check(changed, EN) if finding.rule != "T-PROFILE"}

    prefix = PREFIX[category]
    right = taxed(category)
    assert rules(put(right, "lines[0].rate", D(19))) == {f"{prefix}-05"}
    assert rules(put(right, "adjustments[0].rate", D(19))) == {f"{prefix}-06"}
    assert rules(put(right, "taxes[0].base", D("99.96"))) == {f"{prefix}-08"}
    assert f"{prefix}-09" in rules(put(right, "taxes[0].tax", D("0.01")))
    reason = put(right, "taxes[0].reason", "x" if category == "Z" else "")
    assert rules(reason) == {f"{prefix}-10"}
    assert f"{prefix}-01" in rules(put(right, "taxes", right.taxes * 2))


@pytest.mark.parametrize(
    ("category", "path", "value", "rule"),
    [
        ("AE", "buyer.vat_id", "", "BR-AE-02"),
        ("K", "buyer.vat_id", "", "BR-IC-02"),
        ("G", "seller.vat_id", "", "BR-G-02"),
        ("O", "buyer.vat_id", "ATU12345675", "BR-O-02"),
        ("K", "deliveries", (), "BR-IC-12"),
        ("AE", "taxes[0].code", "VATEX-EU-G", "PEPPOL-EN16931-P0104"),
        ("E", "taxes[0].code", "VATEX-EU-AE", "PEPPOL-EN16931-P0107"),
        ("E", "taxes[0].code", "VATEX-X", "BR-CL-22"),
    ],
)
def test_a_category_demands_identities_and_its_code(category: str, path: str, value: object, rule: str) -> None:
    given = replace(put(taxed(category), path, value), specification=EN.specification)
    assert rule in {finding.rule for finding in check(given, EN)}


def peppol(**changes: object) -> set[str]:
    found = replace(FULL, specification=PEPPOL.specification)
    for path, value in changes.items():
        found = put(found, path.replace("__", "."), value)
    return {finding.rule for finding in check(found, PEPPOL)}


def test_peppol_has_the_german_rules_under_names_of_its_own() -> None:
    assert peppol(buyer_reference="") == {"DE-R-015"}
    assert peppol(seller__contact=None) == {"DE-R-002"}
    assert peppol(seller__contact=None, buyer__address__country="AT") == set()
    assert peppol(buyer_reference="", orders=(), buyer__address__country="AT") == {"PEPPOL-EN16931-R003"}
    assert peppol(notes=(Note("a"), Note("b"))) == set()
    assert peppol(notes=(Note("a"), Note("b")), buyer__address__country="AT") == {"PEPPOL-EN16931-R002"}
    assert peppol(code="384") == set()
    assert peppol(code="384", buyer__address__country="AT") == {"PEPPOL-EN16931-P0112"}
    assert peppol(code="389") == {"PEPPOL-EN16931-P0100", "T-PROFILE"}
    assert peppol(buyer__endpoint=Identifier("4012345000009", "0088")) == set()
    assert peppol(buyer__endpoint=Identifier("4012345000008", "0088")) == {"PEPPOL-COMMON-R040"}


def test_all_findings_come_at_once() -> None:
    broken = put(put(put(FULL, "seller.name", ""), "buyer_reference", ""), "lines[0].unit", "Stk")
    places = [(finding.rule, finding.term, finding.path) for finding in check(broken, XRECHNUNG)]
    assert places == [
        ("BR-06", "BT-27", "seller.name"),
        ("BR-CL-23", "BT-130", "lines[0].unit"),
        ("BR-DE-15", "BT-10", "buyer_reference"),
    ]


def test_warnings_do_not_stop() -> None:
    found = check(put(FULL, "code", "386"), XRECHNUNG)
    assert [finding.rule for finding in found] == ["BR-DE-17"]
    assert errors(found) == []


def test_gross_prices_may_leave_a_cent_in_the_tax() -> None:
    """25.18 + 4.79 = 29.97: the tax contained in the gross, which 19 % of the net would miss by a cent."""
    line = replace(LINE, net=D("25.18"), price=replace(LINE.price, net=D("25.18")), adjustments=())
    totals = replace(FULL.totals, lines=D("25.18"), net=D("25.18"), tax=D("4.79"), gross=D("29.97"), due=D("29.97"),
                     allowances=None, prepaid=None)  # fmt: skip
    found = replace(FULL, lines=(line,), adjustments=(), totals=totals,
                    taxes=(TaxRow(D("25.18"), D("4.79"), "S", D(19)),))  # fmt: skip
    assert check(found, XRECHNUNG) == []


def test_findings_speak_german_and_english() -> None:
    finding = check(put(FULL, "buyer_reference", ""), XRECHNUNG)[0]
    assert say(finding, "de") == "BR-DE-15 (BT-10): Käuferreferenz (Leitweg-ID) fehlt. Beim Kunden ergänzen."
    assert say(finding, "en") == (
        "BR-DE-15 (BT-10): Buyer reference (Leitweg-ID) is missing. Mend it in the customer's data."
    )


def findings_of_all() -> list[Finding]:
    found = [finding for path, new, _rules in MUTATIONS for finding in check(put(FULL, path, new), XRECHNUNG)]
    return [*found, *(finding for category in PREFIX for finding in check(taxed(category, seller__name=""), PEPPOL))]


def test_every_finding_has_words_and_a_place_in_the_model() -> None:
    for finding in findings_of_all():
        for language in ("de", "en"):
            assert "{" not in say(finding, language)
        assert is_dataclass(FULL)
        assert re.match(r"\w+", finding.path)[0] in {field.name for field in fields(FULL)}  # type: ignore[index]
    assert {place for _german, _english, place in TERMS.values()} == set(PLACES)
    assert all(german != english for german, english in TEXTS.values())


def test_factur_x_extended_does_not_round_vat_to_whole_yen_and_others_do() -> None:
    yen = replace(
        FULL, specification=PROFILES["facturx-extended"].specification, currency="JPY", tax_currency="",
        taxes=(TaxRow(D(2), D(0), "S", D("19.00")),),
    )  # fmt: skip
    rules = {finding.rule: finding for finding in check(yen, PROFILES["facturx-extended"])}
    assert (rules["BR-FXEXT-S-09b"].value, rules["BR-FXEXT-S-09b"].expected) == ("0", "0.38")
    assert "anderes Profil" in say(rules["BR-FXEXT-S-09b"], "de")
    other = replace(yen, specification=EN.specification)
    assert "BR-FXEXT-S-09b" not in {finding.rule for finding in check(other, EN)}
