"""The doctor: checks the installation and recomputes the data's integrity by paths of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from turnus.contracts.consent_check import silent_consumers
from turnus.contracts.usage_integrity import wrong_usage_days
from turnus.contracts.usage_queries import unmet_corrections
from turnus.core.messages import message
from turnus.documents.queries import unfit
from turnus.documents.verify import flaws
from turnus.invoices.integrity import changed_documents, gross_of_issued, number_gaps, overcredited
from turnus.invoices.marketplace import unsettled
from turnus.invoices.queries import numbers_of
from turnus.ledger.integrity import overallocated, receivable_of_invoices, unbalanced
from turnus.parties.facts import seller_ids
from turnus.records.guards import missing_guards
from turnus.stories.seal import broken_seals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from turnus.ports import FileStore


class Finding(NamedTuple):
    """One check: its name (a key of the texts), whether all is well, and what was found otherwise."""

    name: str
    ok: bool
    details: Sequence[str]


def doctor_findings(files: FileStore, anchors: Path, language: str = "de") -> list[Finding]:
    """All checks of an installation, in the order in which a person would mend them. ``anchors``: their folder."""
    pending = _unapplied()
    findings = [_finding("migrations", pending)]
    if pending:
        return findings
    ledger, issued = receivable_of_invoices(), gross_of_issued()
    differing = sorted(str(i) for i in ledger.keys() | issued.keys() if ledger.get(i) != issued.get(i))
    return [
        *findings,
        _finding("guards", missing_guards()),
        _finding("seller", [] if seller_ids() else ["-"]),
        _finding("documents", changed_documents()),
        _finding("numbers", number_gaps()),
        _finding("credits", overcredited()),
        _finding("consents", silent_consumers()),
        _finding("usage", wrong_usage_days()),
        _finding("corrections", [f"{row.contract}: {row.key} → {row.corrects}" for row in unmet_corrections()]),
        _finding("marketplaces", unsettled()),
        _finding("balance", [str(transaction) for transaction in unbalanced()]),
        _finding("allocations", [str(posting) for posting in overallocated()]),
        _finding("receivables", differing),
        _finding("einvoices", _unfit()),
        _finding("archive", [message(*flaw, language) for flaw in (*flaws(files, anchors), *broken_seals(files))]),
    ]


def _finding(name: str, details: Sequence[str]) -> Finding:
    return Finding(name, not details, details)


def _unfit() -> list[str]:
    """Numbers of the documents whose files must not leave the house."""
    found = unfit()
    numbers = numbers_of(found)
    return [f"{numbers.get(invoice, invoice)}: {verdict}" for invoice, verdict in found.items()]


def _unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
