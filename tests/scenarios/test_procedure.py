"""The procedure documentation tells what is configured, in versions (G-09)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import BY, Company, company, day
from turnus.adapters.store import FolderStore
from turnus.core.procedure import Installation, procedure_text
from turnus.core.validation import RuleSetState
from turnus.core.words.procedure import TEXTS
from turnus.documents.retention import kept, set_hold
from turnus.documents.versions import keep_version, last_version
from turnus.records.models import AuditEntry
from turnus.stories.procedure import installation

pytestmark = pytest.mark.database

RULES = [RuleSetState("peppol", "2026.5", "ab" * 32, (), active=True, builtin=False, damage=())]
ON = day("2025-01-01")


@pytest.fixture
def firm() -> Company:
    return company()


@pytest.mark.usefixtures("firm")
def test_g09_it_has_four_parts_and_names_what_is_configured() -> None:
    set_hold(number=None, reason="Steuer | offen", by=BY)
    text = procedure_text(installation(RULES, on=ON))
    for part in ("## 1 Allgemein", "## 2 Anwender", "## 3 Technische", "## 4 Betrieb"):
        assert part in text
    told = ("| * | RE |", "| peppol | 2026.5 |", "| DE | standard | 19 % |", "`ledger_posting`", "Archivs: folder")
    for row in (*told, "| Buchungsbelege, Rechnungen | 8 |", "| * | Steuer \\| offen |"):
        assert row in text, row
    english = procedure_text(installation(RULES, on=ON), "en")
    assert english.count("\n") == text.count("\n")
    assert "Verfahren" not in english
    assert all(german and english_ for german, english_ in TEXTS.values())


@pytest.mark.usefixtures("firm")
def test_g09_only_a_change_makes_a_version_with_author_and_a_readable_difference(tmp_path: Path) -> None:
    files = FolderStore(tmp_path)
    old = procedure_text(installation(RULES, on=ON)).encode()
    assert old == procedure_text(installation(RULES, on=day("2025-06-01"))).encode(), "days pass, nothing changes"
    assert keep_version(files, "procedure", "p.md", old, by=BY)
    assert not keep_version(files, "procedure", "p.md", old, by=BY)
    set_hold(number=None, reason="Steuer offen", by=BY)
    new = procedure_text(installation(RULES, on=ON)).encode()
    assert last_version(files, "procedure", "p.md") == old
    assert keep_version(files, "procedure", "p.md", new, by=BY)
    assert last_version(files, "procedure", "p.md") == new
    assert [one.retention for one in kept()] == ["books", "books"]
    made = AuditEntry.objects.filter(action="archive.procedure").order_by("id")
    assert list(made.values_list("object_id", "actor_name")) == [(1, BY.actor.name), (2, BY.actor.name)]


def test_an_empty_installation_says_so() -> None:
    assert "Nichts eingerichtet." in procedure_text(Installation("1", [], [], "folder", "", [], [], [], [], []))
