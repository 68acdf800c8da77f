"""TOML tables become frozen dataclasses, and everything wrong with them is said together.

The dataclass is the schema: its fields are the known keys, its annotations the types, its defaults
what may be left out, its ``__post_init__`` what must hold. Nothing is coerced: a text where a
number belongs is a complaint.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from trialkit.disk.reading import reading
from trialkit.errors import Complaint, ProtocolError, TrialStep
from trialkit.limits import (
    DEEPEST_DEFINITION,
    LARGEST_DEFINITION,
    LARGEST_WHOLE,
    LONGEST_LIST,
    LONGEST_WORDS,
    MOST_COMPLAINTS,
)
from trialkit.protocol.tables.choices import nearest, suggestion

Noun = TypeVar("Noun")

_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_CHAIN = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{100}}")
"""A key of a hundred parts, as ``a.b.c…``."""
_TOO_DEEP = f"its lists or tables are nested more than {DEEPEST_DEFINITION} deep"
_NOTHING_GIVEN: Mapping[str, object] = MappingProxyType({})
_WRONG = object()
"""Stands for a value that could not be read, its complaint already made."""


class Complaints:
    """What is wrong with one file, gathered while it is read.

    ``first_use`` tells of a table which step is the first to use it.
    """

    def __init__(
        self, file: str, first_use: Callable[[str], TrialStep] = lambda _: TrialStep.VALIDATE
    ) -> None:
        self.file = file
        self._first_use = first_use
        self._found: list[Complaint] = []

    def add(
        self, *, table: str, key: str, found: str, expected: str, step: TrialStep | None = None
    ) -> None:
        """Note one thing that is wrong; it stops ``step``, or the first that uses the table."""
        self._found.append(
            Complaint(
                file=self.file,
                table=table,
                key=key,
                found=found,
                expected=expected,
                step=self._first_use(table) if step is None else step,
            )
        )

    def all(self) -> tuple[Complaint, ...]:
        """Everything noted so far."""
        return tuple(self._found)


def load_toml(path: Path, *, file: str) -> tuple[dict[str, Any], str]:
    """The tables of a TOML file and the SHA-256 of its bytes."""
    content = _content(path, file=file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProtocolError(
            f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8 text"
        ) from None
    if _LONG_CHAIN.search(text):  # the parser's time grows with the square of such a chain
        raise ProtocolError(f"{file}: {_TOO_DEEP}")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(f"{file}: is not valid TOML: {error}") from None
    except RecursionError:
        raise ProtocolError(f"{file}: {_TOO_DEEP}") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise ProtocolError(f"{file}: holds a value that cannot be read: {error}") from None
    _refuse_deep_nesting(tables, file=file)
    return tables, hashlib.sha256(content).hexdigest()


def _content(path: Path, *, file: str) -> bytes:
    with reading(path):
        if not path.is_file():  # to read a pipe or a device could take for ever
            raise ProtocolError(f"{file}: cannot be read, since it is not a file")
        size = path.stat().st_size
        if size > LARGEST_DEFINITION:
            raise ProtocolError(
                f"{file}: has {size:,} bytes; a definition has {LARGEST_DEFINITION:,} at most: make two "
                "forms of it, or keep long texts in files of their own"
            )
        return path.read_bytes()


def _refuse_deep_nesting(tables: dict[str, Any], *, file: str) -> None:
    level: list[dict[str, Any] | list[Any]] = [tables]
    for _ in range(DEEPEST_DEFINITION):
        lists = [each.values() if isinstance(each, dict) else each for each in level]
        level = [inner for each in lists for inner in each if isinstance(inner, dict | list)]
    if level:
        raise ProtocolError(f"{file}: {_TOO_DEEP}")


def read_table(
    kind: type[Noun],
    raw: object,
    *,
    table: str,
    complaints: Complaints,
    given: Mapping[str, object] = _NOTHING_GIVEN,
) -> Noun | None:
    """The dataclass ``kind`` from a TOML table, or None when something in it was wrong.

    ``given`` are fields that have been read already.
    """
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table")
        return None
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    misspelt = _complain_of_unknown_keys(raw, list(known), table=table, complaints=complaints)
    hints = _hints(kind)  # type: ignore[arg-type]
    values = {
        name: _field(field, hints[name], raw, table=table, complaints=complaints)
        for name, field in known.items()
        if name in raw or (_is_required(field) and name not in misspelt)
    }
    if misspelt or any(value is _WRONG for value in values.values()):
        return None
    try:
        return kind(**values, **given)
    except ProtocolError as error:
        complaints.add(table=table, key="", found="values that cannot hold", expected=str(error))
        return None


def read_tables(
    kind: type[Noun],
    raw: object,
    *,
    table: str,
    complaints: Complaints,
    most: int = LONGEST_LIST,
) -> tuple[Noun, ...]:
    """The dataclasses from an array of tables (``[[table]]``); wrong ones are left out."""
    if raw is None:
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        complaints.add(table=table, key="", found=shown(raw), expected=f"tables [[{table}]]")
        return ()
    if len(raw) > most:
        found = f"{len(raw):,} tables [[{table}]]"
        complaints.add(table=table, key="", found=found, expected=f"{most:,} at most")
        return ()
    read = (
        read_table(kind, each, table=place(table, number, each), complaints=complaints)
        for number, each in enumerate(raw, start=1)
    )
    return tuple(each for each in read if each is not None)


def read_number(raw: object, *, table: str, key: str, complaints: Complaints) -> float | None:
    """A finite decimal number, or None with a complaint."""
    number = _value(float, raw, table=table, key=key, complaints=complaints)
    return number if isinstance(number, float) else None


def place(table: str, number: int, raw: object) -> str:
    """How a message names one of several tables: by its code where it has one."""
    if isinstance(raw, Mapping):
        for key in ("code", "id"):
            if isinstance(raw.get(key), str):
                return f"{table} {shown(raw[key])}"
    return f"{table} number {number}"


def _complain_of_unknown_keys(
    raw: Mapping[str, object], known: list[str], *, table: str, complaints: Complaints
) -> set[str]:
    """The known keys that an unknown one seems to be meant for, so that they are not missed too."""
    misspelt = set()
    strange = [key for key in raw if key not in known]
    if len(strange) > MOST_COMPLAINTS:  # each is compared with every known one
        found = f"{len(strange):,} unknown keys, the first {shown(strange[0])}"
        complaints.add(table=table, key="", found=found, expected=f"those of {', '.join(known)}")
        return set()
    for key in raw:
        if key not in known:
            complaints.add(
                table=table,
                key=key,
                found="an unknown key",
                expected=f"one of {', '.join(known)}{suggestion(key, known)}",
            )
            misspelt.add(nearest(key, known) or "")
    return misspelt


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    """What each field of a noun may be; forms have many tables of few kinds."""
    return MappingProxyType(get_type_hints(kind))


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _field(
    field: Field[Any],
    hint: Any,
    raw: Mapping[str, object],
    *,
    table: str,
    complaints: Complaints,
) -> object:
    if field.name not in raw:
        complaints.add(
            table=table, key=field.name, found="nothing", expected=f"{_expected(hint)} (required)"
        )
        return _WRONG
    return _value(hint, raw[field.name], table=table, key=field.name, complaints=complaints)


def _value(
    hint: Any,
    raw: object,
    *,
    table: str,
    key: str,
    complaints: Complaints,
) -> object:
    """``raw`` as what the annotation says, or ``_WRONG`` with a complaint."""
    expected = _expected(hint)
    if get_origin(hint) in {Union, UnionType}:
        options = _options(hint)
        hint = next((each for each in options if _is_meant(each, raw)), options[0])
    if get_origin(hint) is tuple:
        return _items(get_args(hint)[0], raw, table=table, key=key, complaints=complaints)
    if get_origin(hint) is Mapping:
        return _by_name(get_args(hint)[1], raw, table=table, key=key, complaints=complaints)
    if is_dataclass(hint) and isinstance(hint, type):
        inner = read_table(hint, raw, table=f"{table}.{key}", complaints=complaints)
        return _WRONG if inner is None else inner
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        known = [member.value for member in hint]
        if isinstance(raw, str) and raw in known:
            return hint(raw)
        near = suggestion(raw, known) if isinstance(raw, str) else ""
        complaints.add(
            table=table, key=key, found=shown(raw), expected=f"one of {', '.join(known)}{near}"
        )
        return _WRONG
    plain = _plain(hint, raw)
    if plain is _WRONG:
        if isinstance(raw, str) and len(raw) > LONGEST_WORDS:
            expected = f"{LONGEST_WORDS:,} characters at most"
        if "number" in expected and isinstance(raw, int | float) and not is_bounded(raw):
            expected = "a finite number" if isinstance(raw, float) else "15 digits at most"
        complaints.add(table=table, key=key, found=shown(raw), expected=expected)
    return plain


def _items(
    hint: Any,
    raw: object,
    *,
    table: str,
    key: str,
    complaints: Complaints,
) -> object:
    if not isinstance(raw, list):
        complaints.add(table=table, key=key, found=shown(raw), expected="a list [...]")
        return _WRONG
    if len(raw) > LONGEST_LIST:
        found, most = f"a list of {len(raw):,}", f"{LONGEST_LIST:,} entries at most"
        complaints.add(table=table, key=key, found=found, expected=most)
        return _WRONG
    items = []
    for number, each in enumerate(raw, start=1):
        inner = place(key, number, each) if isinstance(each, Mapping) else key
        items.append(_value(hint, each, table=table, key=inner, complaints=complaints))
    return _WRONG if any(each is _WRONG for each in items) else tuple(items)


def _is_meant(hint: object, raw: object) -> bool:
    """Whether a value is of one kind among those that a union allows."""
    if get_origin(hint) is Mapping:
        return isinstance(raw, Mapping)
    return _plain(hint, raw) is not _WRONG


def _by_name(hint: Any, raw: object, *, table: str, key: str, complaints: Complaints) -> object:
    """A value of one kind by each name, or ``_WRONG`` with a complaint."""
    if hint == tuple[str, ...]:
        return _texts_by_name(raw, table=table, key=key, complaints=complaints)
    if not isinstance(raw, Mapping) or len(raw) > LONGEST_LIST:
        complaints.add(table=table, key=key, found=shown(raw), expected="a table { name = value }")
        return _WRONG
    read = {
        name: _value(hint, each, table=table, key=f"{key}.{name[:80]}", complaints=complaints)
        for name, each in raw.items()
    }
    return _WRONG if any(each is _WRONG for each in read.values()) else read


def _texts_by_name(raw: object, *, table: str, key: str, complaints: Complaints) -> object:
    """One text or several by name, each as a tuple, or ``_WRONG`` with a complaint."""
    if not isinstance(raw, Mapping) or len(raw) > LONGEST_LIST:
        expected = "a table such as { side = 'left' }"
        complaints.add(table=table, key=key, found=shown(raw), expected=expected)
        return _WRONG
    read = {
        name: _items(
            str, each if isinstance(each, list) else [each], table=table, key=f"{key}.{name[:80]}",
            complaints=complaints,
        )
        for name, each in raw.items()
    }  # fmt: skip
    return _WRONG if any(each is _WRONG for each in read.values()) else read


def _plain(hint: object, raw: object) -> object:
    """A text, number, truth value or date, without any coercion but whole number to decimal."""
    if isinstance(raw, bool):
        return raw if hint is bool else _WRONG
    if not _is_of_a_size(raw):
        return _WRONG
    if hint is float and isinstance(raw, int):
        return float(raw)
    if hint is date and isinstance(raw, datetime):
        return _WRONG
    if isinstance(hint, type) and isinstance(raw, hint):
        return raw
    return _WRONG


def _is_of_a_size(raw: object) -> bool:
    if isinstance(raw, str):
        return len(raw) <= LONGEST_WORDS
    return is_bounded(raw) if isinstance(raw, int | float) else True


def is_bounded(number: float) -> bool:
    """Whether a number is finite and, if whole, one that no later step has to be afraid of."""
    return abs(number) <= LARGEST_WHOLE if isinstance(number, int) else isfinite(number)


_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def _options(hint: Any) -> tuple[Any, ...]:
    """What a union allows but None, which TOML cannot write."""
    return tuple(each for each in get_args(hint) if each is not type(None))


@cache
def _expected(hint: Any) -> str:
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join(_expected(each) for each in _options(hint))
    if get_origin(hint) is tuple:
        return "a list [...]"
    if hint is date:
        return "a date such as 2025-03-31, without quotation marks"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f"one of {', '.join(member.value for member in hint)}"
    return _WORDS.get(hint, "a table")


def shown(raw: object) -> str:
    """A value as a message shows it, cut where it is long."""
    if raw is None:  # which no TOML file can say: the key is not there
        return "nothing"
    try:
        text = raw.isoformat() if isinstance(raw, date) else repr(raw)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= 80 else f"{text[:77]}..."
