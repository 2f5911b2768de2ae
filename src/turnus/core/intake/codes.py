"""Codes of the world and the German and English words people write for them: currencies, countries, units, VAT ids."""

from __future__ import annotations

import re
from typing import Final

from turnus.core.einvoice.identifiers import is_iban
from turnus.core.intake.cells import Cell, CellError, Reading, as_text, key, nearest, text
from turnus.core.money import CURRENCIES

# ---- currencies and countries ---------------------------------------------------------------------------------------


def parse_currency(cell: Cell, _how: Reading) -> str:
    """An ISO 4217 code, or ``€`` and ``Euro``."""
    word = as_text(cell)
    code = "EUR" if word.casefold() in {"€", "euro"} else word.upper()
    if code not in CURRENCIES:
        raise CellError("currency", word, nearest=nearest(code, CURRENCIES))
    return code


_COUNTRIES: Final = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2."""

_COUNTRY_WORDS: Final = {
    "DE": "deutschland|germany|d|deu", "AT": "österreich|austria|a|aut", "CH": "schweiz|switzerland|che",
    "BE": "belgien|belgium", "BG": "bulgarien|bulgaria", "CY": "zypern|cyprus",
    "CZ": "tschechien|czechia|czech republic",
    "DK": "dänemark|denmark", "EE": "estland|estonia", "ES": "spanien|spain", "FI": "finnland|finland",
    "FR": "frankreich|france", "GB": "großbritannien|vereinigtes königreich|united kingdom|great britain|uk",
    "GR": "griechenland|greece|el", "HR": "kroatien|croatia", "HU": "ungarn|hungary", "IE": "irland|ireland",
    "IS": "island|iceland", "IT": "italien|italy", "LI": "liechtenstein", "LT": "litauen|lithuania",
    "LU": "luxemburg|luxembourg", "LV": "lettland|latvia", "MT": "malta", "NL": "niederlande|netherlands|holland",
    "NO": "norwegen|norway", "PL": "polen|poland", "PT": "portugal", "RO": "rumänien|romania", "SE": "schweden|sweden",
    "SI": "slowenien|slovenia", "SK": "slowakei|slovakia", "US": "vereinigte staaten|usa|united states",
}  # fmt: skip
_COUNTRY_KEYS: Final = {key(word): code for code, words in _COUNTRY_WORDS.items() for word in words.split("|")}


def parse_country(cell: Cell, _how: Reading) -> str:
    """An ISO 3166-1 alpha-2 code, or the German or English name of a European country or the United States."""
    word = as_text(cell)
    code = _COUNTRY_KEYS.get(key(word), word.upper())
    if code not in COUNTRIES:
        raise CellError("country", word, nearest=nearest(word, _COUNTRY_KEYS))
    return code


# ---- ids with a form ------------------------------------------------------------------------------------------------

_VAT_FORMS: Final = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}", "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d\d", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}",
    "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"(\d{9}|\d{12}|(GD|HA)\d{3})",
}  # fmt: skip


def parse_vat_id(cell: Cell, how: Reading) -> str:
    """A VAT id without blanks, dots and dashes; ids of the Union must have their country's form (not: exist)."""
    shown = text(40)(cell, how)
    compact = re.sub(r"[ .\-/]", "", shown).upper()
    form = _VAT_FORMS.get(compact[:2], r"[A-Z0-9+*]{2,20}" if compact[:2] in COUNTRIES else None)
    if form is None or not re.fullmatch(form, compact[2:], re.ASCII):
        raise CellError("vat_id", shown)
    return compact


def parse_leitweg_id(cell: Cell, how: Reading) -> str:
    """A Leitweg-ID: coarse part, fine part, and check digits after ISO 7064 MOD 97-10."""
    shown = text(46)(cell, how)
    if not re.fullmatch(r"[0-9]{2,12}(-[A-Za-z0-9]{1,30})?-[0-9]{2}", shown):
        raise CellError("leitweg_id", shown)
    if int("".join(str(int(sign, 36)) for sign in shown.replace("-", ""))) % 97 != 1:
        raise CellError("leitweg_check", shown)
    return shown.upper()


def parse_iban(cell: Cell, how: Reading) -> str:
    """An IBAN without blanks, its check digits right (ISO 13616)."""
    shown = "".join(text(42)(cell, how).split()).upper()
    if not is_iban(shown):
        raise CellError("iban", shown)
    return shown
