import json

import pytest

from trialkit.errors import ReportError
from trialkit.report.citing import csl_json
from trialkit.report.citing.csl_json import read_csl_json
from trialkit.report.citing.work import NO_DATE, PersonName, Work, WorkDate, WorkKind


def read(*items: object) -> tuple[Work, ...]:
    return read_csl_json(json.dumps(items), "references.json")


def test_an_article_as_reference_managers_export_it() -> None:
    item = {
        "id": "a",
        "type": "article-journal",
        "title": "A title",
        "author": [
            {"family": "Vet", "given": "H C", "non-dropping-particle": "de", "suffix": "Jr"},
            {"literal": "A group"},
            {"family": "Plato"},
            "no person",
        ],
        "container-title": "Trials",
        "container-title-short": "Tr",
        "issued": {"date-parts": [["2020", 3, 4]]},
        "volume": 1,
        "issue": "2",
        "page": "3-4",
        "DOI": "10.1/x",
        "URL": "https://a.b",
        "accessed": {"raw": "2021-02-03"},
    }
    assert read(item) == (
        Work(
            key="a",
            kind=WorkKind.ARTICLE,
            title="A title",
            authors=(
                PersonName(family="de Vet", given="H C", suffix="Jr"),
                PersonName(family="A group", is_group=True),
                PersonName(family="Plato", is_group=True),
            ),
            container="Trials",
            container_short="Tr",
            date=WorkDate(year=2020, month=3, day=4),
            volume="1",
            issue="2",
            pages="3-4",
            doi="10.1/x",
            url="https://a.b",
            accessed=WorkDate(year=2021, month=2, day=3),
        ),
    )


def test_what_is_of_another_kind_than_it_should_be_is_left_out() -> None:
    (work,) = read(
        {"id": 7, "type": [], "title": {}, "author": "x", "issued": [], "page": True, "URL": None}
    )
    assert work == Work(key="7", kind=WorkKind.OTHER, title="")
    (dated,) = read({"id": "a", "issued": {"date-parts": [[None]], "literal": "in press"}})
    assert dated.date in {NO_DATE, WorkDate(words="in press")}


def test_a_list_may_stand_in_an_object() -> None:
    assert [each.key for each in read_csl_json('{"items": [{"id": "a"}]}', "f")] == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[\n{"id": }]', r"references\.json, line 2: is not JSON"),
        ("", r"references\.json, line 1: is not JSON"),
        ("7", "holds no list of works"),
        ('{"a": 1}', "holds no list of works"),
        ("[1]", "entry 1 of the list is no work"),
        ('[{"id": "a"}, {"title": "T"}]', "entry 2 of the list has no 'id'"),
        ("[" * 100_000, "cannot be read as JSON|is not JSON"),
        ('[{"id": 1' + "0" * 5000 + "}]", "cannot be read as JSON"),
        ('[{"id": "a", "title": "' + "x" * 50_001 + '"}]', "'a' has a text of more than 50,000"),
    ],
    ids=["comma", "blank", "number", "object", "item", "id", "deep", "digits", "long"],
)
def test_what_is_no_list_of_works_is_refused(text: str, said: str) -> None:
    with pytest.raises(ReportError, match=said):
        read_csl_json(text, "references.json")


def test_many_works_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csl_json, "MOST_WORKS", 1)
    with pytest.raises(ReportError, match="has 2 works, of which 1 are read"):
        read({"id": "a"}, {"id": "b"})
