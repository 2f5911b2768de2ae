"""Words and codes people write for currencies, countries, units, ids."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.intake.cells import CellError, Parser, Reading, choice, text, yes_no
from turnus.core.intake.codes import (
    COUNTRIES,
    parse_country,
    parse_currency,
    parse_iban,
    parse_leitweg_id,
    parse_vat_id,
)
from turnus.core.intake.texts import message
from turnus.core.intake.units import UNITS, near_units, parse_unit
from turnus.core.money import CURRENCIES

HOW = Reading(UTC)


@pytest.mark.parametrize(
    ("parse", "written", "value"),
    [
        (parse_currency, "eur", "EUR"),
        (parse_currency, "€", "EUR"),
        (parse_country, "de", "DE"),
        (parse_country, "Österreich", "AT"),
        (parse_country, "OESTERREICH", "AT"),
        (parse_country, "EL", "GR"),
        (parse_country, "UK", "GB"),
        (parse_country, "Czech Republic", "CZ"),
        (parse_unit, "Stück", "C62"),
        (parse_unit, "Monat", "MON"),
        (parse_unit, "kWh", "KWH"),
        (parse_unit, "GB", "E34"),
        (parse_unit, "m²", "MTK"),
        (parse_unit, "c62", "C62"),
        (parse_vat_id, "DE 123 456 789", "DE123456789"),
        (parse_vat_id, "atu12345678", "ATU12345678"),
        (parse_vat_id, "CHE-123.456.789", "CHE123456789"),
        (parse_leitweg_id, "04011000-12345-03", "04011000-12345-03"),
        (parse_iban, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (parse_leitweg_id, "991-33333test-33", "991-33333TEST-33"),
    ],
)
def test_a_code_is_read_as_people_write_it(parse: Parser[str], written: str, value: str) -> None:
    assert parse(written, HOW) == value


@pytest.mark.parametrize(
    ("parse", "written", "said"),
    [
        (parse_currency, "EURO!", "keine Währung"),
        (parse_currency, "$", "keine Währung"),
        (parse_country, "Deutshcland", "Gemeint: deutschland"),
        (parse_country, "XX", "kein Land"),
        (parse_unit, "Sünde", "keine bekannte Einheit"),
        (parse_vat_id, "ATU1234567", "USt-IdNr"),
        (parse_vat_id, "12345", "USt-IdNr"),
        (parse_leitweg_id, "04011000-12345-04", "Prüfziffern"),
        (parse_iban, "DE89370400440532013001", "Prüfziffern"),
        (parse_leitweg_id, "Rathaus", "nicht die Form"),
        (yes_no, "vielleicht", "Möglich: ja, nein"),
    ],
)
def test_an_unknown_code_is_refused_with_a_hint(parse: Parser[object], written: str, said: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(written, HOW)
    assert said in message(caught.value, "de")
    assert written.strip() in message(caught.value, "en")


def test_the_possible_words_are_said_in_the_language_and_read_in_both() -> None:
    with pytest.raises(CellError) as caught:
        yes_no("perhaps", HOW)
    assert message(caught.value, "de").endswith("Möglich: ja, nein.")
    assert message(caught.value, "en").endswith("Possible: yes, no.")
    assert [yes_no(word, HOW) for word in ("ja", "Yes", "nein", "no")] == [True, True, False, False]


@given(st.sampled_from(sorted(CURRENCIES)), st.sampled_from(sorted(COUNTRIES)), st.sampled_from(sorted(UNITS)))
def test_every_code_is_read_as_itself(currency: str, country: str, unit: str) -> None:
    assert (parse_currency(currency, HOW), parse_country(country, HOW), parse_unit(unit, HOW)) == (
        currency,
        country,
        unit,
    )


def test_words_are_compared_without_case_umlauts_and_punctuation() -> None:
    parse = choice({1: "nachträglich|in arrears", 2: "im Voraus"})
    assert [parse(word, HOW) for word in ("NACHTRAEGLICH", "In-Arrears", "im_voraus")] == [1, 1, 2]


def test_text_is_trimmed_composed_and_free_of_control_characters() -> None:
    assert text()("  Mu\u0308ller ", HOW) == "Müller"
    assert text()(4711, HOW) == "4711"
    assert text(lines=True)("eins\nzwei", HOW) == "eins\nzwei"
    for written, code in [
        ("a\x00b", "control_character"),
        ("eins\nzwei", "control_character"),
        ("x" * 201, "too_long"),
    ]:
        with pytest.raises(CellError) as caught:
            text()(written, HOW)
        assert caught.value.code == code


def test_every_unit_is_known_by_its_code_and_no_word_for_one_is_the_code_of_another() -> None:
    assert {parse_unit(code, HOW) for code in UNITS} == UNITS
    assert {parse_unit(code.lower(), HOW) for code in UNITS} == UNITS


@pytest.mark.parametrize(
    ("word", "near"),
    [("HRU", "HUR (stunde)"), ("Stunnde", "HUR (stunde)"), ("KWHH", "KWH (kwh)"), ("Megabbyte", "4L (mb)")],
)
def test_od_57_an_unknown_unit_is_refused_with_units_near_to_it(word: str, near: str) -> None:
    with pytest.raises(CellError) as error:
        parse_unit(word, HOW)
    assert near in error.value.params["nearest"].split(", ")
    assert near_units("qqqqqq") == ""
