"""Documents in the recipient's language (JB-87): the same texts in every language, and the terms the law names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.adapters.document.reading import Paper
from tests.adapters.document.samples import INVOICE, SAMPLES
from turnus.adapters.document import words as module
from turnus.adapters.document.words import TEXTS, languages, words
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.formatting import CONVENTIONS

Printing = Callable[[InvoiceDocument], Paper]
ALL = {name: tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8")) for name in languages()}
SAME = {"units", "countries"}
"""Sections whose entries may read alike in several languages."""


def flat(texts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {f"{section}.{key}": text for section, entries in texts.items() for key, text in entries.items()}


def test_documents_speak_seven_languages() -> None:
    assert languages() == ("de", "en", "es", "fr", "it", "nl", "pl")
    assert set(languages()) == set(CONVENTIONS)


@pytest.mark.parametrize("language", languages())
def test_jb_87_every_language_has_every_text_with_the_same_blanks(language: str) -> None:
    german, texts = flat(ALL["de"]), flat(ALL[language])
    assert list(texts) == list(german), set(texts) ^ set(german)
    for key, text in texts.items():
        if key.startswith("units."):
            assert len(text) == (2 if language != "pl" else len(text)), key
            assert all(text), key
        else:
            assert text.rstrip() == text or key == "intro.and", key
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", german[key])), key
            assert text, key


@pytest.mark.parametrize("language", [name for name in languages() if name not in {"de", "en"}])
def test_no_sentence_was_left_untranslated(language: str) -> None:
    own, english = flat(ALL[language]), flat(ALL["en"])
    texts = {key: re.sub(r"{\w+}", "", text) for key, text in english.items() if isinstance(text, str)}
    sentences = [key for key, text in texts.items() if len(re.findall(r"[a-z]{3,}", text)) > 1]
    assert [key for key in sentences if own[key] == english[key] and key.partition(".")[0] not in SAME] == []


def test_jb_87_what_a_language_lacks_is_said_in_english_and_then_in_german(
    tmp_path: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = {"de": 'a = "eins"\nb = "zwei"\nc = "drei"', "en": 'a = "one"\nb = "two"', "da": 'a = "en"'}
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(f"[some]\n{text}\n")
    monkeypatch.setattr(module, "TEXTS", tmp_path)
    words.cache_clear()
    languages.cache_clear()
    try:
        say = words("da-DK")
        assert [say(f"some.{key}") for key in "abc"] == ["en", "two", "drei"]
    finally:
        words.cache_clear()
        languages.cache_clear()


@pytest.mark.parametrize(
    ("language", "reverse", "own"),
    [
        ("de", "Steuerschuldnerschaft des Leistungsempfängers", "Gutschrift"),
        ("en", "Reverse charge", "self-billing"),
        ("es", "Inversión del sujeto pasivo", "facturación por el destinatario"),
        ("fr", "Autoliquidation", "autofacturation"),
        ("it", "Inversione contabile", "autofatturazione"),
        ("nl", "Btw verlegd", "factuur uitgereikt door afnemer"),
        ("pl", "Odwrotne obciążenie", "samofakturowanie"),
    ],
)
def test_l_08b_the_terms_of_art_226_of_the_vat_directive_stand_on_paper(
    printed: Printing, language: str, reverse: str, own: str
) -> None:
    """Art. 226 nos. 10a and 11a of Directive 2006/112/EC, as the language versions word them."""
    assert reverse in printed(replace(SAMPLES["reverse_charge_en"], language=language)).flat()
    billed = printed(replace(INVOICE, kind=Kind.SELF_BILLING, language=language)).flat()
    assert own in billed
    for kind in set(Kind) - {Kind.SELF_BILLING, Kind.SELF_CREDIT}:
        text = printed(replace(INVOICE, kind=kind, language=language)).flat()
        assert own.lower() not in text.lower(), kind
