"""Customers of the demonstration company: companies and consumers, at home, in the EU and beyond."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from turnus.core.text import sort_key
from turnus.integration.demo.words import AUTHORITIES, PRACTICES, REGIONS, TRADES, TRADES_ABROAD, Region

Cells = dict[str, str]
"""Cells of one row by the name of their column."""

_EU = ("AT", "AT", "AT", "FR", "FR", "NL", "NL", "IT", "PL", "BE", "ES", "DK", "CZ", "SE")
_ABROAD = ("CH", "CH", "CH", "US", "GB")
_FICTIONAL_PHONES = ("030 23125", "040 66969", "069 90009", "089 99998", "0221 4710")
"""Numbers that the Bundesnetzagentur keeps free for films and examples."""


class Buyer(NamedTuple):
    """A customer as far as contracts depend on it, and its row."""

    number: str
    company: bool
    country: str
    cells: Cells


def buyers(random: Random, count: int, month: date) -> Iterator[Buyer]:
    """``count`` customers; checks of VAT ids date from the 14 days before ``month``, a few are older or missing."""
    companies: list[str] = []
    for index in range(count):
        number = f"K-{10_001 + index}"
        lot = random.random()
        country = "DE" if lot < 0.85 else random.choice(_EU) if lot < 0.96 else random.choice(_ABROAD)
        company = random.random() < (0.62 if country == "DE" else 0.8 if country in _EU else 1.0)
        region = REGIONS[country]
        cells = {
            "number": number,
            "kind": "Firma" if company else "Privat",
            "country": country,
            "language": "de" if country in ("DE", "AT", "CH") else "en",
            "debtor_number": str(10_001 + index),
            **_address(random, region),
            **(_company(random, country, region) if company else _person(random, region)),
        }
        if company and country == "DE" and random.random() < 0.01:
            cells |= _authority(random)
        elif company:
            if country == "DE" and index % 10 == 0:
                cells["einvoice_profile"] = "facturx-en16931"
            cells |= _proof(random, country, month)
            if random.random() < 0.04:
                cells |= {
                    f"delivery_{name}": cell for name, cell in _address(random, region).items() if name != "region"
                }
            if companies and country == "DE" and random.random() < 0.02:
                cells["parent"] = random.choice(companies)
            companies.append(number)
        yield Buyer(number, company, country, cells)


def _address(random: Random, region: Region) -> Cells:
    postcode, city, *state = random.choice(region.words("place")).split(":")
    house = str(random.randint(1, 160)) + random.choice(("", "", "", "", "a", "b"))
    street = random.choice(region.words("street")).replace("#", house)
    return {"street": street, "postcode": postcode, "city": city, "region": "".join(state)}


def _company(random: Random, country: str, region: Region) -> Cells:
    owner, form = random.choice(region.words("last")), random.choice(region.words("form"))
    if country in ("DE", "AT", "CH"):
        name = f"{owner} {random.choice(TRADES)} {form}"
        if random.random() < 0.15:
            name = f"{random.choice(PRACTICES)} {owner}"
    else:
        name = f"{owner} {random.choice(TRADES_ABROAD)} {form}"
    contact = f"{random.choice(region.words('first'))} {random.choice(region.words('last'))}"
    host = sort_key(name.partition(form)[0] or name).replace(" ", "-").replace(".", "").strip("-")
    return {
        "name": name,
        "contact_name": contact,
        "email": f"rechnung@{host}.example",
        "phone": f"{random.choice(_FICTIONAL_PHONES)}{random.randint(0, 999):03}" if country == "DE" else "",
        "payment_days": random.choice(("", "", "", "", "30", "7")),
        "extra": random.choice(("", "", "", "", "", "", "Buchhaltung", "Gebäude B", "2. OG")),
    }


def _authority(random: Random) -> Cells:
    """A public body with its Leitweg-ID and check digits after ISO 7064 MOD 97-10."""
    coarse, fine = f"{random.randint(1, 16):02}{random.randint(100_000, 999_999)}", f"{random.randint(0, 99_999):05}"
    leitweg = f"{coarse}-{fine}-{98 - int(f'{coarse}{fine}00') % 97:02}"
    name = f"Zweckverband {random.choice(AUTHORITIES)}"
    return {"name": name, "leitweg_id": leitweg, "payment_days": "30", "einvoice_profile": "xrechnung"}


def _person(random: Random, region: Region) -> Cells:
    first, last = random.choice(region.words("first")), random.choice(region.words("last"))
    host = f"{first}.{last}".replace(" ", "")
    return {"name": f"{first} {last}", "email": f"{sort_key(host)}@post.example"}


def _proof(random: Random, country: str, month: date) -> Cells:
    """VAT id and its check, or what proves a business in a third country; one in twelve is not in order."""
    lacking = random.random() < 1 / 12
    if country == "DE":
        return {"vat_id": german_vat_id(random.randint(10_000_000, 99_999_999))}
    if country in _ABROAD:
        return {} if lacking else {"business_proof": f"Registerauszug {country} {random.randint(100_000, 999_999)}"}
    cells = {"vat_id": digits(random, REGIONS[country].vat)}
    old = lacking and random.random() < 0.5
    if lacking and not old:
        return cells
    day = month - timedelta(days=random.randint(1, 14) + 120 * old)
    return cells | {
        "vat_checked_on": f"{day:%d.%m.%Y}",
        "vat_check_valid": "ja",
        "vat_check_reference": f"BZSt-{random.randint(10**7, 10**8 - 1)}",
    }


def digits(random: Random, form: str) -> str:
    """A form with its digits drawn: ``9`` is any, ``1`` one that is not 0."""
    drawn = {"9": lambda: str(random.randint(0, 9)), "1": lambda: str(random.randint(1, 9))}
    return "".join(drawn[sign]() if sign in drawn else sign for sign in form)


def german_vat_id(base: int) -> str:
    """A German VAT id with its check digit after ISO 7064 MOD 11,10."""
    product = 10
    for digit in str(base):
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return f"DE{base}{(11 - product) % 10}"


def german_iban(bank: str, account: str) -> str:
    """A German IBAN with its check digits after ISO 7064 MOD 97-10."""
    return f"DE{98 - int(f'{bank}{account:0>10}131400') % 97:02}{bank}{account:0>10}"
