"""The trials whose plans are carried out: as written, scarred and turned round, from a later baseline."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tests.conftest import ROOT, THREE_ARMS
from tests.planned.equal.second_reading import Score, SecondReading, cluster_of
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result, Results
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

TEMPLATE = ROOT / "trialkit" / "newtrial"

Edit = tuple[str, str, str]
"""A file under the trial's folder, text that stands in it, and what takes its place everywhere."""

ARM_C = 'label = "Leaflet"\nreference = true\n'
ARM_H = 'label = "Two sessions a week"\n'
ARM_L = 'label = "One session a week"\n'
BURDEN = """
[[items]]
id = "burden"
label = "Burden"
type = "calculated"
calculation = "(100 - function_score) / 2 + walk_m / 10"
unit = "points"

[[rules]]
id = "ASS01"
"""
AGE = '[[characteristics]]\nform = "demographics"\nitem = "age_years"'
SITE = f'[[characteristics]]\nform = "screening"\nitem = "site"\nlabel = "Site"\n\n{AGE}'
AT_W4 = ("window = { early = 10, late = 0 }\nbaseline = true", "window = { early = 10, late = 0 }")

SCARRED: tuple[Edit, ...] = (
    # turned round: another reference, the other direction, another time point and level
    ("protocol.toml", ARM_C, ARM_C.replace("reference = true\n", "")),
    ("protocol.toml", ARM_H + "ratio = 4", ARM_H + "reference = true\nratio = 4"),
    ("protocol.toml", 'direction = "higher"', 'direction = "lower"'),
    ("protocol.toml", 'time_point = "W12"', 'time_point = "W8"'),
    ("protocol.toml", "confidence_level = 0.95", "confidence_level = 0.9"),
    ("protocol.toml", 'adjustment = "holm"', 'adjustment = "hochberg"'),
    ("protocol.toml", "minimal_important_change = 8", "minimal_important_change = 5"),
    ("protocol.toml", "[sample_size]", "[report]\nstandardised_differences = true\n\n[sample_size]"),
    ("protocol.toml", 'item = "walk_m"', 'item = "burden"'),
    ("protocol.toml", AGE, SITE),
    ("forms/assessment.toml", '\n[[rules]]\nid = "ASS01"\n', BURDEN),
    # scarred: what goes wrong in a trial
    ("data/screening.csv", "0103;N;26.01.2024;26.01.2024;yes;\n", ""),
    ("data/screening.csv", "0207;S;25.02.2024;28.02.2024;yes", "0207;S;25.02.2024;28.02.2024;no"),
    ("data/screening.csv", "0123;N;02.07.2024;;yes;other", "0123;N;02.07.2024;;yes;"),
    ("data/screening.csv", "0118;N;27.05.2024;;no;criteria", "0118;N;27.05.2024;;no;"),
    ("data/assessment.csv", "0113;W8;12.06.2024;15:20;47,8;416;\n", ""),
    ("data/assessment.csv", "0101;W8;15.03.2024;08:15;69,6;", "0101;W8;15.03.2024;08:15;;"),
    ("data/assessment.csv", "0115;BL;08.05.2024;08:45;34,5;", "0115;BL;08.05.2024;08:45;;"),
    ("data/assessment.csv", "0204;W8;WD;;WD;WD;\n0204;W12;WD;;WD;WD;\n", ""),
    ("data/assessment.csv", "0227;W8;03.10.2024", "0227;W8;30.10.2024"),
    ("data/global_rating.csv", "0222;W8;LTFU\n", ""),
    ("data/demographics.csv", "0108;2;55;25,2", "0108;2;UNK;25,2"),
    ("data/demographics.csv", "0234;2;49;32,0", "0234;REF;49;32,0"),
    ("data/sessions.csv", "0101;3;25.01.2024;no;", "0101;3;25.01.2024;UNK;"),
    ("data/adverse_events.csv", "fever\";24.11.2024;1;no;no;no", "fever\";01.10.2024;1;no;no;no"),
    ("data/adverse_events.csv", "0120;1;", "0222;1;Dizziness;20.07.2024;2;yes;no;yes\n0120;1;"),
    ("data/end_of_study.csv", "0207;CTRL;;no;;no;29.04.2024;withdrew", "0207;CTRL;;no;;;;"),
    ("data/end_of_study.csv", "0137;HIGH;;yes;No time", "0137;HIGH;;yes;"),
)  # fmt: skip
LATER: tuple[Edit, ...] = (
    ("protocol.toml", ARM_C, ARM_C.replace("reference = true\n", "")),
    ("protocol.toml", ARM_L + "ratio = 3", ARM_L + "reference = true\nratio = 3"),
    ("protocol.toml", *AT_W4),
    ("protocol.toml", 'code = "W4"', 'code = "W4"\nbaseline = true'),
    ("protocol.toml", 'metric = "final value"\naggregation = "proportion"\ndirection = "higher"',
     'metric = "final value"\naggregation = "proportion"\ndirection = "lower"'),
    ("protocol.toml", "confidence_level = 0.95", "confidence_level = 0.8"),
    ("protocol.toml", 'adjustment = "holm"', 'adjustment = "bonferroni"'),
)  # fmt: skip


