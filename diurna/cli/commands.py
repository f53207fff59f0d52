"""All commands, by name. Exit status: 0 done, 1 the answer is no, 2 wrong use."""

import importlib
from pathlib import Path
from typing import Any

import click

from diurna.common.errors import DiurnaError, Invalid, Misconfigured

EXIT_NO = 1
EXIT_WRONG_USE = 2


class Sentence(click.ClickException):
    """An error as a person reads it: one sentence, no traceback."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.status = exit_code

    @property
    def exit_code(self) -> int:  # type: ignore[override]  # click reads it as an attribute
        """The process's exit status."""
        return self.status


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called.

    `lazy` maps a command's name to "module:attribute" and to its line in the help.
    """

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported if need be."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self._lazy:
                rows.append((name, self._lazy[name][1]))
            elif command := super().get_command(ctx, name):
                rows.append((name, command.get_short_help_str(70)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error that is a sentence becomes one."""
        try:
            return super().invoke(ctx)
        except DiurnaError as error:
            wrong_use = isinstance(error, Misconfigured | Invalid)
            raise Sentence(str(error), EXIT_WRONG_USE if wrong_use else EXIT_NO) from error
        except PermissionError as error:
            place = error.filename or "A file"
            raise Sentence(
                f"{place} may not be written to; correct its owner, or choose another DIURNA_HOME.",
                EXIT_NO,
            ) from error


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    lazy={
        "serve": ("diurna.cli.serving:serve", "Serve the site, or else the demonstration."),
        "demo": ("diurna.cli.demonstration:demo", "Build the demonstration."),
        "init": ("diurna.cli.site:init", "Make a real site."),
        "backup": ("diurna.cli.backup:backup", "Back the site up into one file."),
        "restore": ("diurna.cli.backup:restore", "Make a site of a backup."),
        "doctor": ("diurna.cli.site:doctor", "Say what is not set up, or not well."),
        "verify": ("diurna.verify.command:verify", "Check a site against its public log."),
        "manage": ("diurna.cli.site:manage", "Pass a command to Django."),
    },
)
@click.version_option(package_name="diurna")
def main() -> None:
    """Diurna: a newsroom in one product."""


@main.group(
    cls=LazyGroup, lazy={"add": ("diurna.cli.site:editor_add", "Invite somebody to the desk.")}
)
def editor() -> None:
    """People who work at the desk."""


@main.group(
    cls=LazyGroup,
    lazy={
        "export": ("diurna.cli.account:export", "Print what is held of a reader."),
        "erase": ("diurna.cli.account:erase", "Erase a reader's account."),
    },
)
def account() -> None:
    """Readers with an account."""


@main.group(
    cls=LazyGroup,
    lazy={"remove": ("diurna.cli.article:remove", "Remove a story for legal reasons.")},
)
def article() -> None:
    """Stories."""


@main.group(
    cls=LazyGroup,
    lazy={
        "rotate-key": ("diurna.cli.ledger:rotate_key", "Sign the log with a new key."),
        "new-address": ("diurna.cli.ledger:new_address", "Say in the log where the site is now."),
        "recount": ("diurna.cli.ledger:recount", "Count all votes again from the log."),
    },
)
def ledger() -> None:
    """The public log."""


@main.group(
    cls=LazyGroup,
    lazy={
        "measure": ("diurna.cli.spam:measure", "Measure the spam filter on sorted messages."),
    },
)
def spam() -> None:
    """The spam filter."""


@main.group(
    cls=LazyGroup,
    lazy={"check": ("diurna.cli.copies:check", "Compare kept copies with what they were.")},
)
def copies() -> None:
    """Kept copies of what stories cite."""


@main.group(
    cls=LazyGroup,
    lazy={
        "measure": (
            "diurna.cli.attributions:measure",
            "Measure the hints about attributions on labelled sentences.",
        ),
    },
)
def attributions() -> None:
    """The hints about attributions without a citation."""


@main.group(
    "import",
    cls=LazyGroup,
    lazy={
        "wordpress": (
            "diurna.cli.site:import_wordpress",
            "Bring in a WordPress export.",
        ),
        "addresses": (
            "diurna.cli.site:import_addresses",
            "Say what old addresses answer now.",
        ),
        "runs": ("diurna.cli.site:import_runs", "List the imports so far."),
        "undo": ("diurna.cli.site:import_undo", "Take an import back."),
    },
)
def import_() -> None:
    """Bring in what another system holds."""


def full_path(path: str) -> Path:
    """A path as given on the command line, absolute, `~` filled in."""
    return Path(path).expanduser().resolve()
