"""What became of a number: true, outdated, changed, gone from the report, or without its mark."""

import pytest

from trialkit.report.writers.word_marked import FoundNumber, ReadLine
from trialkit.report.writers.word_marks import MarkedNumber, results_hash
from trialkit.verifying.document import judging
from trialkit.verifying.document.judging import JudgedNumber, NumberState, judged_numbers
from trialkit.verifying.document.printed_now import PrintedNow


def number(
    place: int, results: str, text: str, before: str = "was", after: str = "mm"
) -> MarkedNumber:
    return MarkedNumber(
        place=place,
        results=(results,),
        text=text,
        where=f"Place {place}",
        before=before,
        after=after,
    )


def line(*numbers: tuple[MarkedNumber, str], text: str = "") -> ReadLine:
    found = (
        FoundNumber(mark=each.mark, text=now, before=each.before, after=each.after)
        for each, now in numbers
    )
    return ReadLine(text=text, style="", numbers=tuple(found), unmarked="")


def now(**texts: str) -> dict[str, PrintedNow]:
    return {
        results_hash((name,)): PrintedNow(results=(name,), texts=tuple(text.split(" or ")))
        for name, text in texts.items()
    }


def judged(
    lines: list[ReadLine], recorded: list[MarkedNumber], printed: dict[str, PrintedNow]
) -> list[JudgedNumber]:
    return list(judged_numbers(lines, {each.place: each for each in recorded}, printed))


@pytest.mark.parametrize(
    ("text", "given", "state"),
    [
        ("-4.5", "−4.5", NumberState.TRUE),
        ("−4.5", "−4.5 or 4.5", NumberState.TRUE),
        ("−4.5", "−4.7", NumberState.OUTDATED),
        ("−4.6", "−4.5", NumberState.CHANGED),
        ("−4.6", "−4.7", NumberState.CHANGED),
        ("−4.7", "−4.7", NumberState.TRUE),
    ],
)
def test_a_marked_number_is_compared_with_what_its_rows_print(
    text: str, given: str, state: NumberState
) -> None:
    one = number(1, "r", "−4.5")
    (found,) = judged([line((one, text))], [one], now(r=given))
    assert (found.state, found.where, found.text) == (state, "Place 1", text)
    assert found.now == tuple(given.split(" or "))
    assert found.results == ("r",)


@pytest.mark.parametrize(
    ("before", "text", "after", "state"),
    [
        ("", "−12.5", "99", NumberState.CHANGED),
        ("1", "−12.5", "", NumberState.CHANGED),
        ("", "−12", ".5", NumberState.TRUE),
    ],
)
def test_digits_typed_right_beside_a_mark_change_its_number(
    before: str, text: str, after: str, state: NumberState
) -> None:
    mark = number(1, "r", "−12.5").mark
    found = FoundNumber(
        mark=mark, text=text, before="", after="", joined_before=before, joined_after=after
    )
    read = ReadLine(text="", style="", numbers=(found,), unmarked="")
    (one,) = judged([read], [], now(r="−12.5"))
    assert (one.state, one.text) == (state, f"{before}{text}{after}")


def test_rows_that_the_report_prints_no_more_are_said() -> None:
    one = number(1, "r", "5")
    (found,) = judged([line((one, "5"))], [one], now(other="5"))
    assert (found.state, found.now, found.results) == (NumberState.UNKNOWN, (), ("r",))


def test_without_a_record_a_number_is_placed_by_the_words_around_it() -> None:
    one = number(1, "r", "5", before="It was", after="mm long")
    (found,) = judged([line((one, "5"))], [], now(r="5"))
    assert (found.state, found.where) == (NumberState.TRUE, "“It was 5 mm long”")


@pytest.mark.parametrize(
    ("text", "state", "shown"),
    [
        ("it was 6 mm", NumberState.CHANGED, "6"),
        ("it was 5 mm", NumberState.TRUE, "5"),
        ("it was about 6 or 7 mm", NumberState.CHANGED, "about 6 or 7"),
        ("it was mm", NumberState.LOST, "5"),
        ("something else", NumberState.LOST, "5"),
        (f"it was {'x' * 90} mm", NumberState.LOST, "5"),
        ("was 6 mm, was 7 mm", NumberState.LOST, "5"),
    ],
)
def test_what_stands_in_the_place_of_a_number_typed_over_is_found_by_the_words_around_it(
    text: str, state: NumberState, shown: str
) -> None:
    (found,) = judged([line(text=text)], [number(1, "r", "5")], now(r="5"))
    assert (found.state, found.text, found.where) == (state, shown, "Place 1")


def test_at_the_end_of_a_line_nothing_may_follow() -> None:
    last = number(1, "r", "5", before="sum |", after="")
    (found,) = judged([line(text="sum | 6")], [last], now(r="5"))
    assert (found.state, found.text) == (NumberState.CHANGED, "6")
    (alone,) = judged([line(text="6")], [number(1, "r", "5", before="", after="")], now(r="5"))
    assert alone.state is NumberState.LOST


def test_a_sentence_that_is_printed_twice_lends_no_number_that_has_its_mark() -> None:
    first, second = number(1, "r", "5"), number(2, "r", "5")
    lines = [line(text="it was 6 mm"), line((second, "5"), text="it was 5 mm")]
    states = [each.state for each in judged(lines, [first, second], now(r="5"))]
    assert states == [NumberState.TRUE, NumberState.CHANGED]


def test_a_number_that_was_emptied_is_lost() -> None:
    one = number(1, "r", "5")
    (found,) = judged([line((one, ""), text="it was mm")], [one], now(r="5"))
    assert found.state is NumberState.LOST


def test_no_more_is_looked_through_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = [number(place, "r", "5", before=f"n{place}") for place in (1, 2)]
    lines = [line(text="n1 6 mm n2 6 mm")]
    assert [each.state for each in judged(lines, recorded, now(r="5"))] == [NumberState.CHANGED] * 2
    monkeypatch.setattr(judging, "MOST_SOUGHT", 16)
    states = [each.state for each in judged(lines, recorded, now(r="5"))]
    assert states == [NumberState.CHANGED, NumberState.LOST]
