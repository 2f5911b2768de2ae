"""Benchmarks: every other file in this folder is one command that measures something and prints it.

python -m benchmarks           list them
python -m benchmarks NAME …    run one with its own arguments
python -m benchmarks all       run each once, with its defaults
"""

import ast
import subprocess
import sys
from pathlib import Path

COMMANDS = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("_"))


def main() -> None:
    """List the benchmarks, or run one or all in processes of their own."""
    name, *arguments = sys.argv[1:] or [""]
    chosen = [path for path in COMMANDS if name in {path.stem, "all"}]
    if name and not chosen and name != "all":
        sys.exit(f"No benchmark {name!r}. There are: {', '.join(path.stem for path in COMMANDS)}")
    for path in COMMANDS if not name else ():
        summary = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        print(f"{path.stem:16} {summary}")
    for path in chosen:
        print(f"== {path.stem}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}", *arguments], check=True)


if __name__ == "__main__":
    main()
