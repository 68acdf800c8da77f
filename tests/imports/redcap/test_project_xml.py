"""A project as XML is the same as its dictionary and its export; what is none is refused."""

from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.redcap.project_import import ProjectFiles, prepare
from trialkit.imports.redcap.project_xml import looks_like_project, read_project

HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n'
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org">\n'
)
REPEATS = """
<GlobalVariables><redcap:RepeatingInstrumentsAndEvents><redcap:RepeatingInstruments>
<redcap:RepeatingInstrument redcap:UniqueEventName="first_arm_1" redcap:RepeatInstrument="log"/>
</redcap:RepeatingInstruments></redcap:RepeatingInstrumentsAndEvents></GlobalVariables>
"""
EVENTS = """
<StudyEventDef OID="E.1" redcap:UniqueEventName="first_arm_1">
  <FormRef FormOID="Form.base" redcap:FormName="base"/><FormRef FormOID="Form.log" redcap:FormName="log"/>
</StudyEventDef>
<StudyEventDef OID="E.2" redcap:UniqueEventName="last_arm_1">
  <FormRef FormOID="Form.base" redcap:FormName="base"/>
</StudyEventDef>
"""
FORMS = """
<FormDef OID="Form.base" Name="Base" redcap:FormName="base"><ItemGroupRef ItemGroupOID="base.1"/>
  <ItemGroupRef ItemGroupOID="base.base_complete"/></FormDef>
<FormDef OID="Form.log" Name="Log" redcap:FormName="log"><ItemGroupRef ItemGroupOID="log.1"/></FormDef>
<ItemGroupDef OID="base.1"><ItemRef ItemOID="rec"/><ItemRef ItemOID="age"/><ItemRef ItemOID="sex"/>
  <ItemRef ItemOID="past___1"/><ItemRef ItemOID="past___b"/><ItemRef ItemOID="twice"/></ItemGroupDef>
<ItemGroupDef OID="base.base_complete"><ItemRef ItemOID="base_complete"/></ItemGroupDef>
<ItemGroupDef OID="log.1"><ItemRef ItemOID="what"/></ItemGroupDef>
<ItemDef OID="rec" redcap:Variable="rec" redcap:FieldType="text">
  <Question><TranslatedText>Record</TranslatedText></Question></ItemDef>
<ItemDef OID="age" redcap:Variable="age" redcap:FieldType="text" redcap:TextValidationType="int"
  redcap:RequiredField="y" redcap:FieldNote="in years" redcap:Identifier="y">
  <Question><TranslatedText>Age &amp; more</TranslatedText></Question>
  <RangeCheck Comparator="GE" SoftHard="Soft"><CheckValue>18</CheckValue>
    <ErrorMessage><TranslatedText>Too young</TranslatedText></ErrorMessage></RangeCheck>
  <RangeCheck Comparator="LE" SoftHard="Soft"><CheckValue>90</CheckValue></RangeCheck></ItemDef>
<ItemDef OID="sex" redcap:Variable="sex" redcap:FieldType="select"
  redcap:BranchingLogic="[age] &gt; 20"><Question><TranslatedText>Sex</TranslatedText></Question>
  <CodeListRef CodeListOID="sex.choices"/></ItemDef>
<ItemDef OID="past___1" redcap:Variable="past" redcap:FieldType="checkbox">
  <Question><TranslatedText>Past</TranslatedText></Question><CodeListRef CodeListOID="past___1.choices"/></ItemDef>
<ItemDef OID="past___b" redcap:Variable="past" redcap:FieldType="checkbox">
  <Question><TranslatedText>Past</TranslatedText></Question></ItemDef>
<ItemDef OID="twice" redcap:Variable="twice" redcap:FieldType="calc" redcap:Calculation="[age]*2">
  <Question><TranslatedText>Twice</TranslatedText></Question></ItemDef>
<ItemDef OID="base_complete" redcap:Variable="base_complete" redcap:FieldType="select">
  <Question><TranslatedText>Complete?</TranslatedText></Question></ItemDef>
<ItemDef OID="what" redcap:Variable="what" redcap:FieldType="textarea">
  <Question><TranslatedText>What</TranslatedText></Question></ItemDef>
<CodeList OID="sex.choices">
  <CodeListItem CodedValue="1"><Decode><TranslatedText>Girl, or woman</TranslatedText></Decode></CodeListItem>
  <CodeListItem CodedValue="2"><Decode><TranslatedText>Boy</TranslatedText></Decode></CodeListItem></CodeList>
<CodeList OID="past___1.choices" redcap:CheckboxChoices="1, Heart | b, Lung">
  <CodeListItem CodedValue="1"><Decode><TranslatedText>Checked</TranslatedText></Decode></CodeListItem></CodeList>
"""


def group(form: str, repeat: int, **values: str) -> str:
    cells = "".join(
        f'<ItemData ItemOID="{name}" Value="{value}"/>' for name, value in values.items()
    )
    return (
        f'<FormData FormOID="Form.{form}" FormRepeatKey="{repeat}"><ItemGroupData>{cells}'
        "</ItemGroupData></FormData>"
    )


