"""Sizes of files and functions: small enough to be read at one sitting.

python tools/budgets.py [ROOT]    print what is too long; exit 1 if something is. Migrations are generated and free.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("src", "tests", "tools", "benchmarks", "examples")
FILE_LIMIT, FILE_TARGET = 500, 400
FUNCTION_LIMIT, FUNCTION_TARGET = 60, 40
OWN_LIMITS = {"src/turnus/order_to_cash.py": 250}  # the story stays short enough to be the way in


def sources(root: Path) -> Iterator[Path]:
    """Every Python file that people write, relative to `root`."""
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("**/*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(root)


def file_sizes(root: Path) -> Iterator[tuple[bool, str]]:
    """Files beyond the target, as (too long, line to print)."""
    for path in sources(root):
        lines = len((root / path).read_text(encoding="utf-8").splitlines())
        limit = OWN_LIMITS.get(str(path), FILE_LIMIT)
        if lines > min(limit, FILE_TARGET):
            yield lines > limit, f"{path}:1 file of {lines} lines (target {FILE_TARGET}, limit {limit})"


def function_sizes(root: Path) -> Iterator[tuple[bool, str]]:
    """Functions beyond the target, decorators not counted, as (too long, line to print)."""
    for path in sources(root):
        for node in ast.walk(ast.parse((root / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION_TARGET:
                    size = f"{node.name}() of {lines} lines (target {FUNCTION_TARGET}, limit {FUNCTION_LIMIT})"
                    yield lines > FUNCTION_LIMIT, f"{path}:{node.lineno} {size}"


def main() -> None:
    """Print everything beyond a target; exit 1 if something is beyond a limit."""
    root = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]
    sizes = [*file_sizes(root), *function_sizes(root)]
    for too_long, line in sizes:
        print("error" if too_long else "note ", line)
    sys.exit(any(too_long for too_long, _ in sizes))


if __name__ == "__main__":
    main()
