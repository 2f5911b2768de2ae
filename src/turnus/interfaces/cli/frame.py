"""What surrounds every command: language, refusals in words, exit codes.

0  done, nothing to complain about
1  done, but something needs a person: parked contracts, rows with errors, findings
2  the command was written wrongly
3  refused by a rule; nothing was changed
4  failed unexpectedly: database, disk, or an error in the program
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn

import typer
from django.db import DatabaseError, OperationalError, ProgrammingError
from typer import rich_utils
from typer.core import TyperGroup
from typer.exceptions import TyperException

from turnus.catalog.coupons import UnknownCouponError
from turnus.catalog.groups import UnknownGroupError
from turnus.catalog.offer import OfferRefusedError, UnknownProductError, UnknownSchemeError
from turnus.catalog.plans import UnknownPlanError
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.meter import UsageRefusedError
from turnus.contracts.touch import UnknownContractError
from turnus.core.adjusting import AdjustmentRefusedError
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.indices import IndexMissingError
from turnus.core.intake.cells import CellError
from turnus.core.intake.columns import FileError
from turnus.core.intake.texts import message as file_message
from turnus.core.messages import message
from turnus.core.money import InexactAmountError, UnknownCurrencyError
from turnus.core.numbering import NumberPatternError
from turnus.core.receivables import AllocationError
from turnus.core.tax import TaxHoldError
from turnus.delivery.channels import ChannelRefusedError
from turnus.documents.archive import DamagedFileError
from turnus.documents.designs import DesignRefusedError
from turnus.documents.move import PlaceRefusedError
from turnus.documents.retention import RetentionRefusedError
from turnus.integration.enter import EntryRefusedError
from turnus.interfaces.cli.language import both, choose, language, pick, say
from turnus.interfaces.cli.screen import console, plain
from turnus.invoices.document import UnknownInvoiceError
from turnus.invoices.manual import NotADraftError
from turnus.invoices.numbers import IssueDateError, NoSeriesError
from turnus.invoices.runs import RunRefusedError
from turnus.invoices.single import MissingDataError
from turnus.parties.facts import UnknownSellerError
from turnus.parties.queries import UnknownCustomerError
from turnus.parties.register import UnknownContactError
from turnus.payables.decide import IncomingRefusedError
from turnus.ports import Rejected, TryLater

FINDINGS: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
FAILED: Final = 4


class RefusedError(Exception):
    """A command is refused by an interface's own rule; ``code`` names its text in ``core/messages``."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


def findings(*, any_: bool) -> None:
    """End with exit code 1 where something needs a person."""
    if any_:
        raise typer.Exit(FINDINGS)


_CODED = (
    DesignRefusedError,
    TaxHoldError, ContractRefusedError, CorrectionRefusedError, RunRefusedError, UsageRefusedError, RefusedError,
    RetentionRefusedError, PlaceRefusedError, IncomingRefusedError,
)  # fmt: skip
Words = tuple[str, Mapping[str, str]]
_SINGLE: Final[Mapping[type[Exception], Callable[[Any], Words]]] = {
    UnknownInvoiceError: lambda error: ("unknown_invoice", {"invoice": str(error)}),
    UnknownContractError: lambda error: ("unknown_contract", {"contract": str(error.args[0])}),
    UnknownCustomerError: lambda error: ("unknown_customer", {"customer": str(error.args[0])}),
    UnknownSchemeError: lambda error: ("unknown_scheme", {"scheme": str(error.args[0])}),
    UnknownProductError: lambda error: ("unknown_product", {"product": str(error.args[0])}),
    IndexMissingError: lambda error: ("index_missing", {"series": error.series, "month": error.month.isoformat()}),
    UnknownGroupError: lambda error: ("unknown_group", {"group": str(error.args[0])}),
    UnknownPlanError: lambda error: ("unknown_plan", {"plan": str(error.args[0]), "near": error.near}),
    UnknownCouponError: lambda error: ("unknown_coupon", {"coupon": str(error.args[0]), "near": error.near}),
    UnknownContactError: lambda error: ("unknown_contact", {"role": error.args[0], "email": error.args[1]}),
    UnknownSellerError: lambda error: ("unknown_seller", {"seller": str(error.args[0])}),
    UnknownCurrencyError: lambda error: ("unknown_currency", {"currency": str(error)}),
    InexactAmountError: lambda error: ("inexact_amount", {"amount": str(error)}),
    NumberPatternError: lambda error: ("number_pattern", {"pattern": str(error)}),
    NotADraftError: lambda _error: ("not_a_draft", {}),
    NoSeriesError: lambda error: ("no_series", {"kind": str(error.args[0])}),
    IssueDateError: lambda error: (error.code, {"on": error.on.isoformat(), "last": error.last.isoformat()}),
    MissingDataError: lambda error: (
        "missing_data", {"fields": "; ".join(f"{lack.field} ({lack.law})" for lack in error.missing)},
    ),
    AllocationError: lambda error: (str(error.args[0]), {"key": str(error.args[-1])}),
    DamagedFileError: lambda error: ("damaged_file", {"path": str(error)}),
}  # fmt: skip
"""Expected failure → code and parameters of its text."""


