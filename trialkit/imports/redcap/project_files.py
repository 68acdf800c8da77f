"""The files of a project are told apart by what stands in their headers, not by name or order.

REDCap lets people download a dictionary, exports, the events, and which instrument is asked at which
event, each under a name that says little; and they are given to a command in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.imports.redcap.dictionary import KNOWN
from trialkit.imports.redcap.project_xml import looks_like_project
from trialkit.imports.redcap.text_table import UTF_8, begin_of, header_of


class FileKind(Enum):
    """What a file of a project is."""

    DICTIONARY = "a data dictionary"
    PROJECT = "a project as XML"
    MAPPING = "the instrument-event mapping"
    EVENTS = "the list of events"
    ELSE = "a list that is not imported"
    EXPORT = "an export of records"


_FEW_NAMES = 4
"""A dictionary has at least so many of its columns, a record of an export none of them."""
_LISTS = (
    frozenset({"arm_num", "name"}),
    frozenset({"username", "email"}),
    frozenset({"unique_role_name", "role_label"}),
    frozenset({"data_access_group_name", "unique_group_name"}),
    frozenset({"form_name", "custom_form_label"}),
    frozenset({"alert-title", "alert-type"}),
)
"""Columns of what REDCap lets people download beside: arms, users, roles, groups, repeats, alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedFiles:
    """The files of a project by what they are."""

    dictionary: Path
    exports: tuple[Path, ...]
    mappings: tuple[Path, ...] = ()
    """Which instrument is asked at which event."""
    events: tuple[Path, ...] = ()
    """Which events there are."""
    is_project: bool = False
    """Whether the dictionary is that of a project as XML."""


def kind_of(path: Path, *, encoding: str = UTF_8) -> FileKind:
    """What a file is, by the names in its first line."""
    if looks_like_project(begin_of(path)):
        return FileKind.PROJECT
    names = header_of(path, encoding=encoding)
    lowered = frozenset(name.strip().lower() for name in names)
    if len(names & KNOWN) >= _FEW_NAMES:
        return FileKind.DICTIONARY
    if {"unique_event_name", "form"} <= lowered:
        return FileKind.MAPPING
    if {"unique_event_name", "event_name"} <= lowered:
        return FileKind.EVENTS
    if any(columns <= lowered for columns in _LISTS):
        return FileKind.ELSE
    return FileKind.EXPORT


def sort_out(paths: Sequence[Path], *, encoding: str = UTF_8) -> SortedFiles:
    """The files by what they are, whatever their order.

    Raises :class:`DataFileError` unless exactly one is a dictionary.
    """
    kinds = {path: kind_of(path, encoding=encoding) for path in paths}
    of = {kind: tuple(path for path in kinds if kinds[path] is kind) for kind in FileKind}
    if of[FileKind.ELSE]:
        raise DataFileError(
            f"{of[FileKind.ELSE][0]}: is a list of arms, users, roles, groups, repeats or alerts, "
            "which says nothing that is imported; leave it out"
        )
    dictionaries = (*of[FileKind.DICTIONARY], *of[FileKind.PROJECT])
    if len(dictionaries) > 1:
        named = " and ".join(str(path) for path in dictionaries)
        raise DataFileError(f"{named}: are both data dictionaries; a trial is made from one")
    # without one, the first is read as a dictionary, and said to be none
    dictionary = dictionaries[0] if dictionaries else paths[0]
    return SortedFiles(
        dictionary=dictionary,
        is_project=kinds[dictionary] is FileKind.PROJECT,
        exports=tuple(path for path in of[FileKind.EXPORT] if path != dictionary),
        mappings=tuple(path for path in of[FileKind.MAPPING] if path != dictionary),
        events=tuple(path for path in of[FileKind.EVENTS] if path != dictionary),
    )
