"""An XLSForm is read by pyxform, which is ODK's own reading of it.

Old names of columns and types, lists, languages, "or other" and what else XLSForm allows to be said
in several ways come out as one. Only its reading of sheets is used: it opens no file, and neither
builds nor validates an XForm.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from trialkit.errors import DataFileError
from trialkit.imports.xlsform.from_file import choices_in_file, table_beside
from trialkit.imports.xlsform.misspelt_columns import misspelt_columns
from trialkit.imports.xlsform.sheets import (
    CHOICES,
    ENTITIES,
    EXTERNAL,
    ROW,
    SETTINGS,
    SURVEY,
    TextSheet,
    read_sheets,
)
from trialkit.imports.xlsform.survey import Survey, SurveyRow

_RESERVED = "meta"
_KEPT = "meta_"
"""What a group is called for pyxform that has the name that XLSForm keeps for itself."""
_BINDS = {
    "relevant": "relevant",
    "constraint": "constraint",
    "jr:constraintMsg": "constraint_message",
    "required": "required",
    "calculate": "calculation",
}
_TYPE = frozenset({"type", "command"})
_SELECTS = {"select1": "select_one", "select": "select_multiple", "odk:rank": "rank"}
_DATA = {
    "string": "text",
    "int": "integer",
    "dateTime": "datetime",
    "binary": "file",
}
_TABLES = re.compile(r"""\b(?:pulldata|instance)\(\s*['"‘’“”]([^'"‘’“”]{1,100})['"‘’“”]""")
"""The names of tables and lists in which an expression looks."""
_HOLDING = frozenset({"group", "repeat", "loop"})
_MEDIA = {"label", "name", "media", "sms_option", ROW}


def read_survey(path: Path) -> Survey:
    """The XLSForm in a file.

    Raises :class:`DataFileError` for a file that is none, or one that ODK would not take.
    """
    sheets = read_sheets(path)
    if not any(_TYPE & {name.lower() for name in row} for row in sheets[SURVEY].rows):
        raise DataFileError(f"{path.name}, sheet survey: has no row with a type")
    read = _Read(path, _parsed(sheets, path.name), _external(sheets)).survey()
    survey = sheets[SURVEY]
    unknown = misspelt_columns(survey.columns, survey.rows, _known_columns())
    return replace(read, lost=(*unknown, *read.lost))


def _known_columns() -> frozenset[str]:
    """What the columns of a survey can be called."""
    question, aliases = map(_pyxform, ("question", "aliases"))
    fields = (name for name in question.MultipleChoiceQuestion.get_slot_names() if name[0] != "_")
    return frozenset({*fields, *aliases.survey_header})


def _parsed(sheets: Mapping[str, TextSheet], file: str) -> dict[str, Any]:
    """What pyxform makes of the sheets."""
    reading, backends, errors = map(_pyxform, ("xls2json", "xls2json_backends", "errors"))
    given: dict[str, object] = {"sheet_names": list(sheets)}
    for name, sheet in sheets.items():
        given[name] = _by_number(sheet) if name == SURVEY else [dict(row) for row in sheet.rows]
        given[f"{name}_header"] = [dict.fromkeys([*sheet.columns, ROW])]
    for name in (CHOICES, EXTERNAL, SETTINGS, ENTITIES):
        for row in given.get(name, ()):  # type: ignore[attr-defined] # lists of rows, made above
            row.pop(ROW, None)
        if name in sheets:
            given[f"{name}_header"] = [dict.fromkeys(sheets[name].columns)]
        if name in sheets and not sheets[name].rows:
            given.pop(name)
            given.pop(f"{name}_header")
    try:
        parsed: dict[str, Any] = reading.workbook_to_json(
            backends.DefinitionData(**given), form_name="data", warnings=[]
        )
    except errors.PyXFormError as error:
        said = " ".join(str(error).split())
        raise DataFileError(
            f"{file}: ODK does not take this form: {said[:400]}. Correct it there, then import again"
        ) from None
    except (IndexError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise DataFileError(
            f"{file}: pyxform, which reads XLSForms, cannot read it ({type(error).__name__}: "
            f"{str(error)[:120]}); upload the form to ODK or KoboToolbox to see what is wrong with it"
        ) from None
    return parsed


def _external(sheets: Mapping[str, TextSheet]) -> dict[str, list[SurveyRow]]:
    """The lists of the sheet ``external_choices``, which the form keeps beside the others."""
    found: dict[str, list[SurveyRow]] = {}
    for row in sheets[EXTERNAL].rows if EXTERNAL in sheets else ():
        label = next((row[name] for name in row if name.partition(":")[0] == "label"), "")
        name = row.get("list_name") or row.get("list name", "")
        cells = {**row, "label": label}
        found.setdefault(name, []).append(SurveyRow(number=int(row[ROW]), cells=cells))
    return found


def _pyxform(module: str) -> ModuleType:
    """A module of pyxform, which only the forms of others need, and which loads much else."""
    try:
        return import_module(f"pyxform.{module}")
    except ImportError:
        raise DataFileError(
            "an XLSForm is read by pyxform, which is not there: pip install 'trialkit[xlsform]'"
        ) from None


def _by_number(sheet: TextSheet) -> list[dict[str, str]]:
    """The rows, each at the place where its number says, so that messages name the right one."""
    rows: list[dict[str, str]] = []
    for each in sheet.rows:
        row = dict(each)
        for column, text in each.items():
            if column.lower() in {"name", "value", "tag"} and text.strip() == _RESERVED:
                row[column] = _KEPT
        missing = int(row[ROW]) - 2 - len(rows)
        rows += [{} for _ in range(min(missing, len(sheet.rows)))] if missing > 0 else []
        rows.append(row)
    return rows


class _Read:
    """What pyxform read, as rows one after the other."""

    def __init__(
        self, path: Path, parsed: Mapping[str, Any], lists: Mapping[str, Sequence[SurveyRow]]
    ) -> None:
        self._path = path
        self._parsed = parsed
        self._types: Mapping[str, Any] = _pyxform("question_type_dictionary").QUESTION_TYPE_DICT
        self._conversions: Mapping[str, str] = _pyxform("aliases").BINDING_CONVERSIONS
        self._languages: dict[str, None] = {}
        self._taken = str(parsed.get("default_language", ""))
        self._lists = {name: tuple(rows) for name, rows in lists.items()}
        self._lost: list[tuple[str, str, str]] = []

    def survey(self) -> Survey:
        """The survey."""
        for node in _every_node(self._parsed["children"]):
            for column in ("label", "hint"):
                if isinstance(node.get(column), dict):
                    self._languages |= dict.fromkeys(map(str, node[column]))
        if self._taken not in self._languages:
            self._taken = next(iter(self._languages), "")
        for name, choices in self._parsed.get("choices", {}).items():
            self._lists[str(name)] = self._choices(choices)
        rows = tuple(self._rows(self._parsed["children"]))
        beside = self._beside(rows)
        return Survey(
            file=self._path.name,
            rows=rows,
            choices=self._lists,
            beside=beside,
            settings=SurveyRow(number=2, cells=self._settings()),
            languages=tuple(
                dict.fromkeys(name for name in (self._taken, *self._languages) if name)
            ),
            lost=tuple(self._lost),
        )

    def _beside(self, rows: Sequence[SurveyRow]) -> Mapping[str, tuple[SurveyRow, ...]]:
        """The tables beside the form in which its expressions look things up, each read once."""
        named = {
            name: row.number
            for row in reversed(rows)
            for text in row.cells.values()
            for name in _TABLES.findall(text)
        }
        found = {}
        for name in sorted(set(named) - set(self._lists)):
            table, trouble = table_beside(self._path, name)
            if table is not None:
                found[name] = table
            if trouble:
                place = f"survey, row {named[name]}"
                self._lost.append(
                    (place, f"the table {name}", f"{trouble}; nothing is looked up in it")
                )
        return found

    def _settings(self) -> dict[str, str]:
        parsed = self._parsed
        stated = parsed["id_string"] != "data"
        found = {"form_id": str(parsed["id_string"])} if stated else {}
        if parsed["title"] != parsed["id_string"]:
            found["form_title"] = self._said(parsed["title"])
        return found

    def _said(self, text: object) -> str:
        """A text in the language that is taken, or in the first that there is."""
        if isinstance(text, dict):
            return str(text.get(self._taken) or next(iter(text.values()), ""))
        return str(text or "")

    def _choices(self, choices: Sequence[Mapping[str, Any]]) -> tuple[SurveyRow, ...]:
        return tuple(
            SurveyRow(
                number=0,
                cells={
                    **{
                        name: self._said(value)
                        for name, value in choice.items()
                        if name not in _MEDIA
                    },
                    "name": str(choice.get("name", "")),
                    "label": self._said(choice.get("label")),
                },
            )
            for choice in choices
        )

    def _rows(self, nodes: Sequence[Mapping[str, Any]]) -> Iterator[SurveyRow]:
        """The nodes and all within them, what is opened and closed as rows of their own."""
        open_: list[tuple[Iterator[Mapping[str, Any]], SurveyRow | None]] = [(iter(nodes), None)]
        generated = {
            str(node.get("name")): str(node.get("bind", {}).get("calculate", ""))
            for node in _every_node(nodes)
            if ROW not in node
        }
        while open_:
            following, opened = open_[-1]
            node = next(following, None)
            if node is None:
                open_.pop()
                if opened is not None:
                    kind = opened["type"].removeprefix("begin ")
                    yield SurveyRow(number=opened.number, cells={"type": f"end {kind}"})
            elif node["type"] in _HOLDING and ROW not in node:  # added by XLSForm itself
                open_.append((iter(node.get("children", ())), None))
            elif node["type"] in _HOLDING:
                row = self._row(node, f"begin {node['type']}", generated)
                open_.append((iter(node.get("children", ())), row))
                yield row
            elif ROW in node or node["type"] == "text":
                yield self._row(node, self._type(node), generated)

    def _row(self, node: Mapping[str, Any], kind: str, generated: Mapping[str, str]) -> SurveyRow:
        name = str(node.get("name", ""))
        name = _RESERVED if name == _KEPT else name
        known = self._types.get(str(node["type"]), {}).get("bind", {})
        bind = {
            **{key: known[key] for key in ("constraint",) if key in known},
            **node.get("bind", {}),
        }
        count = str(node.get("control", {}).get("jr:count", ""))
        parameters = _parameters(node)
        cells = {
            "type": kind,
            "name": name,
            "label": self._said(node.get("label")),
            "hint": self._said(node.get("hint")),
            "choice_filter": str(node.get("choice_filter", "")),
            "default": str(node.get("default", "")),
            "trigger": _trigger(node.get("trigger", "")),
            "repeat_count": generated.get(count.removeprefix("${").removesuffix("}"), count),
            "parameters": " ".join(f"{key}={value}" for key, value in parameters.items()),
            **{ours: self._bound(bind.get(theirs)) for theirs, ours in _BINDS.items()},
        }
        return SurveyRow(
            number=int(node.get(ROW, 0)),
            cells={column: text for column, text in cells.items() if text},
        )

    def _bound(self, text: object) -> str:
        """What is said of a question; a plain yes or no as the condition that it is."""
        said = self._said(text)
        return str(self._conversions.get(said, said))

    def _type(self, node: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one a kind of control
        """The type in the words of XLSForm as it is now, with the list of a choice behind it."""
        kind = str(node["type"])
        known = self._types.get(kind)
        if known is None:
            return kind
        if kind == "select one external":
            return f"select_one {node.get('itemset') or node.get('query') or ''}"
        tag, bind = known.get("control", {}).get("tag"), known.get("bind") or {}
        if tag in _SELECTS:
            return f"{_SELECTS[tag]} {self._list_of(node)}"
        if tag is None or tag == "action":
            return _unseen(kind, bind)
        if tag == "trigger":
            return "acknowledge" if "geopoint" not in kind else kind
        if bind.get("readonly"):
            return "note"
        if tag == "range":
            return "range"
        return str(_DATA.get(bind["type"], bind["type"]))

    def _list_of(self, node: Mapping[str, Any]) -> str:
        """The list of a question; that of a file beside the form is read once."""
        name = str(node.get("itemset") or node.get("list_name") or "")
        if "choices" in node or name in self._lists:
            return name
        if name.startswith("${") or "." not in name:
            return name
        found, trouble = choices_in_file(self._path, name, _parameters(node))
        if trouble:
            place = f"survey, row {node.get(ROW, 0)}"
            self._lost.append((place, f"the choices of {node.get('name')} in {name}", trouble))
        self._lists[name] = found
        return name


def _every_node(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.get("children", ()))


def _unseen(kind: str, bind: Mapping[str, str]) -> str:
    """What is filled in without being asked: the clock, the device, what is worked out or hidden."""
    if bind.get("jr:preload") == "timestamp":
        return str(bind["jr:preloadParams"])
    if bind.get("jr:preload") == "date":
        return "today"
    if bind.get("jr:preload") == "property":
        return f"device ({kind})"
    return "calculate" if "calculate" in kind else kind


def _parameters(node: Mapping[str, Any]) -> Mapping[str, str]:
    """What a question is told beside its type; a text where pyxform found nothing to read."""
    found = node.get("parameters")
    return found if isinstance(found, dict) else {}


def _trigger(said: object) -> str:
    return " ".join(map(str, said)) if isinstance(said, list | tuple) else str(said or "")
