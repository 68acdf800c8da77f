"""Simulated participants are in clusters of their arm, of a handful of people, where the arm has any."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.design.simulation.assumptions import assume, with_participants
from trialkit.design.simulation.cluster_membership import in_clusters
from trialkit.design.simulation.entries import first_entries
from trialkit.design.simulation.people import enrol
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas


@pytest.mark.parametrize(
    ("kind", "arms"), [("classes", {"CARE", "TRAIN"}), ("classes in one arm", {"TRAIN"})]
)
def test_each_is_in_a_cluster_of_the_own_arm_where_it_has_any(
    kind: str, arms: set[str], tmp_path: Path
) -> None:
    folder = write_trial(tmp_path / "trial", KINDS[kind])
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    assumed = with_participants(assume(protocol, schemas), 72)
    enrolled = enrol(protocol, schemas, assumed.conduct, np.random.default_rng(3))
    people = in_clusters(enrolled, protocol, schemas, np.random.default_rng(3))
    rows = first_entries(people, protocol, schemas, assumed, np.random.default_rng(3))
    named = [
        (row.person.arm, row.answers["group_class"])
        for row in rows
        if row.form.id == "randomisation"
    ]
    assert len(named) == 72
    assert {arm for arm, own in named if own is not None} == arms
    sizes = Counter(each for each in named if each[0] in arms)
    assert None not in {own for _, own in sizes}
    assert len({own for _, own in sizes}) == len(sizes)  # no cluster is of two arms
    assert 5 <= min(sizes.values()) <= max(sizes.values()) <= 7
    asked_nothing = replace(
        schemas, forms=tuple(f for f in schemas.forms if f.id != "randomisation")
    )
    assert in_clusters(people, protocol, asked_nothing, np.random.default_rng(3)) == people
