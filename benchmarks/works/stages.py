"""``stages.py TIMES FOLDER``: CPU seconds of each stage of the line for a grown example."""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from line import example, grow, write_listing

from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.datasets.building import build_datasets
from trialkit.files.whole_files import write_files
from trialkit.outputs.report_files import report_files
from trialkit.outputs.results_files import results_files
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.writers.editions import Edition
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.stages import Analysed, Validated
from trialkit.steps.validating import query_files
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

Made = TypeVar("Made")


def timed(stage: str, call: Callable[[], Made]) -> Made:
    """What a stage gives, after its CPU seconds were told."""
    gc.collect()
    start = time.process_time()
    made = call()
    sys.stdout.write(f"{stage}\t{time.process_time() - start:.6f}\n")
    sys.stdout.flush()
    return made


folder, out = Path(sys.argv[2]), Path(sys.argv[2]) / "output"
grow(example(), folder, int(sys.argv[1]))
gc.set_threshold(100_000, 50, 100)
# each library is loaded, and each schema made, before anything is timed
small = folder.with_name("small")
grow(example(), small, 1)
trial = open_trial(small)
protocol, schemas = trial.protocol, trial.schemas
snapshot = freeze(FolderSource(folder=small), schemas)
check(snapshot, schemas, protocol)
carry_out(protocol, build_datasets(snapshot, schemas, protocol))

trial = timed("open", lambda: open_trial(folder))
protocol, schemas = trial.protocol, trial.schemas
snapshot = timed("read and freeze", lambda: freeze(FolderSource(folder=folder), schemas))
findings = timed("judge", lambda: check(snapshot, schemas, protocol))
before = QueryFolder(trial=folder).read()
queries = timed("queries", lambda: reconcile(before, findings, snapshot, schemas))
validated = Validated(
    trial=trial, snapshot=snapshot, findings=findings, queries=queries, queries_before=before,
    looks_back=False,
)  # fmt: skip
timed("queries' files", lambda: query_files(validated))
timed("listing", lambda: write_listing(validated, out))
datasets = timed("datasets", lambda: build_datasets(snapshot, schemas, protocol))
results = timed("analyses", lambda: carry_out(protocol, datasets))
analysed = Analysed(validated=validated, protocol=protocol, datasets=datasets, results=results)
files = timed("results as files", lambda: results_files(analysed))
timed("composing", lambda: publish(analysed, edition=Edition(formats=())))
for each in ReportFormat:
    edition = Edition(formats=(each,))
    published = timed(
        f"composing and {each.value}", lambda edition=edition: publish(analysed, edition=edition)
    )
timed("report's files", lambda: write_files(report_files(published, files), out))
