"""Adverse events, and their risks compared."""

from tests.report.printed.key import count, hundredfold, number, with_limits
from tests.report.printed.trial import Drawn, Trial


def harms(trial: Trial) -> Drawn:
    key, rows, footnotes = trial.key, [], []
    compact = len(trial.arms) > 3
    terms = key.terms("harms")
    single = [term for term in terms if term.startswith("event: ")]
    serious = [term for term in terms if term.startswith("serious event: ")]
    kinds = [term for term in terms if term not in {*single, *serious}]
    for head, own in (
        ("Participants with at least one event", kinds),
        ("Serious events, by term", serious),
        ("By event", single),
    ):
        if not own:
            continue
        rows.append([head])
        for term in own:
            words = _event(term)
            look = key.setting("harms", words)
            mark = ""
            if look.get("footnote"):
                footnotes = [f"^a {look['footnote']}"]
                mark = "^a"
            cells = [look.get("label", words) + mark]
            for arm in trial.arms:
                people = trial.people("harms", arm, term=term)
                events = count(key.stat("n_events", "harms", term=term, arm=arm))
                cells += [f"{people} [{events}]"] if compact else [people, events]
            rows.append(cells if compact else [*cells, *_risks_of_harm(trial, term)])
    sizes = {arm: key.stat("n", "harms", term="any", arm=arm) for arm in trial.arms}
    heads = trial.sized(sizes)
    if not compact:
        over = f"Risk difference, percentage points ({trial.ci})"
        heads = [
            *(f"{arm}: {what}" for arm in heads for what in ("Participants, n (%)", "Events, n")),
            *(f"{over}: {_versus(trial, arm)}" for arm in trial.compared),
        ]
    notes = [("Participants are counted once in each row; events can be several in one "
             "participant.")]  # fmt: skip
    if compact:
        notes.append("Participants, n (%), and in brackets the number of events.")
    notes.append(
        "By severity, participants are counted by the worst of their events, and events by their "
        "own."
    )
    if not compact:
        notes.append(_method(trial))
    alike: dict[tuple[str, str], list[str]] = {}
    for arm in trial.arms:
        if _upper(trial, arm):
            alike.setdefault((_upper(trial, arm), sizes[arm]), []).append(trial.labels[arm])
    upper = [
        f"{high}% in {_and(labels)} (n = {n}{' each' if labels[1:] else ''})"
        for (high, n), labels in alike.items()
    ]
    notes.append(
        "Where nobody in an arm had an event, the risk may still be up to "
        f"{_and(upper)} (upper exact "
        f"{trial.ci.removesuffix(' CI')} limits)."
    )
    return ["Event", *heads], rows, [*footnotes, *notes]


def harms_differences(trial: Trial) -> Drawn | None:
    if len(trial.arms) <= 3:
        return None
    rows, notes = [], []
    for term in trial.key.terms("harms"):
        words = _event(term)
        look = trial.key.setting("harms", words)
        if look.get("footnote"):
            notes = [f"^a {look['footnote']}"]
        head = look.get("label", words) + ("^a" if look.get("footnote") else "")
        rows.append([head, *_risks_of_harm(trial, term)])
    heads = ["Event", *(_versus(trial, arm) for arm in trial.compared)]
    return heads, rows, [*notes, _method(trial)]


def _method(trial: Trial) -> str:
    return f"Differences have Newcombe's hybrid score {trial.ci.removesuffix(' CI')} limits."


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])}{' and ' if words[1:] else ''}{words[-1]}"


def _upper(trial: Trial, arm: str) -> str:
    """The upper limit of the risk of what nobody in an arm had; empty if there is no such."""
    for term in trial.key.terms("harms"):
        if trial.key.stat("events", "harms", term=term, arm=arm) == "0":
            limit = trial.key.stat("conf_high", "harms", term=term, arm=arm)
            return number(hundredfold(limit), 1)
    return ""


def _versus(trial: Trial, arm: str) -> str:
    several = len(trial.compared) > 1
    return f"{trial.labels[arm]} vs reference" if several else "vs reference"


def _event(term: str) -> str:
    if term == "any":
        return "Any adverse event"
    kind = term.partition(": ")[2]
    return f"{kind[0].upper()}{kind[1:]}"


def _risks_of_harm(trial: Trial, term: str) -> list[str]:
    found = (
        trial.key.effect("harms", term=term, arm=f"{arm} - {trial.reference}")
        for arm in trial.compared
    )
    return [with_limits(tuple(map(hundredfold, each)), 1) for each in found]
