"""Double entry: two people, one comparison by meaning, a decision with its reason."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.evidence.world import ANN, Kept, cell, every_event, occasion, on_sqlite, opened, row
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.standing.entries_compared import AgreementBy, compare_entries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.adjudicating import adjudicate
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.redacting import redact
from trialkit.evidence.writing.second_entries import enter_again
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.item_types import ItemType

BEN = Actor(person="ben", printed_name="Ben Okafor", role="coordinator")
EVE = Actor(person="eve", printed_name="Eve Lind", role="data manager")
PAIN = Form(
    id="pain", title="Pain", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
    visits=("week_0",), repeating=False, rules=(), file="forms/pain.toml", sha256="",
    items=(
        Item(id="vas", label="Pain", type=ItemType.DECIMAL),
        Item(id="note", label="Note", type=ItemType.TEXT),
    ),
)  # fmt: skip
SCHEMAS = Schemas(forms=(PAIN,), data=DataFormat())


def table(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Subject, pain and note at the first visit."""
    return pl.DataFrame(
        [(subject, "week_0", vas, note) for subject, vas, note in rows],
        schema=["subject_id", "visit", "vas", "note"],
        orient="row",
    )


def entered(kept: Kept) -> None:
    """Ann enters two rows."""
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE), is_open=True)
    append(kept.store, entries([opened()]), occasion(1))
    said = [row("P1"), cell("P1", "vas", "", "57"), cell("P1", "note", "", "sat"), row("P2"), cell("P2", "vas", "", "31")]  # fmt: skip
    append(kept.store, entries(said), occasion(2))


def again(kept: Kept, *rows: tuple[str, str, str], author: Actor = BEN, minute: int = 5) -> None:
    enter_again(kept.store, PAIN, table(*rows), occasion(minute, author=author))


def differing(kept: Kept) -> list[tuple[str, str, str, str]]:
    open_ = compare_entries(kept.store, SCHEMAS).differences
    return open_.select("subject_id", "item", "first", "second").rows()


def vas_of(kept: Kept, subject: str) -> str:
    held = source_at(kept.store)[0].tables["pain"]
    return str(held.filter(pl.col("subject_id") == subject)["vas"][0])


def test_the_second_entry_changes_no_table_and_what_differs_is_listed(kept: Kept) -> None:
    entered(kept)
    before = source_at(kept.store)[0].tables["pain"]
    again(kept, ("P1", "75", "sat"), ("P2", "31.0", ""))
    assert source_at(kept.store)[0].tables["pain"].equals(before)
    found = compare_entries(kept.store, SCHEMAS)
    assert differing(kept) == [("P1", "vas", "57", "75")]
    assert found.cells["agreed"].to_list() == [False, True, True, True]
    assert found.cells["first_person"].unique().to_list() == ["Ann Miller"]
    assert found.cells["second_person"].unique().to_list() == ["Ben Okafor"]
    assert verify(kept.store).problems == ()


def test_the_same_person_is_refused_by_account_and_by_name(kept: Kept) -> None:
    entered(kept)
    other_account = Actor(person="ann2", printed_name="ANN MILLER", role="monitor")
    other_name = Actor(person="ann", printed_name="A. Miller", role="coordinator")
    for author in (ANN, other_account, other_name):
        with pytest.raises(EvidenceError, match="is another person's"):
            again(kept, ("P1", "57", "sat"), author=author)
    assert compare_entries(kept.store, SCHEMAS).cells.is_empty()


def test_what_was_not_entered_first_cannot_be_entered_again(kept: Kept) -> None:
    entered(kept)
    with pytest.raises(EvidenceError, match="P9, week_0: nobody entered this a first time"):
        again(kept, ("P1", "57", "sat"), ("P9", "5", ""))
    with pytest.raises(EvidenceError, match="stands twice"):
        again(kept, ("P1", "57", "sat"), ("P1", "58", "sat"))
    strange = table(("P1", "57", "sat")).rename({"note": "nota"})
    with pytest.raises(EvidenceError, match="has nota, which it does not ask for"):
        enter_again(kept.store, PAIN, strange, occasion(5, author=BEN))
    with pytest.raises(EvidenceError, match="lacks visit"):
        enter_again(kept.store, PAIN, strange.drop("visit", "nota"), occasion(5, author=BEN))
    assert compare_entries(kept.store, SCHEMAS).cells.is_empty()


