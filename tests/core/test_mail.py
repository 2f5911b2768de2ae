"""Texts of e-mails (JB-86): placeholders reach nothing but their values; everything wrong is told at once."""

from __future__ import annotations

import pytest

from turnus.core.mail import Template, chosen, filled, template_faults, title

VALUES = {"number": "RE-1", "customer": "<Müller & Söhne>", "seller": "Bei\r\nspiel"}


def test_jb_86_a_text_is_filled_in_both_forms_and_html_is_escaped() -> None:
    mail = filled(Template("Rechnung {number} von {seller}", "Guten Tag {customer},\n\nZeile 1\nZeile 2\n"), VALUES)
    assert mail.subject == "Rechnung RE-1 von Bei spiel"  # a line break in a name adds no header
    assert mail.text == "Guten Tag <Müller & Söhne>,\n\nZeile 1\nZeile 2\n"
    assert (
        mail.html == "<html><body><p>Guten Tag &lt;Müller &amp; Söhne&gt;,</p><p>Zeile 1<br>Zeile 2</p></body></html>"
    )


def test_a_value_is_never_read_as_a_text() -> None:
    assert filled(Template("{number}", "{number} {{number}}"), {"number": "{seller}"}).text == "{seller} {number}"


@pytest.mark.parametrize(
    "body", ["{number.__class__}", "{number[0]}", "{0}", "{}", "{number!r}", "{number:>10}", "{ number }", "{nummer}"]
)
def test_whatever_is_no_placeholder_is_refused(body: str) -> None:
    assert [fault.code for fault in template_faults(Template("Rechnung", body))] == ["mail_placeholder"]


def test_everything_wrong_with_a_text_is_told_at_once() -> None:
    faults = template_faults(Template("a\n{nummer}", "{kunde} }"))
    assert [fault.code for fault in faults] == [
        "mail_placeholder", "mail_placeholder", "mail_brace", "mail_subject_lines",
    ]  # fmt: skip
    assert [fault.code for fault in template_faults(Template(" ", ""))] == ["mail_empty", "mail_empty"]
    assert template_faults(Template("{title} {number}", "{{ok}} {total}")) == []


def test_jb_87_own_texts_come_first_and_unknown_languages_speak_english() -> None:
    own = {("invoice", "de"): Template("eigen", "x"), ("*", "fr"): Template("Facture", "x")}
    assert chosen("invoice", "de", own).subject == "eigen"
    assert chosen("credit", "de", own).subject == "{title} {number} vom {date}"
    assert chosen("invoice", "fr", own).subject == "Facture"
    assert chosen("invoice", "pl", own).subject == "Invoice {number} of {date}"
    assert (title("cancellation", "de"), title("cancellation", "pl"), title("letter", "de")) == (
        "Stornorechnung", "Cancellation invoice", "Beleg",
    )  # fmt: skip


def test_every_built_in_text_is_sound() -> None:
    kinds = ("invoice", "credit", "proforma", "other")
    for language in ("de", "en"):
        assert [template_faults(chosen(kind, language, {})) for kind in kinds] == [[], [], [], []]
