"""What participants got: sessions and dose, other care, and where the protocol was not followed."""

from collections.abc import Sequence

from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, Row, RowGroup, Table
from trialkit.report.numbers.numbers import (
    DASH,
    count,
    count_percent,
    mean_sd_words,
    number,
    percent_of,
    plain,
)
from trialkit.report.tables.cells import arm_head, count_cell, mean_cell, median_cell, printed_cell
from trialkit.report.words.en.sentences.attendance import held, is_unasked
from trialkit.report.words.en.sentences.harms import at_least
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import capitalised, listing
from trialkit.results.collected import is_not_collected
from trialkit.results.harms import EventFact, kind_words
from trialkit.results.lookup import Before, ResultIndex, Shelf, Statistics, Term, value
from trialkit.results.vocabulary import Stat

OF_PRESCRIBED = "percent of prescribed"


def adherence_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Sessions attended of those prescribed; None when no arm has a session log."""
    arms = tuple(
        arm
        for arm in protocol.arms
        if Stat.ATTENDED in index.find(Shelf.ADHERENCE, term="", arm=arm.code)
    )
    totals = [index.find(Shelf.ADHERENCE, term="", arm=arm.code) for arm in arms]
    if all(is_not_collected(each, Stat.ATTENDED) for each in totals):
        return None
    shares = [index.find(Shelf.ADHERENCE, term=OF_PRESCRIBED, arm=arm.code) for arm in arms]
    minutes = [index.find(Shelf.ADHERENCE, term="minutes", arm=arm.code) for arm in arms]
    came = held(totals)
    of_one = (
        "Attendance of a participant" if came == "attended" else f"Sessions {came} of a participant"
    )
    rows = [
        Row(head="Participants", cells=tuple(count_cell(each) for each in totals)),
        Row(
            head="Sessions planned",
            cells=tuple(_sessions_cell(each, Stat.PLANNED) for each in totals),
        ),
        Row(
            head=f"Sessions {came} of those prescribed, n/N (%)",
            cells=tuple(attended_cell(each) for each in totals),
        ),
        Row(
            head="Sessions of which attendance is not known",
            cells=tuple(_sessions_cell(each, Stat.UNKNOWN) for each in totals),
        ),
        Row(
            head=f"{of_one}, % of prescribed, {mean_sd_words(small=True)}",
            cells=tuple(mean_cell(each, digits=1) for each in shares),
        ),
        Row(
            head=f"{of_one}, median (quartiles)",
            cells=tuple(median_cell(each, digits=1) for each in shares),
        ),
        Row(
            head=f"{of_one}, lowest to highest",
            cells=tuple(_lowest_to_highest(each) for each in shares),
        ),
    ]
    if any(Stat.MEAN in each for each in minutes):
        cells = tuple(mean_cell(each, digits=0) for each in minutes)
        rows.append(
            Row(head=f"Minutes of a participant in all, {mean_sd_words(small=True)}", cells=cells)
        )
    if any(value(each, Stat.N_MISSING) for each in minutes):
        cells = tuple(
            printed_cell(count(value(each, Stat.N_MISSING)), each, Stat.N_MISSING)
            for each in minutes
        )
        rows.append(Row(head="Participants with a session of unknown minutes", cells=cells))
    dose = _dose_rows(arms, index, came)
    rows += dose
    return Table(
        anchor="table-adherence",
        caption="Adherence to the sessions",
        stub="",
        heads=tuple(arm_head(arm, None) for arm in arms),
        groups=(RowGroup(head="", rows=tuple(rows)),),
        notes=(
            (
                "Prescribed: sessions planned up to withdrawal or the data cut, without those of "
                "which attendance is not known."
            ),
            *_attendance_notes(totals),
            *_dose_notes(arms, index),
        ),
        claims=(
            Claim(
                item="24a",
                part="attendance",
                source=ClaimSource.DATA,
                lacks=_lacks_of_attendance(arms, totals),
            ),
        ),
    )


def _attendance_notes(totals: Sequence[Statistics]) -> tuple[str, ...]:
    """What a session attended is, where the log does not ask whether anybody came."""
    if not any(is_unasked(each) for each in totals):
        return ()
    return ("The session log does not ask whether a session was attended: each that it lists is.",)


def _lacks_of_attendance(arms: Sequence[Arm], totals: Sequence[Statistics]) -> str:
    """What has no source of the attendance."""
    without = [
        arm.label
        for arm, total in zip(arms, totals, strict=True)
        if is_not_collected(total, Stat.ATTENDED)
    ]
    if without:
        return f"not collected in {listing(without)}"
    unasked = any(is_unasked(each) for each in totals)
    return "whether a session was attended is not collected" if unasked else ""


_DOSE = {
    "sets": ("Sets completed by a participant in all", 0),
    "repetitions": ("Repetitions of a participant in all", 0),
    "first_load": ("Load in the first session {came}", 1),
    "last_load": ("Load in the last session {came}", 1),
    "progression": ("Change of the load from the first to the last session", 1),
}
_COLLECTED = {"sets": "sets", "repetitions": "repetitions", "progression": "load"}


def _dose_rows(arms: Sequence[Arm], index: ResultIndex, came: str) -> list[Row]:
    """What was done in the sessions, as far as the log asks for it; the lacking are counted."""
    rows = []
    for term, (words, digits) in _DOSE.items():
        head = words.format(came=came)
        found = [index.find(Shelf.ADHERENCE, term=term, arm=arm.code) for arm in arms]
        if not any(Stat.N in each for each in found):
            continue
        unit = next((each[Stat.MEAN].unit for each in found if Stat.MEAN in each), "")
        named = f"{head}, {unit}" if unit and unit != term else head
        cells = tuple(mean_cell(each, digits=digits) for each in found)
        rows.append(Row(head=f"{named}, {mean_sd_words(small=True)}", cells=cells))
        if any(value(each, Stat.N_MISSING) for each in found):
            cells = tuple(
                printed_cell(count(value(each, Stat.N_MISSING)), each, Stat.N_MISSING)
                for each in found
            )
            rows.append(
                Row(head="Participants of whom it is not known", indented=True, cells=cells)
            )
    return rows


def _dose_notes(arms: Sequence[Arm], index: ResultIndex) -> tuple[str, ...]:
    """What of the dose the session log does not ask for, where it asks for any."""
    asked = {
        term
        for term in _COLLECTED
        for arm in arms
        if Stat.N in index.find(Shelf.ADHERENCE, term=term, arm=arm.code)
    }
    lacking = [name for term, name in _COLLECTED.items() if term not in asked]
    if not asked or not lacking:
        return ()
    return (f"Not collected: {', '.join(lacking)} of the sessions.",)


def _lowest_to_highest(found: Statistics) -> Cell:
    if Stat.MIN not in found:
        return Cell(text=DASH)
    ends = (number(value(found, each), digits=1) for each in (Stat.MIN, Stat.MAX))
    return printed_cell(" to ".join(ends), found, Stat.MIN, Stat.MAX)


def _sessions_cell(found: Statistics, stat: Stat) -> Cell:
    """A number of sessions, of which there can be halves."""
    return printed_cell(plain(value(found, stat)), found, stat)


def attended_cell(found: Statistics) -> Cell:
    """Sessions attended, or logged, of how many prescribed: ``203/234 (86.8%)``."""
    attended, prescribed = value(found, Stat.ATTENDED), value(found, Stat.PRESCRIBED)
    share = percent_of(attended, prescribed)
    text = f"{plain(attended)}/{plain(prescribed)} ({share})"
    return printed_cell(text, found, Stat.ATTENDED, Stat.PRESCRIBED, Stat.PERCENT)


def concomitant_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Participants with each other care; None where no form asks for it."""
    every = [_any(Shelf.CONCOMITANT, arm.code, index) for arm in protocol.arms]
    if all(is_not_collected(each, Stat.EVENTS) or not each for each in every):
        return None
    rows = _people_rows(Shelf.CONCOMITANT, "Any other care", Before.CARE, protocol, index)
    return Table(
        anchor="table-concomitant",
        caption="Concomitant care during the trial, participants"
        + unless_pooled(protocol, " by allocated arm"),
        stub="Care",
        heads=tuple(
            arm_head(arm, value(_any(Shelf.CONCOMITANT, arm.code, index), Stat.N))
            for arm in protocol.arms
        ),
        groups=(RowGroup(head="", rows=rows),),
        notes=(
            "Participants, n (%); one participant may have had several.",
            *_unnamed(Shelf.CONCOMITANT, index),
            *(("Which care it was is not collected.",) if _is_nameless(protocol, index) else ()),
        ),
        claims=(
            Claim(
                item="24b",
                part="concomitant care",
                source=ClaimSource.DATA,
                lacks=_lacks_of_care(protocol, index),
            ),
        ),
    )


