"""Designs as data (JB-84, JB-85, JB-91, JB-92): read with all faults at once, written back, chosen by rule."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.design import (
    BLOCKS,
    COLUMNS,
    PLACEHOLDERS,
    SHIPPED,
    DesignRule,
    Printed,
    as_toml,
    chosen,
    design_of,
    design_values,
    filled,
    own_text,
    written,
)
from turnus.core.document import Design, Kind
from turnus.core.formatting import NBSP, format_amount, format_date
from turnus.core.messages import message

FULL = """
template = "modern"
logo = "logo.svg"
accent = "#123abc"
font = "Figtree"
form = "A"
columns = ["position", "item", "period", "quantity", "amount"]
blocks = ["lines", "totals", "payment", "notes"]
carry = true
marks = false
girocode = false
footer = [["{seller}", "{street}"], ["{vat_id}", "{iban}"]]

[formats]
decimal_mark = "."
group_mark = "’"
date = "yyyy-mm-dd"

[texts.de]
intro = "Vielen Dank, {customer}."
closing = "Bis bald\\nin Leipzig"

[texts.de.credit]
intro = "Zu {preceding}:"
"""


def faults(**values: object) -> list[str]:
    return [message(fault.code, fault.params, "de") for fault in design_of(values)[1]]


def test_jb_84_a_file_says_everything_about_a_design() -> None:
    design, wrong = design_of(tomllib.loads(FULL))
    assert wrong == []
    assert design == Design(
        "modern", "logo.svg", "#123abc", "Figtree", "A", ("position", "item", "period", "quantity", "amount"),
        ("lines", "totals", "payment", "notes"), carry=True, marks=False, girocode=False, decimal_mark=".",
        group_mark="’", date="yyyy-mm-dd", footer=(("{seller}", "{street}"), ("{vat_id}", "{iban}")),
        texts=(
            ("de.closing", "Bis bald\nin Leipzig"),
            ("de.credit.intro", "Zu {preceding}:"),
            ("de.intro", "Vielen Dank, {customer}."),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_jb_85_shipped_designs_are_right_and_can_be_written_and_read_back(name: str) -> None:
    text = as_toml(design_values(SHIPPED[name]))
    assert design_of(tomllib.loads(text)) == (SHIPPED[name], [])


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}\x00", exclude_categories=["Cs", "Cc"]), max_size=20)


@given(
    st.builds(
        Design, template=TEXT, logo=TEXT, font=TEXT, carry=st.booleans(), marks=st.booleans(),
        footer=st.just(()) | st.just((("{vat_id}", 'a "b" \\ c'),)),
        texts=st.dictionaries(
            st.sampled_from(["de.intro", "de.note", "fr.invoice.closing", "de.credit.greeting"]), TEXT, max_size=3
        ).map(lambda texts: tuple(sorted(texts.items()))),
    )
)  # fmt: skip
def test_what_is_written_reads_back(design: Design) -> None:
    assert design_of(tomllib.loads(as_toml(design_values(design)))) == (design, [])


def test_all_faults_are_named_at_once_in_words() -> None:
    found = faults(
        template=7, colour="red", accent="red", form="C", columns=["amount", "item", "weight", "item"],
        blocks=["totals", "lines"], carry="yes", footer=[["{seller}", "{iban"]],
        formats={"date": "tt.mm.jjjj", "group_mark": "x"},
        texts={
            "xx": {"intro": "Hallo {name}"},
            "de": {"credit": {"intro": "Wir berichtigen."}, "nonsense": {"note": "a"}, "title": "Gutschrift"},
        },
    )  # fmt: skip
    for part in (
        "„colour“ gibt es nicht",
        "template: Hier gehört ein Text hin",
        "accent: „red“ ist keine Farbe",
        "form: „C“ gibt es nicht",
        "columns: „weight“ gibt es nicht",
        "columns: „item“ steht zweimal da",
        "columns: Es fehlt quantity; das verlangt § 14 Abs. 4 UStG",
        "columns: position steht am Anfang, amount am Ende",
        "blocks: Es fehlt payment, notes",
        "blocks: totals steht nach lines",
        "carry: true oder false",
        "footer: Eine geschweifte Klammer steht allein",
        "footer: Es fehlt {vat_id} oder {tax_number}",
        "formats.date: „tt.mm.jjjj“",
        "formats.group_mark: „x“",
        "texts: Die Sprache „xx“",
        "texts.xx.intro: Den Platzhalter {name} gibt es nicht",
        "texts.de.credit.intro: Es fehlt {preceding}",
        "texts: Die Belegart „nonsense“",
        "„texts.de.title“ gibt es nicht",
    ):
        assert [text for text in found if part in text], (part, found)
    assert len(found) == 20


@pytest.mark.parametrize("value", [7, [], "text", {"de": 7}, {"de": {"intro": 7}}, [7], [["a", 7]], True, None])
@pytest.mark.parametrize("key", ["template", "accent", "columns", "blocks", "footer", "formats", "texts", "marks"])
def test_whatever_a_file_holds_the_answer_is_a_design_or_words(key: str, value: object) -> None:
    design, wrong = design_of({key: value})
    assert all(message(fault.code, fault.params, "en") for fault in wrong)
    assert wrong or design_of(design_values(design)) == (design, [])


def test_placeholders_are_filled_and_nothing_else_is_read() -> None:
    blanks = {"number": "RE-1", "customer": "{seller} #panic() {0.__class__}"}
    assert filled("Zu {number}, {customer}{due}{number.real}!", blanks) == "Zu RE-1, {seller} #panic() {0.__class__}!"
    assert len(PLACEHOLDERS) == len(set(PLACEHOLDERS))


def test_the_text_of_a_kind_goes_first_and_corrections_keep_their_introduction() -> None:
    design = Design(texts=(("de.closing", "c"), ("de.intro", "i"), ("de.invoice.intro", "j"), ("de.proforma.note", "")))
    for slot, kind, language, text in (
        ("intro", Kind.INVOICE, "de", "j"),
        ("intro", Kind.PROFORMA, "de", "i"),
        ("intro", Kind.CREDIT, "de", None),
        ("intro", Kind.SELF_BILLING, "de", None),
        ("closing", Kind.CREDIT, "de", "c"),
        ("closing", Kind.CREDIT, "fr", None),
        ("note", Kind.PROFORMA, "de", ""),
    ):
        assert own_text(design, slot, language=language, kind=kind) == text, (slot, kind, language)


def test_jb_88_89_a_design_writes_numbers_and_dates_its_own_way() -> None:
    own = written(Design(decimal_mark=".", group_mark="’", date="d. m. yyyy"), "de")
    assert format_amount(-123456, "EUR", own) == f"-1’234.56{NBSP}€"
    assert format_date(date(2026, 1, 2), own) == "2. 1. 2026"
    assert written(Design(), "fr") == "fr"


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        ("dd.mm.yyyy", True), ("d/m/yyyy", True), ("yyyy-mm-dd", True), ("d. m. yyyy", True), ("mm-dd-yyyy", True),
        ("dd.dd.yyyy", False), ("yyyy-mm-yyyy", False), ("dd.mm", False), ("dd.mm.yy", False), ("{year}", False),
    ],
)  # fmt: skip
def test_a_pattern_of_dates_has_day_month_and_year(pattern: str, *, right: bool) -> None:
    assert (faults(formats={"date": pattern}) == []) == right


def test_jb_85_91_92_the_rule_that_says_most_chooses_and_of_equals_the_later() -> None:
    rules = [
        DesignRule("house"),
        DesignRule("french", language="fr"),
        DesignRule("credit", kind="credit"),
        DesignRule("hamburg", site="Hamburg"),
        DesignRule("gold", group="GOLD", country="DE"),
    ]
    invoice = Printed("invoice", "", "", "de", "DE")
    assert chosen(rules, invoice) == "house"
    assert chosen(rules, invoice._replace(language="fr")) == "french"
    assert chosen(rules, invoice._replace(language="fr", kind="credit")) == "credit"
    assert chosen(rules, invoice._replace(site="Hamburg")) == "hamburg"
    assert chosen(rules, invoice._replace(site="Hamburg", group="GOLD")) == "gold"
    assert chosen([*rules, DesignRule("new")], invoice) == "new"
    assert chosen(rules[1:], invoice) == ""


@given(st.permutations(COLUMNS), st.permutations(BLOCKS))
def test_every_order_of_columns_and_blocks_prints_or_says_why_not(columns: list[str], blocks: list[str]) -> None:
    design, wrong = design_of({"columns": columns, "blocks": blocks})
    ends = columns[0] == "position" and columns[-1] == "amount"
    order = blocks.index("lines") < blocks.index("totals")
    assert ("design_ends" in {fault.code for fault in wrong}) != ends
    assert ("design_order" in {fault.code for fault in wrong}) != order
    assert replace(design, columns=(), blocks=()) == Design()
