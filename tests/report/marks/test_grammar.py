from trialkit.report.marks.grammar import BLOCKS, INLINE, markdown


def test_no_other_rule_of_the_library_is_read() -> None:
    active = markdown().get_active_rules()
    assert set(active["block"]) == {*BLOCKS, "paragraph"}
    assert set(active["inline"]) == {*INLINE, "text", "shifted", "citation"}


def test_addresses_that_do_something_are_no_links() -> None:
    reader = markdown()
    assert reader.validateLink("https://example.org")
    for address in (
        "javascript:x",
        "data:text/html,x",
        "file:///etc",
        "//host",
        "a.html",
        "",
        "#a",
    ):
        assert not reader.validateLink(address)
