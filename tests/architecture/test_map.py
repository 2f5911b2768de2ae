"""The map by topic in docs/architecture.md: every file it names is there, none of the two large places is missing."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/turnus"
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
MAP = re.search(r"<!-- map: .*? -->\n((?:\|.*\n)+)", PAGE)


def named() -> set[str]:
    """Paths below src/turnus, without ``.py``."""
    assert MAP is not None
    _head, _rule, *rows = MAP[1].splitlines()
    found: set[str] = set()
    for row in rows:
        _topic, core, app, _pages = (cell.strip() for cell in row.split("|")[1:-1])
        found |= {f"core/{name}" for name in re.findall(r"`([\w/]+)`", core)}
        found |= {name if "/" in name else f"contracts/{name}" for name in re.findall(r"`([\w/]+)`", app)}
    return found


def test_every_file_on_the_map_exists() -> None:
    there = [name for name in sorted(named()) if (SOURCE / f"{name}.py").is_file() or (SOURCE / name).is_dir()]
    assert there == sorted(named())


def test_every_module_of_core_and_contracts_is_on_the_map() -> None:
    files = [path for place in ("core", "contracts") for path in (SOURCE / place).iterdir()]
    kept = {path for path in files if path.suffix == ".py" or (path / "__init__.py").is_file()}
    modules = {path.relative_to(SOURCE).with_suffix("").as_posix() for path in kept}
    assert sorted(modules - named() - {"core/__init__", "contracts/__init__", "contracts/migrations"}) == []


def test_every_page_on_the_map_exists_and_none_is_missing() -> None:
    assert MAP is not None
    pages = set(re.findall(r"\(algorithms/([\w-]+)\.md\)", MAP[1]))
    assert sorted(pages) == sorted(path.stem for path in (ROOT / "docs/algorithms").glob("*.md"))
