"""The import contracts of pyproject.toml would find what they forbid, for every app that exists."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
APPS = [app.removeprefix("turnus.") for app in settings.INSTALLED_APPS if app.startswith("turnus.")]

# file below src/turnus → what it wrongly says → the contract that must break
FORBIDDEN = [
    ("records/queries.py", "import turnus.parties", "Imports follow the chain"),
    ("ledger/queries.py", "import turnus.invoices", "Imports follow the chain"),
    ("core/tax.py", "import turnus.ports", "Imports follow the chain"),
    ("ports.py", "import turnus.records", "Imports follow the chain"),
    ("adapters/psp/__init__.py", "import turnus.ledger", "Imports follow the chain"),
    ("invoices/issue.py", "import turnus.order_to_cash", "Imports follow the chain"),
    ("order_to_cash.py", "import turnus.wiring", "Imports follow the chain"),
    ("order_to_cash.py", "import turnus.integration", "Imports follow the chain"),
    ("somewhere.py", "", "Imports follow the chain"),
    ("interfaces/cli/main.py", "import turnus.ledger.models", "Each app's models are its own"),
    ("invoices/facts.py", "from turnus.ledger.models import Entry", "Each app's models are its own"),
    ("order_to_cash.py", "from turnus.ledger import models", "Each app's models are its own"),
    ("core/tax.py", "from django.db import models", "Core decides with the standard library only"),
    ("core/tax.py", "import turnus.core.money", "Core has no import cycles"),
    ("adapters/psp/__init__.py", "import django.db", "Adapters and ports know no Django"),
    ("ports.py", "import django.db", "Adapters and ports know no Django"),
    ("interfaces/cli/main.py", "import turnus.adapters.psp", "Only the wiring knows the adapters"),
    ("interfaces/cli/main.py", "import turnus.interfaces.jobs", "Interfaces do not know each other"),
    ("ledger/queries.py", "import turnus.project.settings", "Only interfaces know the project's settings"),
]
EMPTY = ["", "core", "interfaces", "interfaces.cli", "interfaces.jobs", "adapters", "adapters.psp", "project", *APPS]
CLEAN = {
    "core/money.py": "import turnus.core.tax",
    "core/tax.py": "",
    "ports.py": "import turnus.core",
    "ledger/models.py": "class Entry: ...",
    "ledger/queries.py": "from turnus.ledger.models import Entry",
    "invoices/facts.py": "import turnus.ledger.queries",
    "invoices/issue.py": "from django.db import transaction",
    "adapters/psp/__init__.py": "import turnus.ports",
    "wiring.py": "import turnus.adapters.psp",
    "order_to_cash.py": "import turnus.invoices.issue",
    "interfaces/cli/main.py": "import turnus.wiring\nimport turnus.order_to_cash\nimport turnus.project.settings",
    "project/settings.py": "",
}


@pytest.fixture
def small_turnus(tmp_path: Path) -> Path:
    """A package of the same shape that keeps every contract."""
    for package in EMPTY:
        folder = tmp_path.joinpath("turnus", *filter(None, package.split(".")))
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    for file, code in CLEAN.items():
        (tmp_path / "turnus" / file).write_text(code, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def broken_contracts(root: Path) -> list[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert "Contracts: " in run.stdout, run.stdout
    return [line.partition(" BROKEN")[0] for line in run.stdout.splitlines() if " BROKEN" in line]


def test_a_tree_that_follows_the_rules_is_kept(small_turnus: Path) -> None:
    assert broken_contracts(small_turnus) == []


@pytest.mark.parametrize(("file", "code", "contract"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(file: str, code: str, contract: str, small_turnus: Path) -> None:
    (small_turnus / "turnus" / file).write_text(code, encoding="utf-8")
    assert contract in broken_contracts(small_turnus)


def test_every_app_has_its_place_in_the_chain() -> None:
    chain = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [app for app in APPS if f"({app})" not in chain] == []
