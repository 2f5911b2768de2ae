"""Contacts of a customer at the terminal: one for each role and address, changed, removed, kept in the audit trail."""

from __future__ import annotations

import pytest

from tests.interfaces.cli.conftest import Desk
from turnus.parties.facts import seller_ids
from turnus.parties.queries import customer_id
from turnus.records.queries import audit_rows

pytestmark = pytest.mark.database

ADD = (
    "customer",
    "contact",
    "add",
    "K1",
    "--name",
    "Erika Muster",
    "--role",
    "technical",
    "--email",
    "e@kunde.example",
)


def test_a_contact_is_entered_changed_shown_and_removed(filled: Desk) -> None:
    assert filled(*ADD).out.strip() == "Eingetragen."
    assert filled(*ADD).out.strip() == "Nichts zu ändern."
    assert filled(*ADD, "--phone", "0351 1", "--json").json["outcome"] == "changed"
    filled("customer", "contact", "add", "K1", "--name", "Buchhaltung")
    wanted = [
        {"role": "billing", "name": "Buchhaltung", "email": "", "phone": ""},
        {"role": "technical", "name": "Erika Muster", "email": "e@kunde.example", "phone": "0351 1"},
    ]
    assert filled("customer", "contact", "list", "K1", "--json").json == wanted
    assert filled("customer", "show", "K1", "--json").json["contacts"] == wanted
    for command in (("show",), ("contact", "list")):
        shown = filled("customer", *command, "K1").out
        assert "Erika Muster" in shown
        assert "0351 1" in shown
    assert filled("customer", "show", "K2", "--json").json["contacts"] == []

    gone = ("customer", "contact", "remove", "K1", "--role", "technical", "--email", "e@kunde.example")
    assert filled(*gone, "--reason", "Ausgeschieden", "--json").json == wanted[:1]
    last = audit_rows([("customer", customer_id(seller_ids()[0][0], "K1"))])[-1]
    assert (last.action, last.reason) == ("contact.remove", "Ausgeschieden")


def test_what_is_wrong_with_a_contact_is_said(filled: Desk) -> None:
    gone = filled("customer", "contact", "remove", "K1", "--role", "technical", code=3).err
    assert gone == "Fehler: Einen Ansprechpartner „technical“ gibt es nicht. Alle: turnus customer contact list.\n"
    english = filled("--language", "en", "customer", "contact", "remove", "K1", "--email", "a@b.example", code=3).err
    assert "no contact “billing” with the address a@b.example" in english
    assert "K99" in filled("customer", "contact", "add", "K99", "--name", "x", code=3).err
    assert (
        "ist keine E-Mail-Adresse"
        in filled("customer", "contact", "add", "K1", "--name", "x", "--email", "x", code=2).err
    )
    assert "darf nicht leer sein" in filled("customer", "contact", "add", "K1", "--name", " ", code=2).err
