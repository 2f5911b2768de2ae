"""Each rule of tools/rules.py finds what it is there to find, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.rules import RULES, findings

# code → (file below src/turnus, a line that must be found)
FORBIDDEN = [
    ("core-import", "core/tax.py", "import django"),
    ("core-import", "core/tax.py", "from turnus.ledger import models"),
    ("core-import", "core/tax.py", "from turnus import ports"),
    ("core-import", "core/tax.py", "import random"),
    ("core-import", "core/tax.py", "from logging import getLogger"),
    ("core-float", "core/tax.py", "rate = 0.19"),
    ("core-float", "core/tax.py", "rate = float('1')"),
    ("core-float", "core/tax.py", "def tax(rate: float): ..."),
    ("core-round", "core/tax.py", "cents = round(amount, 2)"),
    ("core-io", "core/tax.py", "text = open('rates').read()"),
    ("core-io", "core/tax.py", "print(amount)"),
    ("clock", "core/tax.py", "import datetime\nday = datetime.date.today()"),
    ("clock", "invoices/issue.py", "from datetime import datetime\nmoment = datetime.now(zone)"),
    ("clock", "invoices/issue.py", "from datetime import datetime\nmoment = datetime.utcnow()"),
    ("clock", "invoices/issue.py", "import time\nmoment = time.time()"),
    ("clock", "invoices/issue.py", "from time import time"),
    ("clock", "invoices/models.py", "from django.utils.timezone import now"),
    ("clock", "invoices/models.py", "at = models.DateTimeField(auto_now_add=True)"),
    ("clock", "invoices/models.py", "at = models.DateTimeField(default=timezone.now)"),
    ("signal", "ledger/apps.py", "from django.db.models.signals import post_save"),
    ("signal", "ledger/apps.py", "from django.dispatch import receiver"),
    ("signal", "interfaces/web/apps.py", "import django.dispatch"),
    ("database-text", "parties/queries.py", "rows = rows.order_by(Lower('name'))"),
    ("database-text", "parties/queries.py", "rows = rows.filter(name__icontains=text)"),
    ("database-text", "parties/queries.py", "rows = rows.filter(**{'email__iexact': text})"),
    ("database-text", "invoices/queries.py", "rows = rows.filter(issued_at__date__gte=day)"),
    ("empty-name", "invoices/issue.py", "class InvoiceService: ..."),
    ("empty-name", "invoices/issue.py", "class RunManager(models.Manager): ..."),
    ("empty-name", "interfaces/web/views.py", "class RequestHandler: ..."),
    ("atomic", "invoices/issue.py", "@transaction.atomic\ndef issue(): ..."),
    ("atomic", "invoices/issue.py", "@atomic()\ndef issue(): ..."),
    ("atomic", "invoices/issue.py", "@atomic(durable=False)\ndef issue(): ..."),
    ("atomic", "project/settings.py", "DATABASES = {'default': {'ATOMIC_REQUESTS': True}}"),
    ("read-only", "invoices/queries.py", "invoice.save()"),
    ("read-only", "invoices/facts.py", "Invoice.objects.filter(id=1).delete()"),
    ("read-only", "invoices/facts.py", "Invoice.objects.create(number=1)"),
    ("read-only", "invoices/facts.py", "Invoice.objects.filter(id=1).update(number=1)"),
]

ALLOWED = [
    (
        "core/tax.py",
        "import dataclasses\nfrom decimal import Decimal\nfrom turnus.core.money import half_up\nfrom . import money",
    ),
    ("core/tax.py", "rate = Decimal('0.19')\ncents = half_up(amount)\ntotal = receivable.open()"),
    ("adapters/bank/ebics.py", "import logging\nweight = 0.5\nround(weight)\nopen('key')"),
    ("interfaces/cli/main.py", "from datetime import datetime\ntoday = datetime.now(zone).date()"),
    ("invoices/apps.py", "from django.db.models.signals import post_migrate"),
    ("invoices/queries.py", "names.update(other)\nrows.filter(name_key__startswith=key, issued_on__gte=day)"),
    ("invoices/issue.py", "class Invoice: ...\n@atomic(durable=True)\ndef issue(): invoice.save()"),
    ("invoices/migrations/0001_initial.py", "class RunManager: ..."),
]


def found_in(root: Path, file: str, code: str) -> list[str]:
    path = root / "src" / "turnus" / file
    path.parent.mkdir(parents=True)
    path.write_text(code + "\n", encoding="utf-8")
    return list(findings(root))


@pytest.mark.parametrize(("code", "file", "line"), FORBIDDEN)
def test_a_forbidden_line_is_found_by_its_rule_alone(code: str, file: str, line: str, tmp_path: Path) -> None:
    found = [finding.split(" ")[:2] for finding in found_in(tmp_path, file, line)]
    assert {rule for _, rule in found} == {code}
    assert {place.partition(":")[0] for place, _ in found} == {f"src/turnus/{file}"}


@pytest.mark.parametrize(("file", "line"), ALLOWED)
def test_an_allowed_line_is_not_found(file: str, line: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, file, line) == []


def test_every_rule_has_a_line_that_it_alone_finds() -> None:
    assert {code for code, _, _ in FORBIDDEN} == set(RULES)


def test_the_command_fails_when_it_finds_something(tmp_path: Path) -> None:
    found_in(tmp_path, "core/tax.py", "\n\nrate = 0.19")
    command = [sys.executable, "tools/rules.py", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout == "src/turnus/core/tax.py:3 core-float 0.19 is a float: write an integer, Decimal or Fraction\n"
