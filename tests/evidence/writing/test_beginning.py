import json

from tests.evidence.world import every_event, occasion
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.beginning import begin, publish_definition

FILES = {"protocol.toml": "[trial]\n", "forms/pain.toml": "title = 'Schmerz ä'\n"}


def test_first_event_says_which_store_it_is(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion())

    first = every_event(kept.store).row(0, named=True)

    said = json.loads(first["details"])
    assert first["action"] == EventAction.BEGAN
    assert said["trial"] == "ISRCTN00000000"
    assert len(said["store"]) == 36


def test_version_of_the_definitions_is_published_once(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=occasion())

    first = publish_definition(kept.store, FILES, occasion(1))
    again = publish_definition(kept.store, dict(reversed(FILES.items())), occasion(2))
    other = publish_definition(kept.store, {**FILES, "protocol.toml": "[trial]\nx"}, occasion(3))

    assert first == again != other
    assert every_event(kept.store)["action"].to_list() == [
        EventAction.BEGAN,
        EventAction.DEFINED,
        EventAction.DEFINED,
    ]
    assert verify(kept.store).holds
