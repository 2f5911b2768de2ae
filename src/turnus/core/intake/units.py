"""Units of measure: codes of UN/ECE Recommendation 20 (and 21, with X), and the words that people write for them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from turnus.core.intake.cells import Cell, CellError, Reading, as_text, key

_WORDS: Final = {
    "C62": "stück|stk|st|piece|pieces|pcs|unit|units|einheit|einheiten|lizenz|lizenzen|license|licenses|nutzer|user"
    "|users|benutzer|anschluss|anschlüsse|exemplar|exemplare|konto|account|gerät|geräte|domain|domains|platz|plätze",
    "MON": "monat|monate|month|months", "ANN": "jahr|jahre|year|years", "DAY": "tag|tage|day|days",
    "WEE": "woche|wochen|week|weeks", "HUR": "stunde|stunden|std|h|hour|hours", "MIN": "minute|minuten|minutes",
    "SEC": "sekunde|sekunden|second|seconds", "QAN": "quartal|quarter", "SAN": "halbjahr|half year",
    "KWH": "kwh|kilowattstunde|kilowattstunden|kilowatt hour|kilowatt hours",
    "MWH": "mwh|megawattstunde|megawattstunden",
    "KWT": "kw|kilowatt", "AD": "byte|bytes", "2P": "kb|kilobyte", "4L": "mb|megabyte", "E34": "gb|gigabyte|gigabytes",
    "E35": "tb|terabyte|terabytes", "E36": "pb|petabyte",
    "KMT": "km|kilometer|kilometre", "MTR": "m|meter|metre", "CMT": "cm|zentimeter", "MMT": "mm|millimeter",
    "MTK": "qm|m2|quadratmeter|square metre", "MTQ": "cbm|m3|kubikmeter|cubic metre", "LTR": "l|liter|litre",
    "KGM": "kg|kilogramm|kilogram", "GRM": "g|gramm|gram", "TNE": "t|tonne|tonnen|tonnes",
    "SET": "satz|sätze|set|sets",
    "PR": "paar|pair", "DZN": "dutzend|dozen", "MIL": "tausend|thousand|1000 stück|1000 units",
    "NAR": "artikel|article", "P1": "prozent|percent|%", "LS": "pauschal|pauschale|lump sum", "E48": "service unit",
    "IE": "person|personen|persons",
    "XPX": "palette|pallet", "XPK": "paket|package", "XBX": "box|kiste|karton", "E49": "arbeitstag|working day",
    "3B": "megajoule|mj", "GV": "gigajoule|gj", "KJO": "kilojoule|kj", "JOU": "joule", "WHR": "wattstunde|watt hour|wh",
    "GWH": "gigawattstunde|gigawatt hour|gwh", "WTT": "watt", "MAW": "megawatt|mw", "AMP": "ampere", "VLT": "volt|v",
    "OHM": "ohm", "HTZ": "hertz|hz", "KHZ": "kilohertz|khz", "MHZ": "megahertz|mhz", "BAR": "bar",
    "CEL": "grad celsius|degree celsius|°c", "KEL": "kelvin", "A99": "bit", "C37": "kilobit|kbit",
    "D36": "megabit|mbit", "B68": "gigabit|gbit", "E20": "megabit je sekunde|megabit per second|mbit/s",
    "B80": "gigabit je sekunde|gigabit per second|gbit/s", "INH": "zoll|inch", "FOT": "fuß|foot", "SMI": "meile|mile",
    "LM": "laufender meter|linear metre|lfm", "KMK": "quadratkilometer|square kilometre|km2",
    "HAR": "hektar|hectare|ha",
    "KMH": "kilometer je stunde|kilometre per hour|km/h", "DMQ": "kubikdezimeter|cubic decimetre|dm3",
    "MLT": "milliliter|millilitre|ml", "HLT": "hektoliter|hectolitre|hl", "GLI": "britische gallone|gallon uk",
    "GLL": "gallone|gallon us", "MGM": "milligramm|milligram|mg", "LBR": "pfund|pound", "ONZ": "unze|ounce",
    "H87": "stückzahl|item", "EA": "je|each", "XPP": "einzelstück|single piece", "CEN": "hundert|hundred|100 stück",
    "DPC": "dutzend stück|dozen pieces", "NMP": "packung|pack", "NPT": "teil|teile|part|parts", "E27": "dosis|dose",
    "XBG": "beutel|bag", "XBO": "flasche|bottle", "XCR": "lattenkiste|crate", "XCT": "faltkarton|carton",
    "XPA": "päckchen|packet", "XRO": "rolle|roll", "ZZ": "vereinbarte einheit|mutually defined",
}  # fmt: skip
"""Code → words, German and English; the first one names the unit in messages."""
_CODES: Final = {key(word): code for code, words in _WORDS.items() for word in words.split("|")}
_CODES.update((key(code), code) for code in _WORDS)
UNITS: Final = frozenset(_WORDS)
"""Codes that are accepted as they stand."""


def parse_unit(cell: Cell, _how: Reading) -> str:
    """A UN/ECE unit code, or a German or English word for one: ``Stück`` → C62, ``Monat`` → MON, ``GB`` → E34."""
    word = as_text(cell)
    if word.upper() in UNITS:
        return word.upper()
    code = _CODES.get(key(word.replace("²", "2").replace("³", "3")))
    if code is None:
        raise CellError("unit", word, nearest=near_units(word))
    return code


def near_units(word: str) -> str:
    """The three units at most that look like a word or a code: ``HRU`` → ``HUR (stunde)``."""
    codes = dict.fromkeys(_CODES[match] for match in get_close_matches(key(word), _CODES, n=4))
    return ", ".join(f"{code} ({_WORDS[code].partition('|')[0]})" for code in list(codes)[:3])
