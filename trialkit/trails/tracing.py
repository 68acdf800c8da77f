"""A result is followed to the cells that it rests on, whatever it states.

A statistic of an analysis rests on the values of everybody who is in that analysis, at the visits that
its method reads, and on the baseline characteristics that it names; a count on the rows that are
counted.
"""

from trialkit.datasets.model import Datasets
from trialkit.datasets.sources import Sources
from trialkit.errors import AnalysisError
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import Before, Shelf
from trialkit.results.results import Result, Results
from trialkit.results.series import Series
from trialkit.schemas.forms.forms import FormKind, Purpose
from trialkit.trails.of_counts import FromCounts
from trialkit.trails.of_values import FromValues
from trialkit.trails.trail import Trail

DEVIATIONS_HAVE_NONE = "a deviation is shown by several forms together; 'trialkit deviations' lists each with what shows it"
OF_OTHER_RESULTS = "it is made from other results, each of which has a trail of its own"
_SESSIONS = (Purpose.ATTENDED, Purpose.SESSION_MINUTES)
_EVENTS = (
    Purpose.EVENT_TERM, Purpose.EVENT_CLASS, Purpose.EVENT_START, Purpose.EVENT_SEVERITY, Purpose.EVENT_SERIOUS,
    Purpose.EVENT_RELATED, Purpose.EVENT_LED_TO_WITHDRAWAL,
)  # fmt: skip


def follow(  # noqa: PLR0911 - one a shelf
    name: str, results: Results, *, datasets: Datasets, sources: Sources, protocol: Protocol
) -> Trail:
    """The trail of the result, or of the series of a figure, with this id.

    Raises :class:`AnalysisError` for an id that the results do not have.
    """
    origin = _origin(name, results)
    values = FromValues(origin=origin, datasets=datasets, sources=sources, protocol=protocol)
    counts = FromCounts(origin=origin, datasets=datasets, sources=sources, protocol=protocol)
    planned = protocol.plan.analysis(origin.analysis_id)
    if planned is not None:
        return values.of_analysis(planned)
    match origin.analysis_id:
        case Shelf.DESCRIPTIVE:
            return values.of_measurements()
        case Shelf.MISSING:
            return values.of_missing_values()
        case Shelf.BASELINE:
            return values.of_characteristic()
        case Shelf.HARMS:
            return counts.of_events(FormKind.ADVERSE_EVENTS, _EVENTS, Before.EVENT)
        case Shelf.CONCOMITANT:
            return counts.of_events(
                FormKind.CONCOMITANT_CARE, (Purpose.TREATMENT_TERM,), Before.CARE
            )
        case Shelf.ADHERENCE:
            return counts.of_events(FormKind.SESSIONS, _SESSIONS, None)
        case Shelf.POPULATIONS:
            return counts.of_a_population()
        case Shelf.FLOW:
            return counts.of_the_course()
        case Shelf.INTERCURRENT:
            return counts.of_intercurrent_events()
        case Shelf.DEVIATIONS:
            return counts.ending(without=DEVIATIONS_HAVE_NONE)
        case _:
            return counts.ending(without=OF_OTHER_RESULTS)


def _origin(name: str, results: Results) -> Result | Series:
    known: dict[str, Result | Series] = {row.result_id: row for row in results.rows}
    known |= {each.result_id: each for each in results.series}
    if name not in known:
        raise AnalysisError(
            f"no result has the id {name!r}{suggestion(name, [*known])}; the ids stand in "
            "results.csv (result_id), in series.csv, and behind each number of report.html"
        )
    return known[name]
