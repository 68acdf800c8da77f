from trialkit.report.words.en import wording as w


def test_lists_read_as_english() -> None:
    assert w.listing(["a"]) == "a"
    assert w.listing(["a", "b", "c"]) == "a, b and c"
    assert w.listing(["2", "4"], last="or") == "2 or 4"


def test_a_sentence_ends_once() -> None:
    assert w.sentence("Done") == "Done."
    assert w.sentence(" Done. ") == "Done."
    assert w.sentence("Done?") == "Done?"


def test_small_counts_are_words() -> None:
    assert w.counted(1, "arm") == "one arm"
    assert w.counted(2, "arm") == "two arms"
    assert w.counted(12, "visit") == "12 visits"
    assert w.counted(0, "visit") == "no visits"
