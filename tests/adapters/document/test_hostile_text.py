"""Whatever people type is printed as they typed it: data are never read as Typst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.document.reading import Paper
from tests.adapters.document.samples import BUYER, INVOICE, PLAN
from turnus.adapters.document import TypstRenderer
from turnus.adapters.document.plain import MAX_WORD, lines, one_line
from turnus.core.document import InvoiceDocument

Printing = Callable[[InvoiceDocument], Paper]

HOSTILE = (
    '#import "x"',
    "*bold* _it_ `raw`",
    "$x^2$",
    "<>&\\ \\n",
    "#{panic()}",
    "// comment /* c */",
    '"}],"evil":"',
    "@ref <label> = Head",
    "[a](b) ~ -- ...",
    "https://example.com",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_printed_as_it_stands(printed: Printing, text: str) -> None:
    document = replace(
        INVOICE,
        buyer=replace(BUYER, name=text),
        lines=(replace(PLAN, name=text, description=text, allowance=1, allowance_reason=text, corrects=text),),
        reason=text,
        customer_number=text,
        number=text,
    )
    flat = printed(document).flat()
    assert flat.count(" ".join(text.split())) >= 7


def test_a_word_without_end_breaks_and_stays_in_its_column(printed: Printing) -> None:
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4
    paper = printed(replace(INVOICE, lines=(replace(PLAN, name=word, description="x" * 500),)))
    assert word in paper.text().replace("\n", "")
    assert paper.box("1 Monat").left > paper.box(word[:20]).right


def test_a_description_of_500_characters_is_printed_whole(printed: Printing) -> None:
    text = "Beschreibung der Leistung mit Umlauten äöüß " * 12
    assert " ".join(text.split()) in printed(replace(INVOICE, lines=(replace(PLAN, description=text),))).flat()


def test_a_description_longer_than_a_page_runs_over(printed: Printing) -> None:
    text = "\n".join(f"Absatz {number}" for number in range(120))
    paper = printed(replace(INVOICE, lines=(replace(PLAN, description=text),)))
    assert len(paper) == 3
    assert "Absatz 119" in paper.text()


def test_other_scripts_and_emoji_are_printed(printed: Printing) -> None:
    text = printed(replace(INVOICE, buyer=replace(BUYER, name="Ελληνικά Кириллица 😀 €"))).text()
    assert "Ελληνικά Кириллица 😀 €" in text
    right_to_left = printed(replace(INVOICE, buyer=replace(BUYER, name="שלום"))).text()
    assert set("שלום") <= set(right_to_left)


def test_a_sign_without_a_glyph_does_not_stop_the_letter(printed: Printing) -> None:
    assert "Dresden" in printed(replace(INVOICE, buyer=replace(BUYER, name="東京株式会社"))).text()


def test_signs_that_hide_or_turn_text_are_dropped() -> None:
    assert one_line("Müller\u202eGmbH\x00\u200b \r\n\t& Co") == "MüllerGmbH & Co"
    assert one_line("u\u0308") == "ü"
    assert lines("a\n\n \nb\u2028c") == ["a", "b", "c"]
    assert one_line("x" * (MAX_WORD + 1)) == "x" * MAX_WORD + "\u200bx"


@settings(max_examples=40)
@given(st.text(max_size=120))
def test_any_text_can_be_printed(renderer: TypstRenderer, text: str) -> None:
    document = replace(INVOICE, buyer=replace(BUYER, name=text), lines=(replace(PLAN, name=text, description=text),))
    assert renderer.render(document).startswith(b"%PDF")
