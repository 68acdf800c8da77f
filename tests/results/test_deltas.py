from trialkit.results.deltas import delta_term


def test_a_difference_is_named_by_what_is_added_and_between_whom() -> None:
    assert delta_term("NEW - USUAL", 2.0) == "delta 2: NEW - USUAL"
    assert delta_term("NEW - USUAL", -0.5, 0.0) == "delta -0.5, 0: NEW - USUAL"
    assert delta_term("NEW - USUAL", -0.0) == "delta 0: NEW - USUAL"
    assert delta_term("NEW - USUAL", 0.3, -1.25) == "delta 0.3, -1.25: NEW - USUAL"
