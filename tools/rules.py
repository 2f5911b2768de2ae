"""Rules of the architecture that imports and types cannot show, checked on the syntax trees of src/turnus.

    python tools/rules.py [ROOT]    print `file:line code message` for each finding; exit 1 if there is one

No comment switches a rule off. A rule that is wrong is changed here, together with its test.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

IMPURE = {"asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
DATABASE_DEPENDENT = re.compile(r"\w__(icontains|iexact|istartswith|iendswith|iregex|date)(__\w+)?$")
EMPTY_NAME = re.compile(r"(Service|Manager|Helper|Util|Handler)s?$")


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its path from the root, and every node of its syntax tree."""

    path: Path
    nodes: tuple[ast.AST, ...]

    @property
    def place(self) -> str:
        """The folder or module directly below src/turnus: `core`, `invoices`, `ports`."""
        return Path(self.path.parts[2]).stem

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every import as a dotted name, `from a import b` as `a.b`; relative ones as `turnus.PLACE.b`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = f"turnus.{self.place}" if node.level else node.module
                yield from ((node, f"{origin}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the last part of the called name."""
        return ((node, last_name(node.func)) for node in self.nodes if isinstance(node, ast.Call))


Finding = tuple[ast.AST, str]
Rule = Callable[[Module], Iterable[Finding]]
RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register a rule under its code."""

    def register(function: Rule) -> Rule:
        RULES[code] = function
        return function

    return register


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c` and of `c`; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def names(module: Module, wanted: set[str]) -> Iterator[Finding]:
    """Every use of a bare name among `wanted`."""
    return ((node, node.id) for node in module.nodes if isinstance(node, ast.Name) and node.id in wanted)


# ---- core decides: frozen values and functions, exact numbers, no world ----------------------------------------------


@rule("core-import")
def core_imports_the_standard_library_only(module: Module) -> Iterator[Finding]:
    """Core imports the standard library, without its doors to the outside, and core."""
    for node, name in module.imports() if module.place == "core" else ():
        top = name.partition(".")[0]
        inside = name.startswith("turnus.core.") or (top in sys.stdlib_module_names and top not in IMPURE)
        if not inside:
            yield node, f"core may not import {name}"


@rule("core-float")
def core_knows_no_float(module: Module) -> Iterator[Finding]:
    """Money and quantities are integers, Decimal and Fraction."""
    if module.place == "core":
        yield from ((node, "no float: integers, Decimal or Fraction") for node, _ in names(module, {"float"}))
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                yield node, f"{node.value} is a float: write an integer, Decimal or Fraction"


@rule("core-round")
def core_rounds_in_one_way(module: Module) -> Iterator[Finding]:
    """`round` rounds halves to even; bills round them away from zero."""
    if module.place == "core":
        yield from ((node, "round() rounds halves to even: use half_up") for node, _ in names(module, {"round"}))


@rule("core-io")
def core_does_not_touch_the_world(module: Module) -> Iterator[Finding]:
    """Core reads nothing and writes nothing."""
    for node, name in module.calls() if module.place == "core" else ():
        if isinstance(node.func, ast.Name) and name in {"open", "print", "input"}:
            yield node, f"{name}() is the world: core only computes"


# ---- everywhere ------------------------------------------------------------------------------------------------------


@rule("clock")
def only_interfaces_look_at_the_clock(module: Module) -> Iterator[Finding]:
    """Dates are arguments; a row is stamped by the database."""
    if module.place == "interfaces":
        return
    message = "only interfaces look at the clock: take the date as an argument, or stamp the row by db_default=Now()"
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and (
            node.attr in CLOCKS or (node.attr in {"time", "time_ns"} and last_name(node.value) == "time")
        ):
            yield node, message
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node, message
    for node, name in module.imports():
        if name in {"time.time", "time.time_ns"} or name.removeprefix("django.utils.timezone.") in CLOCKS:
            yield node, message


@rule("signal")
def nothing_is_signalled(module: Module) -> Iterator[Finding]:
    """Modules call each other; only Django's post_migrate, its one hook after migrations, is let through."""
    for node, name in module.imports():
        signals = name.startswith("django.dispatch") or ".signals" in name
        if signals and name != "django.db.models.signals.post_migrate":
            yield node, f"no Django signals ({name}): call the function, or compare what should be with what is"


@rule("database-text")
def no_database_decides_about_text_or_days(module: Module) -> Iterator[Finding]:
    """Case folding and calendar days differ between PostgreSQL and SQLite."""
    message = "differs between databases: store a key column (core/text.py) or a date column"
    yield from ((call, f"{name}() {message}") for call, name in module.calls() if name in {"Lower", "Upper"})
    for node in module.nodes:
        text = node.arg if isinstance(node, ast.keyword) else node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and DATABASE_DEPENDENT.search(text):
            yield node, f"{text} {message}"


@rule("empty-name")
def classes_are_named_by_what_they_are(module: Module) -> Iterator[Finding]:
    """Nouns come from the glossary."""
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and EMPTY_NAME.search(node.name):
            yield node, f"{node.name} says nothing: take the noun from the glossary, or write functions"


@rule("atomic")
def a_transaction_is_entered_once(module: Module) -> Iterator[Finding]:
    """The entry of a write is `@atomic(durable=True)`: nested in another transaction it would not commit."""
    for node in module.nodes:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else ():
            call = decorator if isinstance(decorator, ast.Call) else None
            durable = call and any(ast.unparse(word) == "durable=True" for word in call.keywords)
            if last_name(call.func if call else decorator) == "atomic" and not durable:
                yield decorator, "as a decorator, atomic needs durable=True"
        if "ATOMIC_REQUESTS" in {getattr(node, "id", None), getattr(node, "value", None)}:
            yield node, "no ATOMIC_REQUESTS: each write opens its own transaction"


@rule("read-only")
def queries_and_facts_do_not_write(module: Module) -> Iterator[Finding]:
    """queries.py and facts.py read; activities write."""
    if module.path.stem in {"queries", "facts"}:
        for node, name in module.calls():
            if name in WRITES or (name == "update" and ".objects" in ast.unparse(node.func)):
                yield node, f"{name}() writes: only activities do"


# ---- running ---------------------------------------------------------------------------------------------------------


def findings(root: Path) -> Iterator[str]:
    """One line per finding below `root`, in the order of files and rules. Generated migrations are left out."""
    for path in sorted(root.glob("src/turnus/**/*.py")):
        if "migrations" in path.parts:
            continue
        module = Module(path.relative_to(root), tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
        for code, check in RULES.items():
            for node, message in check(module):
                yield f"{module.path}:{getattr(node, 'lineno', 1)} {code} {message}"


def main() -> None:
    """Print the findings and exit 1 if there are any."""
    root = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]
    found = list(findings(root))
    print("\n".join(found) or "No findings.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
