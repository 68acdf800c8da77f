"""A project as REDCap's XML: CDISC ODM 1.3 with an extension of its own, read as dictionary and data.

The file is what a stranger sent: its size and the number of its elements are bounded, a document type
(which entities need) is refused, nothing outside the file is looked up. What the dictionary has in 18
columns stands in attributes of REDCap's there; records, where there are some, become rows as an export
has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
import polars as pl

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import DataFileError
from trialkit.imports.redcap.dictionary import Dictionary, Field, FieldType, checked_dictionary
from trialkit.imports.redcap.layout import Designated, Found
from trialkit.imports.redcap.system_fields import DAG, EVENT, INSTANCE, INSTRUMENT, status_field
from trialkit.imports.redcap.text_table import ExportTable
from trialkit.imports.taking_in.export_day import ExportDay, day_in
from trialkit.limits import LARGEST_CONTENT, MOST_ELEMENTS, MOST_PLACES

_KINDS = {"select": FieldType.DROPDOWN, "textarea": FieldType.NOTES}
"""REDCap's own names of field types, where the dictionary has others."""
_TEXTS = frozenset({"TranslatedText", "CheckValue"})

Attributes = Mapping[str, str]
Key = tuple[str, str, str, str]
"""A row of an export: record, event, instrument and instance, the last two empty where nothing repeats."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class XmlProject:
    """What a project's file says."""

    dictionary: Dictionary
    designated: tuple[Designated, ...]
    """Which form is asked at which event; nothing in a project of one event."""
    repeating: tuple[Found, ...]
    records: ExportTable | None
    """The records as an export has them; None in a file without."""
    day: ExportDay | None = None
    """The day on which the file was made."""


def looks_like_project(begin: bytes) -> bool:
    """Whether a file begins as a project does."""
    return begin.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<ODM")) and b"<ODM" in begin


def read_project(path: Path) -> XmlProject:
    """The project in a file.

    Raises :class:`DataFileError` for what is no such file.
    """
    with reading(path):
        content = bytes_within(path, LARGEST_CONTENT)
    parts = _Parts(file=path.name)
    parts.read(content)
    if not parts.items or not parts.groups:
        raise DataFileError(
            f"{path.name}: has no item definitions (ItemDef); expected a REDCap project as XML"
        )
    dictionary = checked_dictionary(tuple(_fields(parts)), file=path.name)
    longitudinal = len({each.event for each in parts.designated}) > 1
    return XmlProject(
        dictionary=dictionary,
        designated=tuple(parts.designated) if longitudinal else (),
        repeating=tuple(
            Found(form=form, repeating=True) for form in dict.fromkeys(parts.repeating_forms())
        ),
        records=_records(parts, dictionary, longitudinal=longitudinal),
        day=parts.day,
    )


