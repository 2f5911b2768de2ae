"""Every public function of the product is used by the product: nothing lives for its tests alone."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "turnus"
ACTIVITIES = {
    "put_customer",  # put_customers for one, as a form enters it; files enter many
    "change_terms",  # one change of enter_changes as a durable act, for calls by program
    "change_grid",  # another rhythm of an item; no command offers it yet
    "withdraw_decision",  # takes back what `invoice bill` and credits decided; no command offers it yet
    "remaining_of",  # what of an invoice can still be credited, for a form that offers it
}
"""Entry points of their apps, for the interfaces that follow; tested as such."""
LATER = {
    "default_rate",  # dunning: § 288 BGB
    "late_interest",  # dunning: § 288 BGB
    "apply_payment",  # dunning: the order of § 367 BGB
}
"""Rules that dunning will call."""
PURE = {"transaction.atomic", "lru_cache", "contextmanager", "cache", "overload", "staticmethod"}
"""Decorators that do not hand a function to a framework, which then calls it by itself."""


def names(tree: ast.AST) -> Iterator[str]:
    """Every name that a tree reads, also as the last part of a dotted path in text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("turnus."):
            yield node.value.rpartition(".")[2]


def is_plain(function: ast.FunctionDef) -> bool:
    """No framework registers it."""
    decorators = (ast.unparse(row).partition("(")[0] for row in function.decorator_list)
    return all(name.removeprefix("functools.") in PURE for name in decorators)


def unused(sources: list[str]) -> set[str]:
    """Public functions of modules that no module reads."""
    trees = [ast.parse(text) for text in sources]
    read = Counter(name for tree in trees for name in names(tree))
    functions = (node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef) and is_plain(node))
    return {function.name for function in functions if not function.name.startswith("_") and not read[function.name]}


def test_what_nothing_reads_is_found() -> None:
    assert unused(["def a(): b()", "def b(): ...", "def c(): ...", "@app.command()\ndef d(): ..."]) == {"a", "c"}


def test_no_public_function_lives_for_its_tests_alone() -> None:
    files = [path for path in SOURCE.glob("**/*.py") if "migrations" not in path.parts]
    assert unused([path.read_text(encoding="utf-8") for path in files]) == ACTIVITIES | LATER
