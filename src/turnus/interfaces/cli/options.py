"""Options that many commands share, and what stands behind them: seller, today, who is acting."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import typer

from turnus.core.actors import Actor, Stamp
from turnus.core.intake.cells import CellError, Reading
from turnus.core.intake.dates import first_day, last_day, parse_cycle
from turnus.core.intake.numbers import amount, in_currency, parse_decimal
from turnus.core.intake.texts import message
from turnus.core.money import to_minor
from turnus.core.periods import FAR_FUTURE, Cycle
from turnus.interfaces.cli.frame import RefusedError
from turnus.interfaces.cli.language import both, language
from turnus.parties.facts import SellerFacts, UnknownSellerError, seller_facts, seller_id, seller_ids
from turnus.project import settings
from turnus.stories.render import Press
from turnus.wiring import files, ports

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

SellerOption = Annotated[
    str,
    typer.Option(
        "--seller",
        envvar="TURNUS_SELLER",
        show_envvar=False,
        help=both(
            "Code des Verkäufers; nötig, wenn es mehrere gibt.", "Code of the seller; needed if there are several."
        ),
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help=both("Ausgabe als JSON für Skripte.", "Output as JSON for scripts.")),
]
OnOption = Annotated[
    str,
    typer.Option(
        "--on",
        metavar=both("TAG", "DAY"),
        help=both(
            "Tag der Handlung, zum Beispiel 01.12.2026; leer: heute beim Verkäufer.",
            "Day of the act, for example 2026-12-01; blank: today at the seller's.",
        ),
    ),
]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", help=both("Grund, für das Protokoll und den Beleg.", "Reason, for the audit trail.")),
]
LimitOption = Annotated[
    int, typer.Option("--limit", min=1, max=100_000, help=both("Höchstens so viele Zeilen.", "At most so many rows."))
]


class House(NamedTuple):
    """The seller a command works for, and the day it works on."""

    id: int
    code: str
    facts: SellerFacts
    zone: ZoneInfo
    on: date

    @property
    def currency(self) -> str:
        """The seller's own currency."""
        return self.facts.data.currency

    @property
    def reading(self) -> Reading:
        """How this seller's people write days and numbers."""
        return Reading(self.zone, on=self.on, currency=self.currency, country=self.facts.data.address.country)


def home() -> Path:
    """The data folder of this installation."""
    return settings.ENVIRONMENT.home


def press() -> Press:
    """Who prints, who writes XML, and where this installation keeps its files."""
    found = ports(home())
    return Press(found.renderer, found.xml, files(home()))


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def stamp() -> Stamp:
    """Who acts, and when."""
    name = getpass.getuser()
    return Stamp(Actor("cli", name, name), now())


def house(code: str = "", on: str = "") -> House:
    """The seller of this code, or the only one. Raises ``RefusedError`` and ``UnknownSellerError``."""
    known = seller_ids()
    if not known:
        raise RefusedError("no_seller")
    if not code and len(known) > 1:
        raise RefusedError("which_seller", known=", ".join(name for _id, name in known))
    number = seller_id(code) if code else known[0][0]
    code = code or known[0][1]
    try:
        facts = seller_facts(number, on=now().date())
    except UnknownSellerError:
        raise UnknownSellerError(code) from None
    zone = ZoneInfo(facts.data.time_zone)
    today = now().astimezone(zone).date()
    return House(number, code, facts, zone, day_of(on, today, "--on") if on else today)


_READING: Final[ContextVar[list[tuple[str, str]] | None]] = ContextVar("reading", default=None)


@contextmanager
def all_at_once() -> Iterator[None]:
    """Every option read inside is read, whatever is wrong with others; all that is wrong is said at the end."""
    wrong: list[tuple[str, str]] = []
    token = _READING.set(wrong)
    try:
        yield
    except typer.BadParameter as error:
        wrong.append((str(error.param_hint or ""), error.message))
    finally:
        _READING.reset(token)
    if wrong:
        (first, told), *others = dict.fromkeys(wrong)
        lines = [told, *(f"{option}: {text}" for option, text in others)]
        raise typer.BadParameter("\n".join(lines), param_hint=first)


def unreadable(error: CellError, option: str, otherwise: T) -> T:
    """Refuse an option; where others are still to be read, ``otherwise`` stands for it until then."""
    wrong, told = _READING.get(), message(error, language())
    if wrong is None:
        raise typer.BadParameter(told, param_hint=option) from None
    wrong.append((option, told))
    return otherwise


def day_of(text: str, today: date, option: str) -> date:
    """A day as a person writes it: ``22.11.2026``, ``2026-11-22``, ``heute``, ``+14``, ``22.11.``."""
    try:
        return first_day(text.strip(), Reading(ZoneInfo("UTC"), on=today))
    except CellError as error:
        return unreadable(error, option, today)


def optional_day(text: str, where: House, option: str) -> date | None:
    """The same, where a day may be left out."""
    return day_of(text, where.on, option) if text else None


def money_of(text: str, currency: str, where: House, option: str) -> int:
    """An amount as a person writes it, in minor units: ``1.234,56`` → 123456."""
    try:
        value = in_currency(amount(text, where.reading), currency, option)
        assert value is not None
        return to_minor(value, currency)
    except CellError as error:
        return unreadable(error, option, 0)


def decimal_of(text: str, where: House, option: str) -> Decimal:
    """A number as a person writes it."""
    try:
        return parse_decimal(text, where.reading)
    except CellError as error:
        return unreadable(error, option, Decimal(0))


def end_of(text: str, where: House, option: str) -> date:
    """An inclusive last day as a half-open end; 31.12.9999 is open."""
    try:
        return last_day(text, where.reading) or FAR_FUTURE
    except CellError as error:
        return unreadable(error, option, FAR_FUTURE)


def cycle_of(text: str, where: House, option: str) -> Cycle:
    """A cycle as people write it: monatlich, 3 Monate, yearly."""
    try:
        return parse_cycle(text, where.reading)
    except CellError as error:
        return unreadable(error, option, Cycle(1, 0))