def event(name: str, *forms: str) -> str:
    return f'<StudyEventData StudyEventRepeatKey="1" redcap:UniqueEventName="{name}">{"".join(forms)}</StudyEventData>'


DATA = "".join(
    (
        '<ClinicalData><SubjectData SubjectKey="007">',
        event(
            "first_arm_1",
            group("base", 1, rec="007", age="30", sex="2", past___1="1", past___b="0", twice="60",
                  base_complete="2"),
            group("log", 1, what="one"), group("log", 2, what="two &lt; three"),
        ),
        event("last_arm_1", group("base", 1, rec="007", age="31", base_complete="2")),
        "</SubjectData></ClinicalData>",
    )
)  # fmt: skip


def project(folder: Path, *parts: str, head: str = HEAD) -> Path:
    path = folder / "project.xml"
    path.write_text(f"{head}{''.join(parts)}</ODM>", encoding="utf-8")
    return path


def whole(folder: Path, data: str = DATA) -> Path:
    meta = f'<MetaDataVersion redcap:RecordIdField="rec">{EVENTS}{FORMS}</MetaDataVersion>'
    return project(folder, f"<Study>{REPEATS}{meta}</Study>", data)


def test_the_fields_have_what_the_columns_of_a_dictionary_have(tmp_path: Path) -> None:
    dictionary = read_project(whole(tmp_path)).dictionary
    rec, age, sex, past, twice, what = dictionary.fields

    assert (dictionary.record_id, dictionary.forms) == ("rec", ("base", "log"))
    assert rec.kind == "text"
    assert (age.label, age.validation, age.low, age.high) == ("Age & more", "int", "18", "90")
    assert (age.note, age.required, age.identifier) == ("in years", True, True)
    assert (sex.kind, sex.branching) == ("dropdown", "[age] > 20")
    assert sex.choices == "1, Girl, or woman | 2, Boy"
    assert (past.kind, past.choices) == ("checkbox", "1, Heart | b, Lung")
    assert (twice.kind, twice.choices) == ("calc", "[age]*2")
    assert (what.kind, what.form) == ("notes", "log")


def test_the_records_become_rows_of_the_forms(tmp_path: Path) -> None:
    sources = ProjectFiles(dictionary=whole(tmp_path), exports=(), trial=tmp_path / "trial")
    prepared = prepare(sources, new_subjects=True)
    forms = {each.name: each.form for each in prepared.project.forms}
    found = read_project(sources.dictionary)

    assert (forms["base"].visits, forms["log"].repeating) == (("first", "last"), True)
    assert found.records is not None
    assert found.records.cells.select("rec", "redcap_repeat_instrument", "age", "what").rows() == [
        ("007", "", "30", ""),
        ("007", "log", "", "one"),
        ("007", "log", "", "two < three"),
        ("007", "", "31", ""),
    ]
    assert [each.found for each in prepared.left_out] == []


def test_a_project_of_one_event_and_without_records(tmp_path: Path) -> None:
    path = project(tmp_path, f"<Study><MetaDataVersion>{FORMS}</MetaDataVersion></Study>")
    found = read_project(path)

    assert (found.designated, found.repeating, found.records) == ((), (), None)
    assert looks_like_project(path.read_bytes())
    assert not looks_like_project(b"<?xml version='1.0'?><html/>")


def test_records_of_a_project_without_events_stand_below_the_subject(tmp_path: Path) -> None:
    data = f'<ClinicalData><SubjectData SubjectKey="1">{group("base", 1, rec="1", age="20")}</SubjectData></ClinicalData>'
    meta = f"<Study><MetaDataVersion>{FORMS}</MetaDataVersion></Study>"
    records = read_project(project(tmp_path, meta, data)).records

    assert records is not None
    assert records.cells.rows(named=True) == [{"rec": "1", "age": "20"}]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    '<ODM xmlns:redcap="https://projectredcap.org">&b;'
)
WRONG = {
    "a document type": ((FORMS,), BOMB, "has a document type"),
    "no items": (("<Study/>",), HEAD, "has no item definitions"),
    "never closed": (("<Study>",), HEAD, "is no XML that can be read"),
    "out of place": (('<ItemRef ItemOID="x"/>',), HEAD, "stands where no project of REDCap has it"),
    "a value of no form": (('<ItemData ItemOID="x" Value="1"/>',), HEAD, "stands where no project"),
    "a choice of no list": (('<CodeListItem CodedValue="1"/>',), HEAD, "stands where no project"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_project_is_refused(name: str, tmp_path: Path) -> None:
    parts, head, why = WRONG[name]
    with pytest.raises(DataFileError, match=why):
        read_project(project(tmp_path, *parts, head=head))


def test_every_harmed_project_is_read_or_refused(tmp_path: Path) -> None:
    text = whole(tmp_path).read_bytes()
    for cut in range(200, len(text), 137):
        harmed = tmp_path / "harmed.xml"
        harmed.write_bytes(text[: cut - 60] + text[cut:])
        try:
            found = read_project(harmed)
        except DataFileError:
            continue
        assert found.dictionary.fields
