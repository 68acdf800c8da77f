"""Every number in a sentence is that of its outcome, arm and visit, in every file with sentences."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import docx
import pytest

from tests.report.printed.conftest import Written
from tests.report.printed.key import (
    Key,
    count,
    hundredfold,
    limits,
    number,
    p_equals,
    percent,
    positive,
    with_limits,
)

EFFECT = {
    "example_trial": "The difference between arms",
    "three_arms": "The difference between arms",
    "rich": "The adjusted difference between arms",
}
ABSTRACT_METHOD = {
    "example_trial": "mixed analysis of variance",
    "three_arms": "mixed analysis of variance",
    "rich": "mixed model for repeated measures, change",
}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words_of(written: Written, file: str) -> str:
    """All that a file says, without blanks."""
    match file:
        case "report.html":
            page = _Words()
            page.feed(written.text(file))
            return squeezed("".join(page.words))
        case "report.docx":
            document = docx.Document(str(written.output / file))
            return squeezed(" ".join(each.text for each in document.paragraphs))
        case "report.pdf":
            foot = re.compile(r"Page\d+of\d+$")
            return "".join(foot.sub("", squeezed(page.text)) for page in written.pages)
        case _:
            text = re.sub(r"\]\(#[^)]*\)", "]", written.text(file))
            return squeezed(re.sub(r"\\(.)", r"\1", text).replace("**", ""))


def lowered(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def primary_result(written: Written) -> str:
    """The result of the primary outcome as every report must tell it."""
    key = written.key
    analysis = next(each for each in key.protocol["analyses"] if each["role"] == "primary")
    (code,) = analysis["outcomes"]
    outcome = key.outcome(code)
    end, digits, unit = outcome["time_point"], outcome["digits"], outcome["unit"]
    arms = []
    for arm in key.arms:
        where = {"outcome": code, "visit": end, "term": "change", "arm": arm["code"]}
        mean, sd, n = (key.stat(stat, "descriptive", **where) for stat in ("mean", "sd", "n"))
        arms.append(
            f"mean change in {arm['label']} {number(mean, digits)} {unit} "
            f"(SD {number(sd, digits)}, n = {n})"
        )
    text = f"{outcome['label']}, {lowered(key.visit(end))}: {'; '.join(arms)}. "
    analysed = {
        arm["label"]: key.stat("n", analysis["id"], outcome=code, visit=end, arm=arm["code"])
        for arm in key.arms
    }
    with_data = [
        key.stat("n", "descriptive", outcome=code, visit=end, arm=arm["code"]) for arm in key.arms
    ]
    if list(analysed.values()) != with_data:
        told = "; ".join(f"{label} n = {n}" for label, n in analysed.items())
        text += f"In the analysis: {told}. "
    for arm in key.experimental:
        where = {
            "outcome": code,
            "visit": end,
            "term": f"{arm['code']} - {key.reference['code']}",
        }
        several = len(key.experimental) > 1
        versus = f" ({arm['label']} minus {key.reference['label']})" if several else ""
        estimate, low, high = key.effect(analysis["id"], **where)
        text += f"{EFFECT[written.name]}{versus} was {number(estimate, digits)} {unit} "
        text += f"({key.level}% CI {limits(low, high, digits)})"
        g = key.hedges(analysis["id"], **where)
        text += f"; Hedges' g {with_limits(g, 2)}" if g[0] else ""
        text += f"; {p_equals(key.stat('p_value', analysis['id'], **where))}. "
    return text + interaction(key, analysis["id"], code)


def interaction(key: Key, analysis: str, outcome: str) -> str:
    found = {
        stat: key.stat(stat, analysis, outcome=outcome, term="group:visit")
        for stat in ("df_num", "df_den", "statistic", "p_value", "epsilon_gg", "p_value_gg",
                     "generalised_eta_squared")
    }  # fmt: skip
    if not found["generalised_eta_squared"]:
        return ""
    degrees = f"{count(found['df_num'])}, {count(found['df_den'])}"
    text = f"Arm by visit interaction: F({degrees}) = {positive(found['statistic'], 2)}; "
    text += p_equals(found["p_value"])
    if len(key.visits) > 2:
        text += f"; with Greenhouse and Geisser's correction {p_equals(found['p_value_gg'])}"
    return f"{text}; generalised eta squared {positive(found['generalised_eta_squared'], 3)}."


def harms(key: Key) -> str:
    parts = []
    for term in ("any", "any: serious"):
        told = []
        for arm in key.arms:
            events, n = (key.stat(s, "harms", term=term, arm=arm["code"]) for s in ("events", "n"))
            told.append(f"{arm['label']} {events}/{n} ({percent(events, n)})")
        parts.append("; ".join(told))
    return (
        f"Participants with at least one adverse event: {parts[0]}. "
        f"Serious adverse events: {parts[1]}."
    )


def not_without_risk(key: Key) -> str:
    """What risk none is compatible with, in the arms where nobody had any event."""
    told = []
    for arm in key.arms:
        if key.stat("events", "harms", term="any", arm=arm["code"]) == "0":
            high = hundredfold(key.stat("conf_high", "harms", term="any", arm=arm["code"]))
            told.append((f"{number(high, 1)}%", arm["label"]))
    if not told:
        return ""
    alike: dict[str, list[str]] = {}
    for limit, label in told:
        alike.setdefault(limit, []).append(label)
    said = ", ".join(
        f"{limit} in {' and '.join(filter(None, [', '.join(labels[:-1]), labels[-1]]))}"
        for limit, labels in alike.items()
    )
    return (
        f"That nobody had an event is compatible with a risk of up to {said} "
        f"(upper exact {key.level}% limit)."
    )


def participants(key: Key) -> str:
    arms = "; ".join(
        f"{arm['label']} (n = {key.stat('n', 'flow', term='allocated', arm=arm['code'])})"
        for arm in key.arms
    )
    n = key.stat("n", "flow", term="randomised")
    return f"{n} participants were randomised: {arms}."


def flow(key: Key) -> str:
    analysed = sum(
        Decimal(key.stat("n", "flow", term="analysed", arm=arm["code"])) for arm in key.arms
    )
    assessed, randomised = (key.stat("n", "flow", term=t) for t in ("assessed", "randomised"))
    return (
        f"Of {assessed} people assessed for eligibility, {randomised} were randomised and "
        f"{analysed} were analysed for the primary outcome ("
    )


def methods(written: Written) -> str:
    key = written.key
    outcome = next(each for each in key.protocol["outcomes"] if each["role"] == "primary")
    return (
        f"Primary outcome: {outcome['label']}, {outcome['metric']}, "
        f"{lowered(key.visit(outcome['time_point']))}. "
        f"Primary analysis: {ABSTRACT_METHOD[written.name]}."
    )


@pytest.mark.parametrize("file", ["report.html", "report.docx", "report.pdf", "report.md"])
def test_numbers_in_sentences_are_those_of_the_key(written: Written, file: str) -> None:
    words = words_of(written, file)
    key = written.key
    # the abstract and the results tell the same
    assert words.count(squeezed(primary_result(written))) == 2
    assert words.count(squeezed(harms(key))) == 2
    for sentence in (participants(key), flow(key), methods(written), not_without_risk(key)):
        assert squeezed(sentence) in words, sentence
    if not not_without_risk(key):
        assert "compatiblewitharisk" not in words


def test_the_days_of_the_trial_are_those_of_its_files(written: Written) -> None:
    rows = {}
    for name in ("randomisation", "screening", "end_of_study"):
        path = written.trial / "data" / f"{name}.csv"
        mark = written.key.protocol["data"]["delimiter"]
        head, *lines = path.read_text("utf-8-sig").splitlines()
        rows[name] = [dict(zip(head.split(mark), line.split(mark), strict=True)) for line in lines]
    first = written.key.protocol["data"]["dates"] == "dmy"

    def days(name: str, field: str) -> list[tuple[int, int, int]]:
        found = [re.split(r"[.-]", row[field]) for row in rows[name] if row[field]]
        return sorted(tuple(map(int, each[::-1] if first else each)) for each in found)

    def told(day: tuple[int, int, int]) -> str:
        year, month, own = day
        return f"{own} {MONTHS[month - 1]} {year}"

    randomised = days("randomisation", "randomisation_date")
    screened = days("screening", "screening_date")
    followed = days("end_of_study", "end_date")
    words = words_of(written, "report.md")
    for sentence in (
        (
            f"Screening began on {told(screened[0])}; participants were randomised from "
            f"{told(randomised[0])} to {told(randomised[-1])}."
        ),
        f"The last participant ended follow-up, for benefits and harms, on {told(followed[-1])}.",
        f"Participants were randomised from {told(randomised[0])} to {told(randomised[-1])}.",
    ):
        assert squeezed(sentence) in words, sentence


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
