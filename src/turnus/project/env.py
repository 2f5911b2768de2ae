"""The deployment settings: one frozen value, read from the environment once.

Business settings do not belong here; they are dated columns on seller, plan or policy.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit


class BadEnvironment(ValueError):
    """A variable of the environment cannot be used. The message names it and never repeats a password."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the rows are. `name` is a path (or `:memory:`) on SQLite, a database name on PostgreSQL."""

    engine: Literal["sqlite3", "postgresql"]
    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """What an installation is told from outside."""

    home: Path
    database: Database
    language: str
    secret_key: str = field(repr=False)
    hosts: tuple[str, ...]
    debug: bool


def read_environment(variables: Mapping[str, str]) -> Environment:
    """The deployment settings in `variables`; creates TURNUS_HOME and, if none is given, the secret key in it."""
    home = Path(variables.get("TURNUS_HOME") or "var").absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = variables.get("DATABASE_URL") or f"sqlite:///{quote(str(home / 'turnus.sqlite3'))}"
    return Environment(
        home=home,
        database=parse_database_url(url),
        language=variables.get("TURNUS_LANGUAGE") or "de",
        secret_key=variables.get("TURNUS_SECRET_KEY") or stored_secret_key(home / "secret_key"),
        hosts=tuple((variables.get("TURNUS_HOSTS") or "localhost,127.0.0.1,[::1]").split(",")),
        debug=parse_switch("TURNUS_DEBUG", variables.get("TURNUS_DEBUG") or "0"),
    )


def parse_switch(variable: str, text: str) -> bool:
    """True for `1`, False for `0`."""
    if text not in {"0", "1"}:
        raise BadEnvironment(f"{variable} must be 0 or 1, not {text!r}")
    return text == "1"


def parse_database_url(url: str) -> Database:
    """The database that `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST:PORT/NAME?OPTION=VALUE` means.

    As usual, three slashes begin a relative path and four an absolute one. A PostgreSQL socket folder goes into
    `?host=/folder`; all other options are handed to libpq as they are.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts)
    raise BadEnvironment(f"DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}")


def _sqlite(parts: SplitResult) -> Database:
    name = unquote(parts.path.removeprefix("/"))
    if parts.netloc or parts.query or not name:
        raise BadEnvironment("DATABASE_URL for SQLite must be sqlite:///PATH and nothing more")
    return Database(engine="sqlite3", name=name if name == ":memory:" else str(Path(name).absolute()))


def _postgresql(parts: SplitResult) -> Database:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/"))
    try:
        port = str(parts.port or "")
    except ValueError:
        raise BadEnvironment("DATABASE_URL has a port that is no port number") from None
    if not name:
        raise BadEnvironment("DATABASE_URL names no database")
    return Database(
        engine="postgresql",
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=options.pop("host", unquote(parts.hostname or "")),
        port=options.pop("port", port),
        options=tuple(options.items()),
    )


def stored_secret_key(path: Path) -> str:
    """The key in `path`, readable by its owner only. The first process to ask makes it; all others get the same."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, encoding="ascii") as fresh:  # mode 600
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            with suppress(FileExistsError):  # another process was faster; its key counts
                path.hardlink_to(fresh.name)
    return path.read_text(encoding="ascii").strip()