@dataclass(slots=True, kw_only=True)
class _Definition:
    """An item definition while it is read."""

    attributes: Attributes
    label: str = ""
    codes: str = ""
    ends: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Parts:
    """The parts of a project's file, as they come."""

    file: str
    forms: dict[str, list[str]] = field(default_factory=dict)
    """By the form's name the ids of its item groups."""
    names: dict[str, str] = field(default_factory=dict)
    """By a form's id its name."""
    groups: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, _Definition] = field(default_factory=dict)
    codes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    """By a code list's id all choices of the checkbox that it is one choice of."""
    designated: list[Designated] = field(default_factory=list)
    repeats: set[tuple[str, str]] = field(default_factory=set)
    """Event and form; the form is empty where the event repeats as a whole."""
    rows: dict[Key, dict[str, str]] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """Where the reader is: the ids of the elements that are open."""
    day: ExportDay | None = None
    elements: int = 0
    text: list[str] | None = None

    def read(self, content: bytes) -> None:
        """Read all of the file."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def refuse(*_: object) -> None:
            raise DataFileError(f"{self.file}: has a document type, which no project of REDCap has")

        def start(name: str, attributes: Attributes) -> None:
            self.elements += 1
            if self.elements > MOST_ELEMENTS:
                raise DataFileError(f"{self.file}: has more than {MOST_ELEMENTS:,} elements")
            plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            self._begin(name.rpartition(" ")[2], plain, parser.CurrentLineNumber)

        def end(name: str) -> None:
            self._end(name.rpartition(" ")[2])

        def characters(text: str) -> None:
            if self.text is not None:
                self.text.append(text)

        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        try:
            parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
        except (KeyError, IndexError):
            raise DataFileError(
                f"{self.file}, line {parser.CurrentLineNumber}: an element stands where no project "
                "of REDCap has it; export the project again"
            ) from None
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DataFileError(f"{self.file}: is no XML that can be read ({error})") from None

    def repeating_forms(self) -> Iterator[str]:
        """The forms of which there may be several in one event."""
        for event, form in sorted(self.repeats):
            if form:
                yield form
            else:
                yield from (each.form for each in self.designated if each.event == event)

    def _begin(self, name: str, given: Attributes, line: int) -> None:  # noqa: PLR0912 - one an element
        self.text = [] if name in _TEXTS else None
        self.places[name] = given.get("OID", "")
        match name:
            case "ODM":
                self.day = self._day(given)
            case "StudyEventDef":
                self.places["event"] = given.get("UniqueEventName", "")
            case "FormRef":
                form = given.get("FormName", "").lower()
                self.designated.append(Designated(event=self.places["event"], form=form))
            case "RepeatingInstrument":
                form = given.get("RepeatInstrument", "").lower()
                self.repeats.add((given.get("UniqueEventName", ""), form))
            case "RepeatingEvent":
                self.repeats.add((given.get("UniqueEventName", ""), ""))
            case "FormDef":
                form = given.get("FormName", "").lower()
                self.names[given.get("OID", "")] = form
                self.forms[form] = []
                self.places["form"] = form
            case "ItemGroupRef":
                self.forms[self.places["form"]].append(given.get("ItemGroupOID", ""))
            case "ItemGroupDef":
                self.groups[given.get("OID", "")] = []
            case "ItemRef":
                self.groups[self.places["ItemGroupDef"]].append(given.get("ItemOID", ""))
            case "ItemDef":
                self.items[given.get("OID", "")] = _Definition(attributes=given)
            case "CodeListRef":
                self.items[self.places["ItemDef"]].codes = given.get("CodeListOID", "")
            case "RangeCheck":
                self.places["end"] = given.get("Comparator", "")
            case "CodeList":
                self.codes[given.get("OID", "")] = []
                self.boxes[given.get("OID", "")] = given.get("CheckboxChoices", "")
            case "CodeListItem":
                self.codes[self.places["CodeList"]].append((given.get("CodedValue", ""), ""))
            case "SubjectData":
                self.places |= {"record": given.get("SubjectKey", ""), "event": "", "instance": "1"}
                self.places["group"] = given.get("DataAccessGroup", "")
            case "StudyEventData":
                self.places["event"] = given.get("UniqueEventName", "")
                self.places["instance"] = given.get("StudyEventRepeatKey", "1")
            case "FormData":
                self._open_row(given, line)
            case "ItemData":
                row = self.rows[self._key()]
                row[given.get("ItemOID", "").lower()] = given.get("Value", "")

    def _day(self, given: Attributes) -> ExportDay | None:
        """The day of the data, else that of the file."""
        for name in ("AsOfDateTime", "CreationDateTime"):
            if day := day_in(given.get(name, "")):
                return ExportDay(day=day, told_by=f"the {name} of {self.file}")
        return None

    def _open_row(self, given: Attributes, line: int) -> None:
        event, form = self.places["event"], self.names.get(given.get("FormOID", ""), "")
        self.places["instrument"], self.places["repeat"] = "", ""
        if any(each == form and event in {at, ""} for at, each in self.repeats):
            self.places["instrument"] = form
            self.places["repeat"] = given.get("FormRepeatKey", "1")
        elif any(not each and event in {at, ""} for at, each in self.repeats):
            self.places["repeat"] = self.places["instance"]
        key = self._key()
        self.lines.setdefault(key, line)
        row = self.rows.setdefault(key, {})
        if self.places["group"]:
            row[DAG] = self.places["group"]

    def _key(self) -> Key:
        places = self.places
        return places["record"], places["event"], places["instrument"], places["repeat"]

    def _end(self, name: str) -> None:
        text, self.text = "".join(self.text or ()).strip(), None
        if name == "CheckValue":
            self.items[self.places["ItemDef"]].ends.setdefault(self.places["end"], text)
        elif name == "TranslatedText" and "CodeListItem" in self.places:
            listed = self.codes[self.places["CodeList"]]
            listed[-1] = (listed[-1][0], text)
        elif name == "TranslatedText" and "RangeCheck" not in self.places:
            open_item = self.items.get(self.places.get("ItemDef", ""))
            if open_item is not None and not open_item.label and "Question" in self.places:
                open_item.label = text
        self.places.pop(name, None)


def _fields(parts: _Parts) -> Iterator[Field]:
    """The fields in the order of the forms, each once."""
    row = 2
    for form, groups in parts.forms.items():
        known: set[str] = {status_field(form)}
        for oid in (each for group in groups for each in parts.groups.get(group, ())):
            item = parts.items.get(oid)
            name = item.attributes.get("Variable", oid).lower() if item else ""
            if item is None or name in known:
                continue
            known.add(name)
            yield _field(name, form, item, parts, row)
            row += 1


def _field(name: str, form: str, item: _Definition, parts: _Parts, row: int) -> Field:
    given = item.attributes
    kind = given.get("FieldType", "text").lower()
    choices = parts.boxes.get(item.codes, "") or " | ".join(
        f"{code}, {label}" for code, label in parts.codes.get(item.codes, ())
    )
    if kind in {FieldType.YESNO, FieldType.TRUEFALSE}:
        choices = ""
    return Field(
        row=row,
        name=name,
        form=form,
        section=given.get("SectionHeader", ""),
        kind=_KINDS.get(kind, kind),
        label=item.label,
        choices=given.get("Calculation", "") or given.get("SliderLabels", "") or choices,
        note=given.get("FieldNote", ""),
        validation=given.get("TextValidationType", "").lower(),
        low=item.ends.get("GE", ""),
        high=item.ends.get("LE", ""),
        identifier=given.get("Identifier", "").lower() == "y",
        branching=given.get("BranchingLogic", ""),
        required=given.get("RequiredField", "").lower() == "y",
        matrix=given.get("MatrixGroupName", ""),
        ranking=given.get("MatrixRanking", "").lower() == "y",
        annotation=given.get("FieldAnnotation", ""),
    )


def _records(parts: _Parts, dictionary: Dictionary, *, longitudinal: bool) -> ExportTable | None:
    """The records as rows of an export."""
    if not parts.rows:
        return None
    named = dict.fromkeys(name for row in parts.rows.values() for name in row)
    columns = [name for name in named if name != dictionary.record_id]
    if len(parts.rows) * (len(columns) + 4) > MOST_PLACES:
        raise DataFileError(
            f"{parts.file}: its records are a table of more than {MOST_PLACES:,} cells; export the "
            "data as CSV, and the project as XML without data"
        )
    keys = list(parts.rows)
    cells = {dictionary.record_id: [key[0] for key in keys]}
    if longitudinal:
        cells[EVENT] = [key[1] for key in keys]
    if parts.repeats:
        cells |= {INSTRUMENT: [key[2] for key in keys], INSTANCE: [key[3] for key in keys]}
    cells |= {name: [parts.rows[key].get(name, "") for key in keys] for name in columns}
    return ExportTable(
        file=parts.file,
        cells=pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)),
        lines=np.array([parts.lines[key] for key in keys]),
    )
