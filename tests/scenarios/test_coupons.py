"""Coupons (PI-19; trap: coupon ending mid-period): who may redeem them, what the invoice says, limits that hold."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    ONE_OFF,
    Company,
    company,
    contract,
    customer,
    day,
    days,
    lines,
    money,
    only,
    order,
    product,
    run,
    totals,
    variant,
)
from tests.faults.processes import ROOT, environment
from turnus.catalog.coupons import put_coupon
from turnus.catalog.offer import OfferRefusedError
from turnus.contracts.amendment import amendments
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.coupons import coupon_lines, redeem_coupon, redemptions
from turnus.contracts.discounts import grant_discount
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import CouponRedemption
from turnus.contracts.revoke_coupon import revoke_coupon
from turnus.core.catalog import TaxClass
from turnus.core.contracts import NewDiscount
from turnus.core.coupons import CouponData
from turnus.core.offers import OfferedItem

pytestmark = pytest.mark.database


def coupon(firm: Company, code: str, **data: Any) -> str:  # noqa: ANN401 - any field of a coupon
    if "amount" in data:
        data.setdefault("currency", "EUR")
    with transaction.atomic():
        return put_coupon(firm.id, CouponData(code, data.pop("label", code), **data), by=BY)


def redeem(firm: Company, number: str, code: str, on: str = "2025-01-01") -> None:
    redeem_coupon(firm.id, number, code, on=day(on), by=BY)


def refused(firm: Company, number: str, code: str, on: str = "2025-01-01") -> list[str]:
    """Codes of everything that keeps the contract from redeeming the coupon; nothing is kept."""
    with pytest.raises(ContractRefusedError) as error:
        redeem(firm, number, code, on)
    return [fault.code for fault in error.value.faults]


def subscribed(*numbers: str, price: str = "100.00") -> Company:
    """A company and contracts of 100.00 a month from January 2025, each of a customer of its own."""
    firm = company()
    product(firm, "abo", price)
    for number in numbers:
        contract(firm, number, "2025-01-01", "abo", by=f"K-{number}")
    return firm


# ---- what a coupon gives ---------------------------------------------------------------------------------------------


def test_a_coupon_for_two_periods_reduces_two_invoices_and_is_named_on_them() -> None:
    firm = subscribed("V1")
    coupon(firm, "SOMMER", label="Sommeraktion", percent=Decimal(20), periods=2)
    redeem(firm, "V1", "sommer")
    first = only(run(firm, "2025-01-01"))
    assert (totals(first), first.lines[0].allowance_reason) == ("80.00 + 15.20 = 95.20", "Sommeraktion")
    assert [d.net for on in ("2025-02-01", "2025-03-01") for d in run(firm, on)] == [80_00, 100_00]


def test_trap_a_coupon_that_ends_inside_a_period_splits_it() -> None:
    """100.00 for April; 20 % until the 12th: 80.00 × 12/30 = 32.00, and 100.00 × 18/30 = 60.00."""
    firm = subscribed("V1")
    coupon(firm, "APRIL", percent=Decimal(20), ends_on=day("2025-04-13"))
    redeem(firm, "V1", "APRIL", on="2025-04-01")
    april = [line for line in lines(only(run(firm, "2025-04-01"))) if ".04." in line]
    assert april == ["1 abo 01.04.2025–12.04.2025 32.00", "1 abo 13.04.2025–30.04.2025 60.00"]


def test_trap_a_coupon_that_ended_inside_a_billed_period_changes_nothing_later() -> None:
    firm = subscribed("V1")
    run(firm, "2025-04-01")
    coupon(firm, "APRIL", percent=Decimal(20), ends_on=day("2025-04-21"))
    redeem(firm, "V1", "APRIL", on="2025-04-11")
    credit = only(run(firm, "2025-04-15"))
    assert (credit.net, run(firm, "2025-04-21")) == (-6_68, []), "the 11th to the 20th: 33.34 less 26.66"
    assert totals(only(run(firm, "2025-05-01"))) == "100.00 + 19.00 = 119.00"


def test_an_amount_is_spread_over_two_vat_rates_with_odd_cents() -> None:
    firm = company()
    product(firm, "abo", "19.99")
    product(firm, "buch", "9.99", tax_class=TaxClass.REDUCED)
    contract(firm, "V1", "2025-01-01", "abo", "buch")
    coupon(firm, "FUENF", amount=5_01, periods=1)
    redeem(firm, "V1", "fu-enf")
    document = only(run(firm, "2025-01-01"))
    assert [(tax.rate, money(tax.base), money(tax.tax)) for tax in document.taxes] == [
        (700, "8.32", "0.58"), (1900, "16.65", "3.16"),
    ]  # fmt: skip
    assert totals(document) == "24.97 + 3.74 = 28.71"


def test_a_coupon_for_products_leaves_the_others_alone_and_an_amount_is_taken_once() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "mail", "10.00")
    product(firm, "setup", "50.00", ONE_OFF)
    contract(firm, "V1", "2025-01-01", "abo", "mail", "setup")
    contract(firm, "V2", "2025-01-01", "abo", "mail", by="K2")
    coupon(firm, "HALB", percent=Decimal(50), products=("mail", "setup"))
    coupon(firm, "DREI", amount=3_00, products=("mail", "abo"))
    redeem(firm, "V1", "HALB")
    redeem(firm, "V2", "DREI")
    assert [d.net for d in run(firm, "2025-01-01")] == [100_00 + 5_00 + 25_00, 100_00 - 3_00 + 10_00]


def test_coupons_come_last_whatever_was_entered_first() -> None:
    firm = subscribed("V1")
    coupon(firm, "ZWANZIG", label="Gutschein", amount=20_00)
    redeem(firm, "V1", "ZWANZIG")
    rebate = NewDiscount("Treue", Decimal(10), None, None, *days("2025-01-01", "2025-01-31"))
    grant_discount(firm.id, "V1", rebate, by=BY)
    document = only(run(firm, "2025-01-01"))
    assert sorted((line.name, money(line.net)) for line in document.lines) == [
        ("Gutschein", "-20.00"),
        ("abo", "90.00"),
    ]


def test_a_contract_out_of_a_plan_redeems_its_coupon_when_it_is_concluded() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    variant(firm, "TEAM/m", OfferedItem("abo", "abo"))
    variant(firm, "SOLO/m", OfferedItem("abo", "abo"))
    coupon(firm, "WILLKOMMEN", percent=Decimal(50), periods=1, new_customers=True, plans=("TEAM",))
    order(firm, "V1", "2025-01-15", "TEAM/m", coupons=("willkommen",))
    assert [d.net for on in ("2025-01-15", "2025-02-15") for d in run(firm, on)] == [50_00, 100_00]
    with pytest.raises(ContractRefusedError) as error:
        order(firm, "V2", "2025-02-01", "SOLO/m", coupons=("WILLKOMMEN", "NIX"))
    assert [fault.code for fault in error.value.faults] == ["coupon_new_only", "coupon_plan", "unknown_coupon"]
    order(firm, "V1", "2025-01-15", "TEAM/m", coupons=("willkommen",))
    assert [row.contract for row in redemptions(firm.id, "WILLKOMMEN")] == ["V1"], "again is not twice"


# ---- who may redeem it -----------------------------------------------------------------------------------------------


def test_everything_that_keeps_a_contract_from_a_coupon_is_said_at_once() -> None:
    firm = subscribed("V1")
    product(firm, "mail", "10.00")
    variant(firm, "TEAM/m", OfferedItem("abo", "abo"))
    contract(firm, "V0", "2025-01-01", "abo", by="K-V1")
    narrow = {"valid_to": day("2025-01-01"), "new_customers": True, "products": ("mail",), "plans": ("TEAM",)}
    coupon(firm, "ENG", amount=1_00, currency="CHF", **narrow)
    assert refused(firm, "V0", "ENG") == [
        "coupon_over", "coupon_new_only", "coupon_currency", "coupon_plan", "coupon_product",
    ]  # fmt: skip
    coupon(firm, "BALD", percent=Decimal(5), valid_from=day("2025-02-01"))
    assert refused(firm, "V1", "BALD", on="2025-01-31") == ["coupon_not_yet"]
    assert refused(firm, "V1", "BLAD") == ["unknown_coupon"]
    assert not CouponRedemption.objects.exists()


def test_once_per_customer_and_once_per_contract() -> None:
    firm = subscribed("V1")
    contract(firm, "V2", "2025-01-01", "abo", by="K-V1")
    coupon(firm, "EINMAL", percent=Decimal(5), once_per_customer=True)
    coupon(firm, "OFT", percent=Decimal(5))
    redeem(firm, "V1", "EINMAL")
    assert refused(firm, "V2", "EINMAL") == ["coupon_once"]
    redeem(firm, "V1", "OFT")
    redeem(firm, "V2", "OFT")
    assert refused(firm, "V2", "O-F-T") == ["coupon_twice"]


def test_the_last_redemption_of_a_limited_coupon_is_the_last() -> None:
    firm = subscribed("V1", "V2", "V3")
    coupon(firm, "ZWEI", percent=Decimal(5), most=2)
    redeem(firm, "V1", "ZWEI")
    redeem(firm, "V2", "ZWEI")
    assert refused(firm, "V3", "ZWEI") == ["coupon_used_up"]
    assert coupon(firm, "ZWEI", percent=Decimal(7), most=3) == "changed"
    redeem(firm, "V3", "ZWEI")
    assert [(line.coupon.most, line.redeemed) for line in coupon_lines(firm.id)] == [(3, 3)]
    assert [d.net for d in run(firm, "2025-01-01")] == [95_00, 95_00, 93_00], "what was redeemed stays as it was"


def test_an_exclusive_coupon_keeps_to_days_of_its_own() -> None:
    firm = subscribed("V1")
    coupon(firm, "ALLEIN", percent=Decimal(50), periods=2, exclusive=True)
    coupon(firm, "ANDERER", percent=Decimal(10), periods=1)
    redeem(firm, "V1", "ALLEIN")
    assert refused(firm, "V1", "ANDERER", on="2025-01-20") == ["coupon_exclusive"]
    redeem(firm, "V1", "ANDERER", on="2025-03-01")
    assert [d.net for on in ("2025-01-01", "2025-02-01", "2025-03-01") for d in run(firm, on)] == [
        50_00, 50_00, 90_00,
    ]  # fmt: skip


def test_a_coupon_is_offered_with_everything_that_is_wrong_said_at_once() -> None:
    firm = subscribed("V1")
    with pytest.raises(OfferRefusedError) as error:
        coupon(firm, "!", percent=Decimal(101), valid_from=day("2025-02-01"), valid_to=day("2025-01-01"), most=0,
               products=("nix",), plans=("nie",), periods=1, ends_on=date(2025, 1, 1))  # fmt: skip
    assert [fault.code for fault in error.value.faults] == [
        "discount_percent", "discount_periods", "coupon_code", "negative_period", "coupon_limit", "unknown_product",
        "unknown_plan",
    ]  # fmt: skip


# ---- at the same time ------------------------------------------------------------------------------------------------


def process(url: str, home: Path, *words: str) -> subprocess.Popen[str]:
    code = "import sys, django; django.setup(); from tests.scenarios.coupon_worker import main; main(sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=environment(url, home), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(started: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what JSON may hold
    said, _nothing = started.communicate(input="go\n", timeout=300)
    assert started.returncode == 0
    return json.loads(said.splitlines()[-1])


def test_two_processes_at_once_never_exceed_the_limit(fresh_database: str, tmp_path: Path) -> None:
    """40 contracts, 20 redemptions: two processes with 20 contracts each share them out, none too many or too few."""
    told(process(fresh_database, tmp_path, "found", "40"))
    both = [process(fresh_database, tmp_path, "redeem", *span) for span in (("1", "20"), ("21", "40"))]
    for started in both:
        assert started.stdout is not None
        assert started.stdout.readline() == '"ready"\n'
    for started in both:
        assert started.stdin is not None
        started.stdin.write("go\n")
        started.stdin.flush()
    refusals = [told(started) for started in both]
    ordinals, given = told(process(fresh_database, tmp_path, "tell"))
    assert ordinals == list(range(1, 21))
    assert len(given) == len(set(given)) == 20
    assert sum(map(len, refusals)) == 20
    assert {code for found in refusals for codes in found.values() for code in codes} == {"coupon_used_up"}


def test_one_customer_cannot_redeem_twice_at_once_either() -> None:
    """The last defence: what the lock would let through, the database refuses."""
    firm = subscribed("V1")
    number = customer(firm, "K-V1")
    row = {"coupon_id": 1, "version_id": 1, "customer_id": number, "day": day("2025-01-01"), "recorded_at": BY.at}
    CouponRedemption.objects.create(contract_id=1, ordinal=1, only_customer_id=number, **row)
    for redeemer, ordinal, owner in ((1, 2, None), (2, 1, None), (2, 2, number)):
        with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
            CouponRedemption.objects.create(contract_id=redeemer, ordinal=ordinal, only_customer_id=owner, **row)


# ---- taken back ------------------------------------------------------------------------------------------------------


def revoke(firm: Company, number: str, code: str, on: str, since: str = "") -> date:
    first = day(since) if since else None
    return revoke_coupon(firm.id, number, code, on=day(on), since=first, reason="Irrtum", by=BY)


def test_a_revoked_coupon_ends_with_the_running_period_and_is_listed_with_its_reason() -> None:
    firm = subscribed("V1")
    coupon(firm, "FUENF", percent=Decimal(20))
    redeem(firm, "V1", "FUENF")
    run(firm, "2025-02-01")
    assert revoke(firm, "V1", "fuenf", "2025-02-10") == day("2025-03-01")
    assert run(firm, "2025-02-11") == [], "what was billed with the discount stays"
    assert totals(only(run(firm, "2025-03-01"))) == "100.00 + 19.00 = 119.00"
    [line] = redemptions(firm.id, "FUENF")
    assert (line.day, line.revoked) == (day("2025-01-01"), day("2025-03-01"))
    last = amendments(contract_id(firm.id, "V1"))[-1]
    assert (last.kind, last.reason, last.effective_on) == ("coupon_revoked", "Irrtum", day("2025-03-01"))


def test_a_coupon_revoked_backwards_is_billed_by_the_next_run() -> None:
    firm = subscribed("V1")
    coupon(firm, "FUENF", percent=Decimal(20), periods=6)
    redeem(firm, "V1", "FUENF")
    run(firm, "2025-02-01")
    revoke(firm, "V1", "FUENF", "2025-02-10", since="2025-01-01")
    assert only(run(firm, "2025-02-11")).net == 40_00
    assert run(firm, "2025-02-12") == []
    assert only(run(firm, "2025-03-01")).net == 100_00


def test_a_revoked_coupon_frees_every_limit_and_may_be_redeemed_again() -> None:
    firm = subscribed("V1", "V2")
    coupon(firm, "EINER", percent=Decimal(20), most=1, once_per_customer=True)
    redeem(firm, "V1", "EINER")
    assert refused(firm, "V2", "EINER") == ["coupon_used_up"]
    assert refused(firm, "V1", "EINER") == ["coupon_used_up", "coupon_twice"]
    revoke(firm, "V1", "EINER", "2025-01-01")
    assert [line.redeemed for line in coupon_lines(firm.id)] == [0]
    redeem(firm, "V1", "EINER", on="2025-04-01")
    revoke(firm, "V1", "EINER", "2025-04-01")
    redeem(firm, "V2", "EINER")
    assert [(line.ordinal, line.contract, line.revoked is None) for line in redemptions(firm.id, "EINER")] == [
        (1, "V1", False), (2, "V1", False), (3, "V2", True),
    ]  # fmt: skip
    assert [line.redeemed for line in coupon_lines(firm.id)] == [1]


def test_what_cannot_be_revoked_is_refused() -> None:
    firm = subscribed("V1", "V2")
    coupon(firm, "EINS", percent=Decimal(20), periods=1)
    redeem(firm, "V1", "EINS")
    for number, code, on, told in (
        ("V2", "EINS", "2025-01-01", "coupon_not_redeemed"), ("V1", "NIX", "2025-01-01", "unknown_coupon"),
        ("V1", "EINS", "2025-03-05", "coupon_spent"),
    ):  # fmt: skip
        with pytest.raises(ContractRefusedError, match=told):
            revoke(firm, number, code, on)
    assert revoke(firm, "V1", "EINS", "2025-03-05", since="2025-01-15") == day("2025-01-15")
    with pytest.raises(ContractRefusedError, match="coupon_not_redeemed"):
        revoke(firm, "V1", "EINS", "2025-03-06")
