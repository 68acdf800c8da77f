"""A planned log-rank test of each arm against the reference."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.survival.log_rank import log_rank
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.cox import state_events, state_ratio
from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.methods.time_kernel import decide_log_rank, refuse_log_rank
from trialkit.planned.task.stating import contrast_statement, records, state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import EVENT, TIME, of_two_arms, with_times
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.method import Method
from trialkit.results.results import Result


def state_log_rank(task: Task, specification: LogRank) -> Iterator[Result]:
    """The test of each contrast, with Peto's hazard ratio from the same sums."""
    frame = with_times(task, specification)
    tests = [
        log_rank(
            of_two_arms(frame, task.reference, arm),
            time=TIME,
            event=EVENT,
            arm="arm",
            reference=task.reference,
            strata=specification.strata,
            subject="subject_id",
        )
        for arm in task.arms[1:]
    ]
    dropped = pd.concat([each.excluded for each in tests], ignore_index=True).drop_duplicates()
    yield from state_numbers_analysed(task, dropped)
    yield from state_events(task, frame, dropped)
    statement = contrast_statement(task).by(specification.method.value, unit="")
    for test in tests:
        for row in records(test.peto_ratio(reference=task.reference, conf_level=task.level)):
            about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
            yield from state_ratio(about, row)


LOG_RANK = MethodCard(
    specification=LogRank,
    carry_out=state_log_rank,
    kernel=Kernel(methods=(Method.LOG_RANK,), decide=decide_log_rank, refusal=refuse_log_rank),
)
