"""What is not in the reference is not there: every variable, command and option has its line."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from diurna.cli import main
from diurna.config.settings.env import VARIABLES

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def every_command(group: click.Group, path: str = "diurna") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(every_command(main))
PASSED_ON = {
    "diurna import wordpress": "diurna.importers.wordpress.command:import_wordpress",
    "diurna import addresses": "diurna.importers.wordpress.address_command:import_addresses",
    "diurna import undo": "diurna.importers.undo_command:undo",
    "diurna import runs": "diurna.importers.undo_command:list_runs",
}


def test_every_setting_is_documented_and_no_other() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE))
    assert documented == set(VARIABLES)


def test_every_command_is_documented_and_no_other() -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^## `(diurna [a-z -]+)`$", text, re.MULTILINE))
    assert documented == set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_is_documented_and_no_other(path: str) -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    part = text.partition(f"## `{path}`\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `(--[a-z-]+)", part, re.MULTILINE))
    command = COMMANDS[path]
    if path in PASSED_ON:
        # The importer reads its own options; the entry in the command only passes them on.
        module, _, name = PASSED_ON[path].partition(":")
        command = getattr(importlib.import_module(module), name)
    options = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for name in parameter.opts
        if name.startswith("--")
    }
    assert documented == options - {"--help"}