SCORES = {
    "burden": Score(
        parts=("function_score", "walk_m"),
        reckon=lambda function, walk: (100 - function) / 2 + walk / 10,
    )
}
"""The calculated item of the scarred trial, reckoned by hand."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """An analysis that a plan gets in addition."""

    specification: Specification
    outcome: str
    population: str
    role: AnalysisRole = AnalysisRole.EXPLORATORY


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """A trial by both ways: as the package carries it out, and as it is read a second time."""

    trial: SecondReading
    protocol: Protocol
    datasets: Datasets
    results: Results

    def rows(self, analysis: str) -> list[Result]:
        return [row for row in self.results.rows if row.analysis_id == analysis]

    def stats(self, analysis: str, **where: str) -> dict[str, float | int | None]:
        """The statistics at a place, by the name of the statistic."""
        return {
            row.stat_name.value: row.stat
            for row in self.rows(analysis)
            if all(getattr(row, name) == wanted for name, wanted in where.items())
        }


def edited(folder: Path, edits: tuple[Edit, ...]) -> Path:
    """A copy of the three-arm trial with its texts changed."""
    copy = folder / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("__pycache__", "output"))
    for name, old, new in edits:
        path = copy / name
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        assert old in text, f"{name} has no {old!r}"
        path.write_bytes(text.replace(old, new).encode("utf-8"))
    return copy


def world_of(trial: SecondReading, planned: dict[str, Planned]) -> World:
    """The trial with more analyses in its plan, carried out."""
    protocol = load_protocol(trial.folder)
    more = tuple(
        Analysis(
            id=name,
            role=each.role,
            outcomes=(each.outcome,),
            population=each.population,
            estimand=protocol.estimands[0].code,
            specification=each.specification,
        )
        for name, each in planned.items()
    )
    plan = replace(protocol.plan, analyses=(*protocol.plan.analyses, *more))
    protocol = replace(protocol, plan=plan)
    schemas = form_schemas(trial.folder, protocol)
    snapshot = freeze(FolderSource(folder=trial.folder), schemas, cut=None)
    datasets = build_datasets(snapshot, schemas, protocol)
    # no form of these trials asks for a class: who goes to which is added to what they have
    clusters = Clusters(
        label="class", plural="classes", randomised=False, arms=protocol.arm_codes[1:]
    )
    protocol = replace(protocol, clusters=clusters)
    named = [cluster_of(trial, each) for each in datasets.subjects["subject_id"]]
    datasets = replace(datasets, subjects=datasets.subjects.assign(cluster=named))
    results = carry_out(protocol, datasets)
    return World(trial=trial, protocol=protocol, datasets=datasets, results=results)
