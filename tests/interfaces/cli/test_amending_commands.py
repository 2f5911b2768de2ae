"""Every command that changes an agreement has a preview, a stored reason and an answer for scripts; and words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import turnus
from tests.interfaces.cli.conftest import Desk
from tests.interfaces.cli.test_words import TREE
from turnus.contracts.amendment import What
from turnus.core.campaigns import Answer
from turnus.core.contracts import DecisionKind
from turnus.interfaces.cli import screen
from turnus.interfaces.cli.histories import ACTS
from turnus.interfaces.cli.previews import DONE

database = pytest.mark.database

OTHERS = {
    "contract": {
        "list": "reads", "show": "reads", "plan": "reads", "history": "reads", "prices": "reads", "letter": "reads",
        "new": "concludes", "renew": "logs what is certain", "warn": "records a letter that was sent",
    },
    "commission": {"list": "reads", "take": "counts what was invoiced"},
    "coupon": {"list": "reads", "show": "reads", "new": "offers, changes no contract"},
}  # fmt: skip
"""Commands of the groups of agreements that amend none, and why."""
MORE = ("customer copies", "customer bill-to-parent", "customer supplier", "prices withdraw")
"""Commands of other groups that do."""


def amending() -> Iterator[tuple[str, ...]]:
    for path in TREE:
        if len(path) == 2 and (path[1] not in OTHERS.get(path[0], ()) if path[0] in OTHERS else " ".join(path) in MORE):
            yield path


def test_the_lists_above_are_true() -> None:
    assert {(group, name) for group, names in OTHERS.items() for name in names} <= set(TREE)
    assert len(list(amending())) > 30


@pytest.mark.parametrize("path", list(amending()), ids=" ".join)
def test_an_amending_command_has_a_preview_a_reason_and_json(path: tuple[str, ...]) -> None:
    options = {option for parameter in TREE[path].params for option in parameter.opts}
    assert {"--dry-run", "--reason", "--json"} <= options


def recorded() -> Iterator[str]:
    """Actions that the source writes into the audit trail of contracts, beside amendments."""
    for path in sorted((Path(turnus.__file__).parent).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("audit", "audit_many"):
                texts = [part.value if isinstance(part, ast.Constant) else part for part in node.args[1:3]]
                if texts[1:] == ["contract"] and isinstance(texts[0], str):
                    yield texts[0]


def test_history_has_german_and_english_words_for_everything_that_can_be_recorded() -> None:
    kinds = set(get_args(What))
    assert kinds - set(DONE) - set(ACTS) == set()
    acts = {*recorded(), *(f"price.{answer}" for answer in Answer)} - {"campaign.apply"}
    acts |= {f"decision.{kind}" for kind in DecisionKind}
    assert len(acts) > 12
    assert acts - set(ACTS) == set()
    for german, english in (*ACTS.values(), *DONE.values()):
        assert german != english


@database
def test_history_tells_every_kind_in_words(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PLAIN_WIDTH", 200)
    acts = (
        ("minimum", "V1", "50,00", "--last-day", "31.12.2027"), ("minimum", "V1", "0"),
        ("raise", "V1", "--percent", "3"), ("raise", "V1", "--stop"),
        ("share", "V1", "--payer", "K1:60", "--payer", "K3:40"),
        ("documents", "V1", "--instalments", "30+70%/1m"), ("terms", "V1", "--initial", "12 Monate"),
        ("pause", "V1", "--until", "31.01.2027"), ("resume", "V1"), ("billing-day", "V1", "--day", "15"),
        ("free", "V1"), ("payer", "V1", "--customer", "K3"), ("clause", "V1", "--mid-period"),
    )  # fmt: skip
    for command, contract, *rest in acts:
        since = () if command == "clause" else ("--from", "01.01.2027")
        filled("contract", command, contract, *rest, *since, "--on", "10.11.2026", "--reason", f"Grund {command}")
    told = filled("contract", "history", "V1").out
    for text in (
        "Mindestbetrag 50,00\u00a0€ ab 01.01.2027 bis 31.12.2027", "Mindestbetrag 0,00\u00a0€ ab 01.01.2027",
        "Erhöhung um 3 %, erstmals zum 01.01.2027", "keine Erhöhung mehr ab 01.01.2027",
        "geteilt ab 01.01.2027: Müller AG 60, Erika Muster 40", "Form der Rechnungen ab 01.01.2027: 30+70%/1m",
        "Laufzeit und Kündigung ab 01.01.2027", "pausiert ab 01.01.2027 bis 31.01.2027", "fortgesetzt ab 01.01.2027",
        "Rabatt „Freimonat“", "Rechnungen an Erika Muster", "Preisklausel festgehalten",
    ):  # fmt: skip
        assert text in told, (text, told)
    for command, *_rest in acts:
        assert f"Grund {command}" in told


@database
@pytest.mark.parametrize(
    ("command", "code", "german", "english"),
    [
        (("minimum", "V1", "50"), 2, "--from fehlt", "--from is missing"),
        (("minimum", "V1", "viel", "--from", "01.01.2027"), 2, "ist keine Zahl. Beispiel", "is not a number. Example"),
        (("minimum", "V1", "5", "--from", "31.02.2027"), 2, "gibt es im Kalender nicht", "is not in the calendar"),
        (("minimum", "V1", "5", "--from", "01.01.2027", "--last-day", "01.12.2026"), 3,
         "Das Ende (01.12.2026) liegt vor dem Beginn (01.01.2027). Ein späteres", "Give a later end"),
        (("minimum", "V9", "5", "--from", "01.01.2027"), 3, "turnus contract list", "turnus contract list"),
        (("minimum", "V1", "5", "--item", "X", "--product", "Y", "--from", "01.01.2027"), 3, "Produkt Y", "product Y"),
        (("share", "V1", "--payer", "K99:1", "--from", "01.01.2027"), 3, "Kunden K99", "customer K99"),
        (("documents", "V1", "--dry-run"), 2, "--dry-run braucht --from", "--dry-run needs --from"),
        (("clause", "V1", "--index", "VPI"), 3, "Reihe und Bezugsmonat", "a series and a month of reference"),
        (("trial", "V1", "--cancel"), 3, "turnus contract end V1", "turnus contract end V1"),
    ],
)  # fmt: skip
def test_a_wrong_command_says_what_is_wrong_and_how_to_mend_it(
    filled: Desk, command: tuple[str, ...], code: int, german: str, english: str
) -> None:
    assert german in filled("contract", *command, code=code).err
    assert english in filled("--language", "en", "contract", *command, code=code).err


@database
def test_a_minimum_a_coupon_and_a_withdrawal_are_previewed_exactly_and_leave_nothing(filled: Desk) -> None:
    wanted = ("contract", "minimum", "V2", "80,00", "--from", "01.12.2026", "--on", "10.11.2026")
    rows = filled(*wanted, "--dry-run", "--json").json["plan"]
    assert [(row["due_on"], row["before"], row["after"]) for row in rows[:3]] == [
        ("2026-11-10", 5_000, 5_000), ("2026-12-01", 5_000, 5_000), ("2027-01-01", 5_000, 8_000),
    ]  # fmt: skip
    assert filled("contract", "history", "V2", "--json").json["amendments"] == []

    filled("coupon", "new", "ZEHN", "discount_percent=10")
    filled("contract", "coupon", "V2", "ZEHN", "--on", "01.11.2026")
    back = ("coupon", "revoke", "V2", "ZEHN", "--from", "01.12.2026", "--on", "10.11.2026")
    rows = filled(*back, "--dry-run", "--json").json["plan"]
    assert [(row["before"], row["after"]) for row in rows[:3]] == [(4_500, 4_500), (4_500, 5_000), (4_500, 5_000)]
    assert filled(*back, "--reason", "Irrtum", "--json").json == {"contract": "V2", "outcome": "2026-12-01"}
    assert "01.12.2026" in filled("coupon", "show", "ZEHN").out
    assert "coupon show ZEHN" in filled("coupon", "revoke", "V1", "ZEHN", code=3).err
    assert "coupon list" in filled("--language", "en", "coupon", "revoke", "V1", "NIX", code=3).err

    filled("prices", "plan", "P", "--percent", "3", "--from", "01.03.2027", "--ground", "§ 4", "--on", "10.11.2026")
    filled("prices", "announce", "P", "--on", "10.11.2026")
    told = filled("prices", "withdraw", "P", "--dry-run", "--json").json
    assert (told["saved"], told["withdrawn"], told["letters"]["sent"]) == (False, True, 0)
    assert filled("prices", "list", "--json").json[0]["state"] == "planned"
    assert "Der neue Preis" not in filled("prices", "letter", "P", "V2", "--json").json["letter"]
    assert filled("prices", "withdraw", "P", "--reason", "Doch nicht", "--json").json["letters"] == told["letters"]
    assert filled("prices", "withdraw", "P", "--json").json["withdrawn"] is False


@database
def test_previews_of_whole_customers_are_shown_contract_by_contract(filled: Desk) -> None:
    agreed = ("customer", "supplier", "K1", "--from", "01.12.2026", "--agreed-on", "01.11.2026", "--tax-number", "1")
    [shown] = filled(*agreed, "--dry-run", "--json").json
    assert (shown["contract"], shown["dry_run"]) == ("V1", True)
    copies = ("contract", "copies", "V1", "--name", "Büro", "--email", "b@x.example", "--from", "01.12.2026")
    assert "nichts wird gespeichert" in filled(*copies, "--dry-run").out
    assert filled("contract", "copies", "V1", "--json").json == []


@database
def test_a_contract_is_previewed_before_it_is_concluded(filled: Desk) -> None:
    today = ("--on", "10.11.2026", "--json")
    new = ("contract", "new", "V9", "--customer", "K1", "--start", "01.12.2026", "--item", "LIC:3", *today)
    shown = filled(*new, "--dry-run").json
    due = [row for row in shown["plan"] if row["due_on"] == "2026-12-01"]
    assert [(row["before"], row["customer"]) for row in due] == [(0, "K1")]
    [document] = [row for row in shown["next"]["documents"] if not row["anyway"]]
    assert document["net"] == due[0]["after"] > 0
    assert "Vorschau: nichts wird gespeichert" in filled(*new[:-1], "--dry-run").out
    assert "V9" in filled("contract", "show", "V9", code=3).err
    assert filled(*new, "--json").json == {"contract": "V9", "outcome": "created"}
    assert (
        filled("contract", "plan", "V9", "--on", "10.11.2026", "--json").json["documents"][0]["net"] == document["net"]
    )
