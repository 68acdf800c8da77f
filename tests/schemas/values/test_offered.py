"""Labels are offered where they mean one answer alone; whatever was chosen comes back as its code."""

from hypothesis import given
from hypothesis import strategies as st

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.values.offered import LONGEST_LABEL, meant, offered, seen

CODES = DataFormat().all_missing_codes


def item(*choices: tuple[str, str]) -> Item:
    return Item(
        id="side", label="Side", type=ItemType.CHOICE, missing_codes=("ND",),
        choices=tuple(ItemChoice(code=code, label=label) for code, label in choices),
    )  # fmt: skip


def test_labels_are_offered_and_reasons_behind_them() -> None:
    assert dict(offered(item(("1", "Left"), ("2", "Right")), CODES)) == {
        "Left": "1", "Right": "2", "not done": "ND",
    }  # fmt: skip


def test_labels_that_could_mean_another_answer_have_their_code_in_front() -> None:
    words = offered(item(("1", "2"), ("2", "Both"), ("3", "both "), ("4", "x" * 101)), CODES)

    assert list(words) == [
        "1 = 2",
        "2 = Both",
        "3 = both",
        f"4 = {'x' * LONGEST_LABEL}…",
        "not done",
    ]


def test_yes_and_no_are_offered_too() -> None:
    asked = Item(id="drug", label="Analgesic", type=ItemType.YES_NO, missing_codes=())
    assert list(offered(asked, CODES).values()) == ["yes", "no"]


TEXTS = st.text("ab1 2N", min_size=1, max_size=3).filter(str.strip)


@given(st.dictionaries(TEXTS.map(str.strip), TEXTS, min_size=1, max_size=6))
def test_what_is_offered_is_understood_and_a_code_stays_itself(choices: dict[str, str]) -> None:
    asked = item(*choices.items())
    understood = meant(asked, CODES)

    for text, code in offered(asked, CODES).items():
        assert understood.get(seen(text), text) == code or text == code
    assert all(understood.get(seen(code), code) == code for code in choices)
