"""What a database is made of: tables, guards and rights, a line each, so that two can be compared.

Each revision of the tables has the list of what it made, as a file beside its script. A store is held
against it before it is migrated, afterwards, and whenever it is verified: a guard that somebody took
away, or put another in the place of, is a line that is missing. Lines hold nothing that another
version of an engine would spell otherwise.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from trialkit.errors import EvidenceError

FOLDER = Path(__file__).with_name("revisions")
"""Of the scripts, and of what each came to."""
_OF_A_TABLE = frozenset(
    {"column", "constraint", "index", "trigger", "rule", "policy", "security", "row", "grant"}
)
_BY_THE_ENGINE = "sqlite_"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableListing:
    """Everything that a database has, or that a revision made."""

    lines: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Of the tables and functions."""
        return frozenset(
            _owner(line) for line in self.lines if line.startswith(("table ", "function "))
        )

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables alone."""
        return frozenset(_owner(line) for line in self.lines if line.startswith("table "))

    def missing(self, found: "TableListing") -> tuple[str, ...]:
        """The lines that another one has not."""
        return tuple(sorted(self.lines - found.lines))

    def strange(self, found: "TableListing") -> tuple[str, ...]:
        """What another one has more on the tables and functions of this one."""
        return tuple(
            sorted(line for line in found.lines - self.lines if _owner(line) in self.names)
        )

    def others(self, found: "TableListing") -> tuple[str, ...]:
        """What stands beside in another one: tables, views and functions of other names."""
        return tuple(
            sorted(
                f"{line.split()[0]} {_owner(line)}"
                for line in found.lines - self.lines
                if _owner(line) not in self.names and line.split()[0] not in _OF_A_TABLE
            )
        )


def _owner(line: str) -> str:
    """The table or the function that a line is about."""
    return line.split()[1].partition(".")[0]


def listed(revision: str, engine: str) -> TableListing:
    """What a revision made on an engine."""
    text = (FOLDER / f"{revision}.{engine}.txt").read_text(encoding="utf-8")
    return TableListing(lines=frozenset(text.splitlines()))


def written(found: TableListing) -> str:
    """A listing as the file of a revision has it."""
    return "".join(f"{line}\n" for line in sorted(found.lines))


def listing(connection: sa.Connection) -> TableListing:
    """What the database is made of; on a server, the schema that the store is in."""
    is_served = connection.dialect.name == "postgresql"
    return TableListing(
        lines=frozenset(_of_server(connection) if is_served else _of_file(connection))
    )


def application_of(connection: sa.Connection, place: str) -> str:
    """The account by which data are entered: the one, beside the owner, that may add to the log.

    Raises :class:`EvidenceError` where that is not one.
    """
    found = sorted(
        {
            str(each.grantee)
            for each in connection.execute(sa.text(_GRANTS))
            if (each.name, each.privilege) == ("event", "INSERT") and each.grantee != each.owner
        }
    )
    if len(found) != 1:
        raise EvidenceError(
            f"{place}: the log is added to by {', '.join(found) or 'nobody but its owner'}; expected one account, that of "
            "the application, whose members people are. Take the right from the others (REVOKE INSERT ON "
            "event FROM …). Nothing was done"
        )
    return found[0]


def owner_of(connection: sa.Connection) -> str:
    """The account that owns the log of a server; ``""`` where there is none."""
    found = connection.execute(sa.text(_OWNER)).scalar()
    return "" if found is None else str(found)


def _of_file(connection: sa.Connection) -> Iterator[str]:
    asked = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    for kind, name, table, sql in connection.exec_driver_sql(asked).all():
        if kind in ("table", "index") and str(name).startswith(_BY_THE_ENGINE):
            continue  # a trigger of such a name is somebody's who wants it not to be seen
        about = name if kind in ("table", "view") else f"{table}.{name}"
        yield f"{kind} {about} {' '.join(str(sql).split())}"


def _of_server(connection: sa.Connection) -> Iterator[str]:
    schema = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar())
    for kind, asked in _PARTS.items():
        for about, *said in connection.execute(sa.text(asked)).all():
            told = " ".join(str(each) for each in said if each not in (None, ""))
            yield " ".join(f"{kind} {about} {told}".replace(f"{schema}.", "").split())
    yield from _functions(connection, schema)
    yield from _grants(connection)
    for table in ("role_right", "action_right"):
        may = sa.text("SELECT has_table_privilege(to_regclass(:name), 'SELECT')")
        if connection.execute(may, {"name": table}).scalar():
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all():
                yield f"row {table}.{' | '.join(row)}"


def _functions(connection: sa.Connection, schema: str) -> Iterator[str]:
    for name, arguments, source, *said in connection.execute(sa.text(_FUNCTIONS)).all():
        body = hashlib.sha256(" ".join(source.split()).encode()).hexdigest()
        told = " ".join(str(each) for each in said if each)
        path = told.replace(f"search_path={schema},", "search_path=its own,")
        yield f"function {name}.({arguments}) {path} {body}"


def _grants(connection: sa.Connection) -> Iterator[str]:
    """What accounts other than the owner may; that others than the application look is not listed."""
    grants = connection.execute(sa.text(_GRANTS)).all()
    entering = {
        each.grantee for each in grants if (each.name, each.privilege) == ("event", "INSERT")
    }
    entering -= {each.owner for each in grants}
    for each in grants:
        is_application = len(entering) == 1 and each.grantee in entering
        if each.grantee != each.owner and (is_application or each.privilege != "SELECT"):
            who = "the application" if is_application else each.grantee
            yield f"grant {each.name}.{each.part} {each.privilege} to {who}"


_OURS = "relnamespace = current_schema()::regnamespace"
_PARTS = {
    "table": f"SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'f') AND {_OURS}",
    "view": f"SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND {_OURS}",
    "column": f"""
      SELECT relname || '.' || attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN 'not null' END, CASE WHEN atthasdef THEN 'default' END
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p') AND {_OURS}
    """,
    "constraint": f"""
      SELECT relname || '.' || conname, pg_get_constraintdef(pg_constraint.oid)
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
      WHERE contype IN ('p', 'u', 'f', 'c', 'x') AND {_OURS}
    """,
    "index": f"""
      SELECT held.relname || '.' || made.relname, pg_get_indexdef(made.oid)
      FROM pg_index JOIN pg_class AS made ON made.oid = indexrelid
        JOIN pg_class AS held ON held.oid = indrelid
      WHERE held.{_OURS}
    """,
    "trigger": f"""
      SELECT relname || '.' || tgname, tgtype, proname,
        CASE tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on a replica' END
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
      WHERE NOT tgisinternal AND {_OURS}
    """,
    "rule": f"""
      SELECT relname || '.' || rulename, ev_type FROM pg_rewrite
      JOIN pg_class ON pg_class.oid = ev_class WHERE relkind IN ('r', 'p') AND {_OURS}
    """,
    "policy": f"""
      SELECT relname || '.' || polname, polcmd, CASE WHEN polpermissive THEN '' ELSE 'restrictive' END,
        CASE WHEN polroles = '{{0}}' THEN '' ELSE 'of some accounts' END,
        CASE WHEN polqual IS NOT NULL THEN 'using' END,
        CASE WHEN polwithcheck IS NOT NULL THEN 'with check' END
      FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE {_OURS}
    """,
    "security": f"""
      SELECT relname || '.rows', CASE WHEN relforcerowsecurity THEN 'forced' END
      FROM pg_class WHERE relrowsecurity AND {_OURS}
    """,
}
"""By the word that a line begins with."""
_FUNCTIONS = """
  SELECT proname, pg_get_function_identity_arguments(pg_proc.oid), prosrc, lanname,
    CASE WHEN prosecdef THEN 'definer' END, CASE provolatile WHEN 's' THEN 'stable' WHEN 'i' THEN 'immutable' END,
    pg_get_function_result(pg_proc.oid), array_to_string(proconfig, ' ')
  FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
  WHERE pronamespace = current_schema()::regnamespace
"""
_GRANTS = f"""
  SELECT relname AS name, '' AS part, privilege_type AS privilege,
    CASE WHEN grantee = 0 THEN 'everybody' ELSE grantee::regrole::text END AS grantee,
    relowner::regrole::text AS owner
  FROM pg_class, aclexplode(COALESCE(relacl, acldefault('r', relowner)))
  WHERE relkind IN ('r', 'p') AND {_OURS}
  UNION ALL
  SELECT relname, attname, privilege_type,
    CASE WHEN grantee = 0 THEN 'everybody' ELSE grantee::regrole::text END, relowner::regrole::text
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
  WHERE relkind IN ('r', 'p') AND {_OURS}
  UNION ALL
  SELECT proname, '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')', privilege_type,
    CASE WHEN grantee = 0 THEN 'everybody' ELSE grantee::regrole::text END, proowner::regrole::text
  FROM pg_proc, aclexplode(COALESCE(proacl, acldefault('f', proowner)))
  WHERE pronamespace = current_schema()::regnamespace
"""
_OWNER = f"SELECT relowner::regrole::text FROM pg_class WHERE relname = 'event' AND {_OURS}"
