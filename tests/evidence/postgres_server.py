"""A PostgreSQL of our own for a test session: a cluster in a temporary folder, on a free port."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER, ENTERING, SERVICE = "owner", "entering", "service"
"""Who owns the tables, the group with the rights to enter, and a login that acts for people."""
PEOPLE = ("ann", "ann2", "ben", "cleo", "dan", "eve", "fay")
PASSWORDS = {"kim": "a word of Kim's %20&:@/?#", "lee": "another of Lee's", "max": "sent as it is"}
"""Of the accounts that the server lets in by their password alone, and :data:`HOW` it asks for it."""
HOW = {"kim": "scram-sha-256", "lee": "scram-sha-256", "max": "password"}
NO_LOGIN = "ned"
"""Somebody of whom the login of the service may make itself, and who has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs, and how its accounts reach it."""

    port: int

    def url(self, account: str, database: str = "postgres") -> str:
        """Where an account finds a database."""
        return f"postgresql://{account}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[Server]:
    """A cluster with the accounts of an owner and of people, ended by its process."""
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed")
    # a socket's path is short, and root may not run a server
    place = Path(tempfile.mkdtemp(prefix="tk-pg-"))
    data = place / "data"
    as_somebody = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_somebody:
        shutil.chown(place, "postgres")
    port = _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    subprocess.run(
        [*as_somebody, bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E",
         "UTF8", "--no-sync"],
        check=True, timeout=120, cwd=place, **quiet,
    )  # fmt: skip
    asked = [f"host all {each} 127.0.0.1/32 {how}\n" for each, how in HOW.items()]
    rules = data / "pg_hba.conf"
    rules.write_text("".join(asked) + rules.read_text())
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={place}"
    subprocess.run(
        [*as_somebody, bin_folder / "pg_ctl", "-D", data, "-w", "-t", "60", "-o", options, "-l",
         place / "log", "start"],
        check=True, timeout=120, cwd=place, **quiet,
    )  # fmt: skip
    try:
        _accounts(port)
        yield Server(port=port)
    finally:
        subprocess.run(
            [*as_somebody, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"],
            check=False, timeout=60, cwd=place, **quiet,
        )  # fmt: skip
        shutil.rmtree(place, ignore_errors=True)


def new_database(at: Server, name: str) -> str:
    """An empty database of the owner's; its URL for the owner."""
    import psycopg

    with psycopg.connect(at.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}')
    return at.url(OWNER, name)


def _accounts(port: int) -> None:
    import psycopg
    from psycopg import sql

    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN")
        connection.execute(f"CREATE ROLE {ENTERING} NOLOGIN")
        connection.execute(f"CREATE ROLE {SERVICE} LOGIN NOINHERIT")
        for person in PEOPLE:
            connection.execute(f"CREATE ROLE {person} LOGIN IN ROLE {ENTERING}")
            connection.execute(f"GRANT {person} TO {SERVICE}")
        for person, password in PASSWORDS.items():
            said = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(
                sql.Identifier(person), sql.Literal(password), sql.Identifier(ENTERING)
            )
            connection.execute(said)
            connection.execute(f"GRANT {person} TO {SERVICE}")
        connection.execute(f"CREATE ROLE {NO_LOGIN} NOLOGIN IN ROLE {ENTERING}")
        connection.execute(f"GRANT {NO_LOGIN}, ann TO lee")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