def words(error: Exception) -> str | None:
    """What an expected failure means and how to mend it; None for one that nobody expected."""
    if isinstance(error, ContractRefusedError | OfferRefusedError | AdjustmentRefusedError | ChannelRefusedError):
        return "\n".join(message(code, params, language()) for code, params in error.faults)
    if isinstance(error, EntryRefusedError):
        told = [f"{cell.column}: {file_message(cell, language())}".removeprefix(": ") for cell in error.cells]
        return "\n".join([*told, *(message(code, params, language()) for code, params in error.faults)])
    if isinstance(error, _CODED):
        return message(error.code, error.params, language())
    if isinstance(error, FileError | CellError):
        return file_message(error, language())
    if isinstance(error, Rejected | TryLater):
        return error.german if language() == "de" else error.english
    found = next((put for kind, put in _SINGLE.items() if isinstance(error, kind)), None)
    return message(*found(error), language()) if found else None


def complain(text: str) -> None:
    """One message on standard error."""
    console(errors=True).print(f"[bold red]{say('Fehler', 'Error')}:[/bold red] {plain(text)}", soft_wrap=True)


class Frame(TyperGroup):
    """The top command: chooses the language, and turns every failure into one message and an exit code."""

    translated = False
    """The texts of this tree of commands are in the chosen language already."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - typer's signature
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - typer's signature
        **extra: Any,  # noqa: ANN401 - typer's signature
    ) -> NoReturn:
        """Run the command line and exit."""
        given = list(sys.argv[1:] if args is None else args)
        choose(given)
        title_panels()
        if not self.translated:
            translate(self)
            self.translated = True
        extra |= {"windows_expand_args": windows_expand_args, "standalone_mode": False}
        sys.exit(self._run(given, prog_name or "turnus", complete_var, extra))

    def _run(self, args: list[str], prog_name: str, complete_var: str | None, extra: dict[str, Any]) -> int:
        try:
            code = super().main(args, prog_name, complete_var, **extra)
        except (typer.Abort, KeyboardInterrupt):
            complain(say("Abgebrochen.", "Aborted."))
            return FINDINGS
        except TyperException as error:
            if type(error).__name__ != "NoArgsIsHelpError":  # then the help was just printed
                complain(usage_words(error))
            return USAGE
        except BrokenPipeError:  # the reader has seen enough: turnus invoice list | head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:
            if os.environ.get("TURNUS_DEBUG") == "1":
                raise
            return _failed(error)
        return code if isinstance(code, int) else 0


def _failed(error: Exception) -> int:
    told = words(error)
    if told is not None:
        complain(told)
        return REFUSED
    if isinstance(error, OperationalError | ProgrammingError) and (code := _schema(error)):
        complain(message(code, {}, language()))
        return REFUSED
    if isinstance(error, DatabaseError):
        complain(message("database", {"error": str(error).strip()}, language()))
        return FAILED
    complain(message("unexpected", {"error": f"{type(error).__name__}: {error}"}, language()))
    return FAILED


def _schema(error: Exception) -> str:
    """Whether the database was never set up, or is of an older version; empty: neither."""
    text = str(error)
    gone = "does not exist" in text
    if "no such table" in text or ("relation" in text and gone):
        return "no_database"
    return "old_database" if "no such column" in text or ("column" in text and gone) else ""


def usage_words(error: TyperException) -> str:
    """What is wrong with the way a command was written."""
    known = getattr(error, "possibilities", None)
    hint = f" {say('Gemeint', 'Did you mean')}: {', '.join(known)}?" if known else ""
    kind, option = type(error).__name__, getattr(error, "option_name", "")
    parameter = getattr(error, "param", None)
    name = "/".join(parameter.opts) if parameter is not None else str(getattr(error, "param_hint", None) or "")
    if kind == "NoSuchOption":
        return say("Die Option {o} gibt es nicht.", "There is no option {o}.", o=option) + hint
    if kind == "MissingParameter":
        shown = name if name.startswith("-") else name.upper()
        return say("{o} fehlt. Hilfe: --help.", "{o} is missing. Help: --help.", o=shown)
    told = error.format_message() if hasattr(error, "format_message") else str(error)
    if kind == "BadParameter":
        told = told.partition(": ")[2] or told
    for pattern, german, english in _TOLD:
        if match := re.search(pattern, told):
            told = say(german, english, **match.groupdict())
            break
    return f"{name}: {told}" if kind == "BadParameter" and name else told + hint


_TOLD: Final = (
    (r"No such command '(?P<c>[^']*)'", "Den Befehl gibt es nicht: {c}.", "There is no such command: {c}."),
    (
        r"'(?P<v>[^']*)' is not one of (?P<k>.*?)\.?$",
        "„{v}“ gibt es nicht. Möglich: {k}.",
        "There is no “{v}”. Possible: {k}.",
    ),
    (r"valid integer", "keine ganze Zahl.", "not a whole number."),
    (r"greater than or equal to (?P<n>\S+)", "mindestens {n}.", "at least {n}."),
    (r"less than or equal to (?P<n>\S+)", "höchstens {n}.", "at most {n}."),
    (r"Option '(?P<o>[^']*)' requires an argument", "{o} braucht einen Wert.", "{o} needs a value."),
    (r"unexpected extra argument\S* \((?P<x>.*)\)", "Das ist zu viel: {x}.", "That is too much: {x}."),
)
"""What typer says of a wrong command line → the same in both languages."""


def translate(command: Any) -> None:  # noqa: ANN401 - typer's own command classes
    """Take the chosen language of every help text of a command and its subcommands."""
    for part in (command, *command.params):
        for name in ("help", "short_help", "epilog", "metavar"):
            text = getattr(part, name, None)
            if text:
                setattr(part, name, pick(text))
    for parameter in command.params:
        parameter.display_type_rich = _typed(parameter.display_type_rich)
    usage, help_option = command.get_usage, command.get_help_option

    def get_usage(ctx: Any) -> str:  # noqa: ANN401 - typer's own class
        text = str(usage(ctx))
        for english, german in _USAGE.items():
            text = text.replace(english, say(german, english))
        return text

    def get_help_option(ctx: Any) -> Any:  # noqa: ANN401 - typer's own classes
        option = help_option(ctx)
        option.help = say("Diese Hilfe zeigen.", "Show this help.")
        option.display_type_rich = lambda ctx: ""  # noqa: ARG005 - typer names it
        return option

    command.get_usage, command.get_help_option = get_usage, get_help_option
    for child in getattr(command, "commands", {}).values():
        translate(child)


def _typed(shown: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """The kind of a value in words instead of Python's names; none for a switch."""

    def display_type(ctx: Any) -> str | None:  # noqa: ANN401 - typer's own class
        text = shown(ctx=ctx)  # type: ignore[call-arg] # typer names it
        return pick(_TYPES[text]) if text in _TYPES else text

    return display_type


_TYPES: Final = {
    "<bool>": "", "<str>": "TEXT", "<int>": both("ZAHL", "NUMBER"), "<path>": both("DATEI", "FILE"),
}  # fmt: skip
_USAGE: Final = {"Usage:": "Aufruf:", "[OPTIONS]": "[OPTIONEN]", "COMMAND [ARGS]...": "BEFEHL …"}


def title_panels() -> None:
    """The frames that typer draws around help, in the chosen language."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say("Angaben", "Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("Optionen", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = say("Befehle", "Commands")
    rich_utils.DEFAULT_STRING = say("[sonst: {}]", "[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = say("[nötig]", "[required]")


def example(german: str, english: str, *commands: str) -> str:
    """Help of a command: what it does, and examples to copy."""
    lines = "\n\n\b\n" + "\n".join(f"$ turnus {command}" for command in commands)
    return both(german + lines, english + lines)