def _is_nameless(protocol: Protocol, index: ResultIndex) -> bool:
    """Whether other care is recorded, and not which."""
    found = (
        index.find(Shelf.CONCOMITANT, term=EventFact.TERM.term, arm=arm.code)
        for arm in protocol.arms
    )
    return any(is_not_collected(each, Stat.EVENTS) for each in found)


def _lacks_of_care(protocol: Protocol, index: ResultIndex) -> str:
    """What has no source of the other care."""
    without = [
        arm.label
        for arm in protocol.arms
        if is_not_collected(_any(Shelf.CONCOMITANT, arm.code, index), Stat.EVENTS)
    ]
    if without:
        return f"not collected in {listing(without)}"
    return "which care it was is not collected" if _is_nameless(protocol, index) else ""


def deviations_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Participants with each deviation from the protocol; None where nobody looked for any."""
    everything = "Any of those collected" if _is_partly_collected(index) else "Any deviation"
    rows = _people_rows(Shelf.DEVIATIONS, everything, Before.DEVIATION, protocol, index)
    if not rows:
        return None
    return Table(
        anchor="table-deviations",
        caption="Deviations from the protocol, participants"
        + unless_pooled(protocol, " by allocated arm"),
        stub="Deviation",
        heads=tuple(
            arm_head(arm, value(_any(Shelf.DEVIATIONS, arm.code, index), Stat.N))
            for arm in protocol.arms
        ),
        groups=(RowGroup(head="", rows=rows),),
        notes=(
            (
                "Participants, n (%); one participant may have had several. Screening, eligibility, "
                "allocation and visit windows are judged from the data themselves, where they are "
                "collected."
            ),
            *_unnamed(Shelf.DEVIATIONS, index),
        ),
        supplementary=True,
    )


def _any(shelf: Shelf, arm: str, index: ResultIndex) -> Statistics:
    return index.find(shelf, term=Term.ANY_EVENT, arm=arm)


def _people_rows(
    shelf: Shelf, everything: str, before: str, protocol: Protocol, index: ResultIndex
) -> tuple[Row, ...]:
    """Participants with anything, then with each term, in the order of the results."""
    terms = dict.fromkeys(address.term for address in index.addresses(shelf))
    terms.pop(EventFact.TERM.term, None)
    rows = []
    for term in terms:
        found = [index.find(shelf, term=term, arm=arm.code) for arm in protocol.arms]
        rows.append(
            Row(
                head=_head(term, everything, before),
                indented=term != Term.ANY_EVENT,
                cells=tuple(
                    printed_cell(
                        at_least(
                            count_percent(value(each, Stat.EVENTS), value(each, Stat.N)), each
                        ),
                        each,
                        Stat.EVENTS,
                        Stat.N,
                        Stat.PERCENT,
                    )
                    for each in found
                ),
            )
        )
        if any(Stat.N_UNKNOWN in each for each in found):
            cells = tuple(count_cell(each, Stat.N_UNKNOWN) for each in found)
            head = f"{_head(term, everything, before)}: not known"
            rows.append(Row(head=head, indented=True, cells=cells))
    return tuple(rows)


def _head(term: str, everything: str, before: str) -> str:
    """What a row is called; a term that somebody typed is told from the row of all of them."""
    if term == Term.ANY_EVENT:
        return everything
    kind = kind_words(term)
    if kind is not None:
        return capitalised(kind)
    recorded = term.removeprefix(before)
    return f"{recorded} (as recorded)" if meaning(recorded) == meaning(everything) else recorded


def _is_partly_collected(index: ResultIndex) -> bool:
    """Whether nobody asks for some deviations, which no row of any can count."""
    rows = (index.at(each) for each in index.addresses(Shelf.DEVIATIONS))
    return any(is_not_collected(each, Stat.EVENTS) for each in rows)


def _unnamed(shelf: Shelf, index: ResultIndex) -> tuple[str, ...]:
    """What the rows of terms do not count, where a term was not recorded."""
    if EventFact.TERM.unknown not in {each.term for each in index.addresses(shelf)}:
        return ()
    return ("What was recorded without a term may belong to any of the other rows.",)