def test_a_decision_is_the_value_with_its_reason_and_closes_the_difference(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P1", "75", "sat"), ("P2", "13", ""))
    where = Reach(subject_id="P1", visit="week_0", form="pain", item="vas")
    with pytest.raises(EvidenceError, match="needs a reason"):
        adjudicate(kept.store, SCHEMAS, where, "75", occasion(6, author=EVE), reason=" ")
    assert len(differing(kept)) == 2
    adjudicate(kept.store, SCHEMAS, where, "75", occasion(6, author=EVE), reason="source says 75")
    assert vas_of(kept, "P1") == "75"
    assert differing(kept) == [("P2", "vas", "31", "13")]
    second = Reach(subject_id="P2", visit="week_0", form="pain", item="vas")
    adjudicate(kept.store, SCHEMAS, second, "31", occasion(7, author=EVE), reason="first is right")
    assert vas_of(kept, "P2") == "31"
    assert differing(kept) == []
    with pytest.raises(EvidenceError, match="no difference of two entries"):
        adjudicate(kept.store, SCHEMAS, second, "31", occasion(8, author=EVE), reason="again")
    assert verify(kept.store).problems == ()


def test_a_decision_holds_until_the_value_changes_again(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P2", "13", ""))
    where = Reach(subject_id="P2", visit="week_0", form="pain", item="vas")
    adjudicate(kept.store, SCHEMAS, where, "31", occasion(6, author=EVE), reason="first is right")
    append(kept.store, entries([cell("P2", "vas", "31", "32")]), occasion(7))
    assert differing(kept) == [("P2", "vas", "31", "13")]
    append(kept.store, entries([cell("P2", "vas", "32", "13")]), occasion(8))
    assert differing(kept) == [], "what stands is what the second person entered"


def test_agreement_counts_the_entries_as_they_were_made(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P1", "75", "sat"), ("P2", "31", "lay"))
    where = Reach(subject_id="P1", visit="week_0", form="pain", item="vas")
    adjudicate(kept.store, SCHEMAS, where, "75", occasion(6, author=EVE), reason="source says 75")
    found = compare_entries(kept.store, SCHEMAS)
    by_item = found.agreement(AgreementBy.ITEM).sort("item").rows()
    assert by_item == [("pain", "note", 2, 1, 0.5), ("pain", "vas", 2, 1, 0.5)]
    assert found.agreement(AgreementBy.FIRST).rows() == [("Ann Miller", 4, 2, 0.5)]
    assert found.agreement(AgreementBy.SECOND).rows() == [("Ben Okafor", 4, 2, 0.5)]


def test_a_row_that_went_is_no_difference(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P2", "13", ""))
    gone = [
        cell("P2", "vas", "31", ""),
        {**row("P2"), "action": EventAction.ROW_REMOVED, "reason": "entered for another person"},
    ]
    append(kept.store, entries(gone), occasion(7))
    assert differing(kept) == []


ALIKE = [("1", "1.0", True), ("1", " 1 ", True), ("1", "2", False), ("", "1", False), ("", "", True),
         ("ND", "ND", True), ("ND", "REF", False), ("ND", "", False), ("abc", "abc", True),
         ("abc", "abd", False), ("1e1", "10", True), ("ND", "1", False)]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "agree"), ALIKE)
def test_entries_agree_by_what_they_mean(
    first: str, second: str, agree: bool, tmp_path: Path
) -> None:
    kept = on_sqlite(tmp_path)
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE), is_open=True)
    append(kept.store, entries([opened()]), occasion(1))
    said = [row("P1"), *([cell("P1", "vas", "", first)] if first else [])]
    append(kept.store, entries(said), occasion(2))
    again(kept, ("P1", second, ""))
    found = compare_entries(kept.store, SCHEMAS).cells.filter(pl.col("item") == "vas")
    assert found["agreed"].to_list() == [agree]
    assert found["is_open"].to_list() == [not agree]
    kept.store.close()


