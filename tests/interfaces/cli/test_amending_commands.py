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
        "list": "reads", "show": "reads", "plan": "reads", "history": "reads", "prices": "reads",
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
