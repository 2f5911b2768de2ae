"""Entry point of ``turnus``: settle the environment, then load the commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DEMO_FOLDER = "demo"
DEMO_FILE = "demo.json"
"""What a demo was made with; where it lies, is the demo's own data folder."""


def main() -> None:
    """Run ``turnus``."""
    prepare(sys.argv[1:])
    import django  # noqa: PLC0415 - the settings read the environment that was just settled

    from turnus.project.env import BadEnvironment  # noqa: PLC0415 - likewise

    try:
        django.setup()
    except BadEnvironment as error:
        sys.stderr.write(f"turnus: {error}\n")
        sys.exit(4)
    from turnus.interfaces.cli.app import app  # noqa: PLC0415 - models may be imported from here on

    app()


def prepare(args: list[str]) -> None:
    """The demo lives in a data folder of its own; everything else in TURNUS_HOME."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")
    words = [
        arg for place, arg in enumerate(args) if not arg.startswith("-") and args[place - 1 : place] != ["--language"]
    ]
    if words[:1] == ["demo"]:
        home = Path(os.environ.get("TURNUS_HOME") or "var").absolute()
        os.environ["TURNUS_HOME"] = str(home if (home / DEMO_FILE).exists() else home / DEMO_FOLDER)


if __name__ == "__main__":
    main()