values = st.sampled_from(["", "1", "2", "2.0"])
steps = st.lists(
    st.tuples(
        st.sampled_from(["first", "second", "decide"]), st.sampled_from(["P1", "P2"]), values
    ),
    max_size=12,
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=steps)
def test_whatever_happens_a_difference_is_open_just_when_nobody_settled_it(
    history: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Against the plain story told beside it."""
    kept = on_sqlite(tmp_path_factory.mktemp("entries"))
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE), is_open=True)
    append(kept.store, entries([opened(), row("P1"), row("P2")]), occasion(1))
    now, second = {"P1": "", "P2": ""}, dict[str, str]()
    decided: dict[str, str] = {}

    def number(text: str) -> float | None:
        return float(text) if text else None

    for minute, (what, subject, text) in enumerate(history, start=2):
        open_ = subject in second and number(now[subject]) != number(second[subject]) and decided.get(subject) != now[subject]  # fmt: skip
        if what == "first" and text != now[subject]:
            append(
                kept.store, entries([cell(subject, "vas", now[subject], text)]), occasion(minute)
            )
            now[subject] = text
        elif what == "second":
            again(kept, (subject, text, ""), minute=minute)
            second[subject] = text
            decided.pop(subject, None)
        elif what == "decide":
            where = Reach(subject_id=subject, visit="week_0", form="pain", item="vas")
            if open_:
                adjudicate(
                    kept.store, SCHEMAS, where, text, occasion(minute, author=EVE), reason="seen"
                )
                now[subject] = decided[subject] = text
            else:
                with pytest.raises(EvidenceError, match="no difference"):
                    adjudicate(
                        kept.store, SCHEMAS, where, text, occasion(minute, author=EVE), reason="x"
                    )
    expected = {
        subject for subject in second
        if number(now[subject]) != number(second[subject]) and decided.get(subject) != now[subject]
    }  # fmt: skip
    assert {subject for subject, *_ in differing(kept)} == expected
    assert verify(kept.store).problems == ()
    kept.store.close()


def every_text(kept: Kept) -> str:
    return str(every_event(kept.store).select("old", "new", "reason").rows())


def test_redacted_text_leaves_the_second_entry_and_the_decision_that_name_it(kept: Kept) -> None:
    """Both keep what stood in the cell, and only the event that brought it can be named."""
    entered(kept)
    again(kept, ("P1", "57", "lay"))
    cell_ = Reach(subject_id="P1", visit="week_0", form="pain", item="note")
    adjudicate(kept.store, SCHEMAS, cell_, "stood", occasion(6, author=EVE), reason="by the source")
    assert "'sat'" in every_text(kept)

    redact(kept.store, 5, occasion(9), reason="named a relative")

    assert "'sat'" not in every_text(kept)
    assert verify(kept.store).problems == ()
    redact(kept.store, 10, occasion(10), reason="named another")
    assert "'stood'" not in every_text(kept)
    assert "'lay'" in every_text(kept)
    assert verify(kept.store).problems == ()
    assert compare_entries(kept.store, SCHEMAS).differences.is_empty()


def test_redacted_text_that_stands_leaves_the_second_entry_that_names_it(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P1", "57", "lay"))

    redact(kept.store, 5, occasion(9), reason="named a relative")

    assert "'sat'" not in every_text(kept)
    assert source_at(kept.store)[0].tables["pain"]["note"].to_list() == ["", ""]
    assert verify(kept.store).problems == ()


@pytest.mark.parametrize(
    "name", ["\u00e9rika \u00f6zil", "E\u0301rika  O\u0308zil", "\u00c9RIKA \u00d6ZIL"]
)
def test_one_person_under_two_accounts_is_known_by_the_name_however_it_is_written(
    kept: Kept, name: str
) -> None:
    """On either engine: SQL knows the two cases of the letters of ASCII alone."""
    entered(kept)
    first = Actor(person="ann", printed_name="\u00c9rika \u00d6zil", role="coordinator")
    said = [row("P3"), cell("P3", "vas", "", "5")]
    append(kept.store, entries(said), occasion(3, author=first))

    other = kept.store.by("ben")
    with pytest.raises(EvidenceError, match=r"P3.*entered this the first time, by account or by"):
        enter_again(
            other, PAIN, table(("P3", "5", "")),
            occasion(5, author=Actor(person="ben", printed_name=name, role="coordinator")),
        )  # fmt: skip
    again(kept, ("P3", "5", ""))


def test_whole_number_with_decimals_of_nothing_says_the_same(kept: Kept) -> None:
    entered(kept)
    again(kept, ("P1", "57.0", "sat"), ("P2", "31.5", ""))
    whole = replace(PAIN.items[0], type=ItemType.INTEGER)
    schemas = replace(SCHEMAS, forms=(replace(PAIN, items=(whole, PAIN.items[1])),))

    found = compare_entries(kept.store, schemas)

    assert found.cells.filter(item="vas")["agreed"].to_list() == [True, False]
    assert found.differences.select("first", "second").rows() == [("31", "31.5")]
