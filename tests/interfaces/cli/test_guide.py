"""The user guide tells the truth: every command in it exists, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import typer.main

from turnus.interfaces.cli.app import app
from turnus.interfaces.cli.frame import FAILED, FINDINGS, REFUSED, USAGE

GUIDE = Path(__file__).parents[3] / "docs" / "user-guide.md"


def test_every_command_of_the_guide_exists_with_its_options() -> None:
    tree = typer.main.get_command(app)
    found = re.findall(r"^\$ turnus (.*)$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(found) > 30
    for line in found:
        words = shlex.split(line)
        command, depth = tree, 0
        while words[depth:] and words[depth] in getattr(command, "commands", {}):
            command, depth = getattr(command, "commands")[words[depth]], depth + 1  # noqa: B009 - typer's own class
        assert not hasattr(command, "commands"), line
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words[depth:] if word.startswith("--")} <= known, line


def test_the_guide_names_every_exit_code() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for code in (0, FINDINGS, USAGE, REFUSED, FAILED):
        assert f"\n| {code} | " in text
