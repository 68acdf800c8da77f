"""An attacker with the login of a person of one site, and SQL instead of trialkit."""

from contextlib import closing

import psycopg
import pytest

from tests.evidence.postgres_server import OWNER, SERVICE
from tests.evidence.world_of_people import (
    ANN,
    BEN,
    CLEO,
    FAY,
    by,
    entered,
    form_of_some_arms,
    injected,
    logged_in,
    with_arms,
    with_two_sites,
)
from trialkit.checks.queries.queries import Event, Happening
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database import postgres_rights
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.hashing import CHAINED, own_hashes
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.reading import events, head_of
from trialkit.evidence.queries.query_log import queries_of, record
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.holding import hold
from trialkit.evidence.writing.redacting import redact
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole

pytestmark = pytest.mark.postgres
TABLES = ("event", "content", "form_row", "sealed_row", "subject_site")
REFUSED = (
    "permission denied", postgres_rights.REFUSED, postgres_rights.ANOTHER,
    "row-level security", "must be owner", "must be superuser", "must be member",
)  # fmt: skip


@pytest.fixture
def served(kept):
    if not kept.store.is_served:
        pytest.skip("of a server")
    with_two_sites(kept.store)
    return kept


def as_login(kept, person, *statements, fetch=True):
    url = kept.application_url.replace("//ann@", f"//{person}@")
    with closing(
        psycopg.connect(url)
    ) as connection:  # its own block leaves it open if COMMIT fails
        for statement in statements:
            found = connection.execute(statement)
        rows = found.fetchall() if fetch else []
        connection.commit()
    return rows


def refusal(kept, person, *statements):
    with pytest.raises(psycopg.Error) as refused:
        as_login(kept, person, *statements, fetch=False)
    return str(refused.value)


@pytest.mark.parametrize("table", TABLES)
def test_person_of_one_site_sees_no_row_of_another(served, table):
    everything = as_login(served, "ann", f"SELECT * FROM {table}")
    found = as_login(served, "ben", f"SELECT * FROM {table}")

    assert "S1" in str(everything) or table in {"sealed_row", "content"}
    assert "S1" not in str(found)
    assert "'31'" not in str(found)


def test_setting_that_names_a_site_or_a_person_changes_nothing(served):
    forged = (
        "SET trialkit.site = 'south'", "SET trialkit.person = 'ann'", "SET search_path = pg_temp, public",
        "SET application_name = 'ann'",
    )  # fmt: skip

    found = as_login(served, "ben", *forged, "SELECT * FROM form_row")

    assert "S1" not in str(found)
    assert "N1" in str(found)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE cleo", f"SET ROLE {OWNER}", f"SET ROLE {SERVICE}", "SET SESSION AUTHORIZATION cleo",
        "SELECT set_config('role', 'cleo', false)", "SET row_security = off; SELECT * FROM event",
        "ALTER TABLE form_row DISABLE ROW LEVEL SECURITY", "DROP POLICY seen ON event",
        "CREATE POLICY mine ON event USING (true)", "DROP TRIGGER event_is_permitted ON event",
        "ALTER TABLE event DISABLE TRIGGER ALL", "SET session_replication_role = replica",
        "CREATE FUNCTION public.acting() RETURNS text LANGUAGE sql AS 'SELECT ''cleo'''",
        "INSERT INTO person_grant VALUES (99, 'ben', 'Ben', 'data manager', '', '', 1, 0, 0)",
        "UPDATE person_grant SET site = '' WHERE person = 'ben'",
        "UPDATE person_grant SET revoked = 99", "DELETE FROM person_grant",
        "INSERT INTO subject_site VALUES ('S1', 'north', 99)",
        "UPDATE subject_site SET site = 'north'", "DELETE FROM withheld_item",
        "INSERT INTO role_right VALUES ('coordinator', 'grant and revoke rights')",
        "SELECT * FROM role_right", "TRUNCATE event", "TRUNCATE form_row", "TRUNCATE person_grant",
        "INSERT INTO form_row VALUES ('pain', 'S1', 'week_9', '', 0, 1, '{}', 1)",
        "INSERT INTO form_table VALUES ('mine', '{}', 1)", "UPDATE event SET site = 'north'",
        "COPY event TO PROGRAM 'cat'", "SELECT pg_read_file('PG_VERSION')",
        "LOCK TABLE event IN ACCESS EXCLUSIVE MODE",
    ],
)  # fmt: skip
def test_what_would_take_the_site_away_is_refused(served, statement):
    said = refusal(served, "ben", statement)

    assert any(each in said for each in (*REFUSED, "query would be affected")), said


def test_what_is_hidden_cannot_be_changed_either(served):
    as_login(served, "ben", "UPDATE form_row SET cells = '{}'", fetch=False)
    as_login(served, "ben", "DELETE FROM form_row WHERE subject_id = 'S1'", fetch=False)
    as_login(served, "ben", "UPDATE content SET new = NULL WHERE false", fetch=False)

    assert source_at(served.store)[0].tables["pain"].filter(subject_id="S1")["vas"].item() == "31"
    told = [each.told for each in verify(served.store).problems]
    assert told == ["pain, N1, week_0: is not as the log has it in vas"]


def test_monitor_like_roles_cannot_write_what_they_read(served):
    as_login(served, "eve", "UPDATE form_row SET cells = '{}'", fetch=False)
    as_login(served, "eve", "DELETE FROM form_row", fetch=False)

    assert verify(served.store).holds


def forged(kept, **said):
    """A statement that adds an event with the right hashes, as somebody would who knows how."""
    with kept.store.reading() as connection:
        head = head_of(connection)
        (last,) = [batch[-1:] for batch in events(connection)]
    import polars as pl

    blank = dict.fromkeys(("old_sha256", "new_sha256", "reason_sha256", "details", "form", "item", "subject_id", "visit", "repeat"), "")  # fmt: skip
    values = {"seq": head.seq + 1, "batch": head.seq + 1, "before": head.hash, "about": 0,
              "copy": 0, **blank, **said}  # fmt: skip
    made = last.with_columns(pl.lit(value).alias(name) for name, value in values.items())
    made = made.with_columns(
        pl.lit(values[name], dtype=pl.Int64).alias(name)
        for name in ("seq", "batch", "about", "copy")
    )
    hashed = made.with_columns(pl.Series("hash", own_hashes(made)))
    row = hashed.select(*CHAINED, "hash").row(0, named=True)
    listed = ", ".join(f'"{name}"' for name in row)
    texts = ", ".join(
        str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
        for value in row.values()
    )
    return f"INSERT INTO event ({listed}) VALUES ({texts})"


BEN_SAYS = {"person": "ben", "printed_name": "Ben Okoro", "role": "coordinator", "site": "north"}
GRANT = '{"arms":1,"person":"%s","printed_name":"B","role":"data manager","site":""}'


@pytest.mark.parametrize(
    "said",
    [
        {"person": "ann", "printed_name": "Ann Miller", "role": "data manager", "site": "",
         "action": "anchored"},
        {**BEN_SAYS, "action": "anchored"},
        {**BEN_SAYS, "role": "data manager", "action": "row added", "form": "pain", "subject_id": "N1"},
        {**BEN_SAYS, "site": "south", "action": "row added", "form": "pain", "subject_id": "N1"},
        {**BEN_SAYS, "action": "row added", "form": "pain", "subject_id": "S1"},
        {**BEN_SAYS, "action": "granted", "details": GRANT % "ben"},
        {**BEN_SAYS, "action": "granted", "details": GRANT % "eve"},
        {**BEN_SAYS, "action": "revoked", "about": 1, "details": "{}"},
        {**BEN_SAYS, "action": "placed at a site", "subject_id": "S1", "details": '{"site":"north"}'},
        {**BEN_SAYS, "action": "filled", "form": "arms", "item": "arm", "subject_id": "N1"},
        {**BEN_SAYS, "action": "unblinded", "subject_id": "N1"},
        {**BEN_SAYS, "action": "form opened", "form": "mine", "details": "{}"},
        {**BEN_SAYS, "action": "store begun", "details": "{}"},
        {**BEN_SAYS, "action": "made up"},
    ],
    ids=[
        "as another", "anchored", "other role", "other site", "subject of another", "grant to self",
        "grant", "revoke", "take over", "arm", "unblind", "open a form", "begin", "unknown",
    ],
)  # fmt: skip
def test_event_with_right_hashes_is_refused_without_the_right(served, said):
    refused = refusal(served, "ben", forged(served, **said))

    assert postgres_rights.REFUSED in refused or postgres_rights.ANOTHER in refused, refused


def test_event_with_right_hashes_comes_in_with_the_right(served):
    """So that the test before refuses for the right that is lacking and for nothing else."""
    said = {
        **BEN_SAYS,
        "action": "row added",
        "form": "pain",
        "subject_id": "N1",
        "visit": "week_1",
    }

    as_login(served, "ben", forged(served, **said), fetch=False)


@pytest.fixture
def ruled(kept):
    """Arms, a data manager of the north, and of the south a freeze, a query and a redacted reason."""
    if not kept.store.is_served:
        pytest.skip("of a server")
    with_arms(kept.store, lambda subject: "ARM-A" if subject == "N1" else "ARM-B")
    grant(kept.store, "ben", by(ANN, 20), printed_name="Ben Okoro", role=TrialRole.DATA_MANAGER,
          site="north")  # fmt: skip
    fay, cleo = logged_in(kept, "fay"), logged_in(kept, "cleo")
    for minute, (old, new) in enumerate([("31", "35"), ("35", "36")], start=21):
        place = {"form": "pain", "subject_id": "S1", "visit": "week_0", "item": "vas"}
        said = {"action": EventAction.CHANGED, **place, "old": old, "new": new, "reason": "misread"}
        last = append(cleo, entries([said]), by(CLEO, minute))
    redact(fay, last.seq - 1, by(FAY, 23), reason="a name", text="reason")
    hold(fay, Reach(subject_id="S1"), HoldKind.FREEZE, by(FAY, 24), reason="clean")
    before = queries_of(fay)
    lines = [
        Event(on="2026-03-02", event=Happening.OPENED, query_key=f"q{subject}", asked="v12345678",
              severity="soft", subject_id=subject, form="pain", item="vas", visit="week_0",
              message="Right?")
        for subject in ("N1", "S1")
    ]  # fmt: skip
    record(fay, before.followed_by(lines), before=before, occasion=by(FAY, 25))
    return kept


def number_of(kept, action, subject):
    return as_login(
        kept, "fay",
        f"SELECT max(seq) FROM event WHERE action = '{action}' AND subject_id = '{subject}'",
    )[0][0]  # fmt: skip


MANAGES = {**BEN_SAYS, "role": "data manager"}
EVE_SAYS = {
    "person": "eve",
    "printed_name": "Eve Stone",
    "role": "blinded statistician",
    "site": "",
}


def answered(key):
    return canonical(
        {"query_key": key, "asked": "v12345678", "answer": "confirmed", "on": "2026-03-03"}
    )


def test_event_of_an_own_participant_reaches_no_other_one(ruled):
    """Rights are asked for whom an event is of; what it is about has to be of the same."""
    frozen, changed = (number_of(ruled, each, "S1") for each in ("frozen", "changed"))
    north = {"subject_id": "N1", "form": "pain", "item": "vas", "visit": "week_0"}
    place = {**north, "form": "", "item": "", "visit": ""}
    refused = [
        refusal(ruled, "ben", forged(ruled, **MANAGES, action="unfrozen", about=frozen, **place)),
        refusal(ruled, "ben", forged(ruled, **MANAGES, action="redacted", about=changed,
                                     details='{"text":"new"}', **north)),
        refusal(ruled, "ben", forged(ruled, **BEN_SAYS, action="query answered",
                                     details=answered("qS1"), **north)),
        refusal(ruled, "ben", forged(ruled, **BEN_SAYS, action="query commented",
                                     details=answered("qS1"), **north)),
    ]  # fmt: skip

    assert all(postgres_rights.ELSEWHERE in each for each in refused), refused
    as_login(ruled, "ben", forged(ruled, **BEN_SAYS, action="query answered",
                                  details=answered("qN1"), **north), fetch=False)  # fmt: skip


@pytest.mark.parametrize(
    ("person", "statement"),
    [
        ("eve", "DELETE FROM standing_query"),
        ("eve", "UPDATE standing_query SET state = 'Resolved'"),
        (
            "eve",
            "INSERT INTO standing_query SELECT 'q0', state, seq, kept FROM standing_query LIMIT 1",
        ),
        ("eve", "DELETE FROM hold"),
        ("eve", "UPDATE hold SET kind = 'lock'"),
        ("eve", "INSERT INTO hold VALUES (1, 'lock', '', '{\"subjects\":[]}')"),
        ("fay", "INSERT INTO hold VALUES (1, 'lock', '', '{\"subjects\":[]}')"),
        ("ben", "DELETE FROM standing_query"),
    ],
)
def test_what_stands_is_written_with_the_event_that_says_so_alone(ruled, person, statement):
    said = refusal(ruled, person, statement)

    assert postgres_rights.UNTOLD in said or "permission denied" in said, said
    assert verify(ruled.store).problems == ()


@pytest.mark.parametrize(
    ("person", "statement"),
    [
        ("dan", "UPDATE sealed_row SET cells = '{}'"),
        ("dan", "DELETE FROM sealed_row"),
        ("eve", "UPDATE content SET old = NULL, old_salt = NULL, new = NULL, new_salt = NULL"),
        ("cleo", "UPDATE content SET new = NULL, new_salt = NULL"),
    ],
)
def test_who_reads_writes_nothing_of_it(ruled, person, statement):
    as_login(ruled, person, statement, fetch=False)

    assert verify(ruled.store).problems == ()


def test_redaction_of_one_text_takes_no_other_one(ruled):
    seq = as_login(ruled, "fay", "SELECT about FROM event WHERE action = 'redacted'")[0][0]
    taken = f"UPDATE content SET new = NULL, new_salt = NULL WHERE seq = {seq}"

    assert "by an event that redacts it" in refusal(ruled, "fay", taken)
    assert verify(ruled.store).problems == ()


def test_query_about_a_form_of_some_arms_alone_stands_for_who_reads_arms(ruled):
    """That one is asked of somebody about such a form tells the arm."""
    fay = logged_in(ruled, "fay")
    append(fay, entries([form_of_some_arms()]), by(FAY, 40))
    before = queries_of(fay)
    line = Event(on="2026-03-02", event=Happening.OPENED, query_key="qI", asked="v12345678",
                 severity="soft", subject_id="N1", form="injections", item="dose", message="Right?")  # fmt: skip
    record(fay, before.followed_by([line]), before=before, occasion=by(FAY, 41))
    asked = "SELECT query_key FROM standing_query ORDER BY query_key"
    seen = {each: as_login(ruled, each, asked) for each in ("fay", "eve", "ben", "dan")}

    assert ("qI",) in seen["fay"]
    assert ("qI",) in seen["dan"]
    assert seen["eve"] == [("qN1",), ("qS1",)]
    assert seen["ben"] == [("qN1",)]
    assert "injections" not in str(as_login(ruled, "eve", "SELECT * FROM event, content"))
    assert verify(fay).problems == ()


def test_freeze_of_a_form_of_some_arms_alone_is_seen_by_who_reads_arms(ruled):
    fay = logged_in(ruled, "fay")
    append(fay, entries([form_of_some_arms(), *injected("N1")]), by(FAY, 40))
    hold(
        fay, Reach(form="injections", subject_id="N1"), HoldKind.FREEZE, by(FAY, 41), reason="clean"
    )
    seen = {
        each: str(as_login(ruled, each, "SELECT * FROM hold")) for each in ("fay", "eve", "ben")
    }

    assert "injections" in seen["fay"]
    assert "injections" not in seen["eve"] + seen["ben"]
    assert "S1" in seen["eve"]


@pytest.mark.parametrize("action", ["unfrozen", "unlocking asked for"])
def test_right_for_one_form_reaches_no_hold_of_another(ruled, action):
    """An event without a participant is about one only where it is of the same place."""
    grant(ruled.store, "ben", by(ANN, 40), printed_name="Ben Okoro", role=TrialRole.DATA_MANAGER,
          forms=("arms",))  # fmt: skip
    frozen = number_of(ruled, "frozen", "S1")
    said = {**MANAGES, "site": "", "action": action, "form": "arms", "about": frozen,
            "reason_sha256": "a" * 64}  # fmt: skip

    assert postgres_rights.ELSEWHERE in refusal(ruled, "ben", forged(ruled, **said))


def test_what_needs_a_reason_is_refused_without_one(ruled):
    seq = number_of(ruled, "frozen", "S1")
    fay = {"person": "fay", "printed_name": "Fay Lund", "role": "data manager", "site": ""}
    said = forged(ruled, **fay, action="unfrozen", about=seq, subject_id="S1")

    assert postgres_rights.SILENT in refusal(ruled, "fay", said)


def test_words_kept_apart_are_of_who_may_ask_and_read_arms(ruled):
    """Whoever reads a query could put other words in the place of those that are kept apart."""
    said = {"action": "query kept apart", "subject_id": "N1",
            "details": canonical({"query_key": "qN1", "asked": "w0123456789abcdef"})}  # fmt: skip
    for who, place in (
        (EVE_SAYS, {"form": "pain", "item": "vas"}),
        (EVE_SAYS, {"form": "arms", "item": "arm"}),
        (MANAGES, {"form": "pain", "item": "vas"}),
        (MANAGES, {"form": "arms", "item": "arm"}),
    ):
        refused = refusal(ruled, who["person"], forged(ruled, **who, **said, **place))
        assert postgres_rights.REFUSED in refused, refused


def test_nobody_grants_to_themselves_by_sql_either(served):
    said = {"person": "fay", "printed_name": "Fay Lund", "role": "data manager", "site": "",
            "action": "granted", "details": GRANT % "FAY"}  # fmt: skip

    assert postgres_rights.REFUSED in refusal(served, "fay", forged(served, **said))


def test_temporary_table_of_the_same_name_deceives_no_guard(served):
    """A temporary table comes first on every path that does not put it last."""
    shadow = "CREATE TEMPORARY TABLE event AS SELECT 98 AS seq, 'x'::text AS hash"
    grants = (
        "CREATE TEMPORARY TABLE person_grant AS SELECT 1 AS seq, 'ben'::text AS person, 'B'::text AS "
        "printed_name, 'data manager'::text AS role, ''::text AS form, ''::text AS site, 1 AS arms, "
        "0 AS is_open, 0 AS revoked"
    )
    statement = forged(served, **BEN_SAYS, action="anchored").replace(
        "INTO event", "INTO public.event"
    )

    after_shadow = forged(served, **BEN_SAYS, seq=99, before="x").replace(
        "INTO event", "INTO public.event"
    )
    assert "one event after the other" in refusal(served, "ben", shadow, after_shadow)
    assert postgres_rights.REFUSED in refusal(served, "ben", grants, statement)
    found = as_login(served, "ben", grants, "SELECT * FROM public.form_row")
    assert "S1" not in str(found)


def test_login_acts_for_nobody_else(served):
    with pytest.raises(EvidenceError, match="ben is logged in, and may not act as ann"):
        append(logged_in(served, "ben"), entries(entered("N5", "5")), by(ANN, 30))


def test_person_enters_by_their_own_login(served):
    append(logged_in(served, "ben"), entries(entered("N5", "5")), by(BEN, 30))

    assert source_at(logged_in(served, "ben"))[0].tables["pain"]["subject_id"].to_list() == [
        "N1", "N5",
    ]  # fmt: skip
    assert verify(served.store).holds


def test_participant_of_another_site_is_not_taken_over(served):
    for message in ("may not|nothing was done|refused|server says",):
        with pytest.raises(EvidenceError, match=message) as told:
            append(logged_in(served, "ben"), entries(entered("S1", "99")), by(BEN, 30))
    said = str(told.value).removeprefix(
        logged_in(served, "ben").place
    )  # a port may hold any number
    assert "south" not in said
    assert "31" not in said


def test_functions_tell_nothing_of_another_site(served):
    asked = "SELECT may_of('read', 'pain', '{}')"

    there, nowhere = (as_login(served, "ben", asked.format(subject)) for subject in ("S1", "S404"))

    assert there == nowhere == [(False,)]
    said = refusal(served, "ben", "SELECT keeps_in_mind()")
    assert "can only be called as triggers" in said or "permission denied" in said


def test_service_that_acts_for_people_sees_nothing_by_itself(served):
    said = refusal(served, SERVICE, "SELECT * FROM event")

    assert "permission denied" in said


def test_verify_refuses_who_does_not_see_all(served):
    with pytest.raises(EvidenceError, match="may not verify"):
        verify(logged_in(served, "ben"))


def test_blinded_login_finds_no_arm_in_any_table(kept):
    if not kept.store.is_served:
        pytest.skip("of a server")
    with_arms(kept.store, lambda subject: "ARM-A" if subject == "N1" else "ARM-B")
    tables = as_login(
        kept, "eve",
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S')",
    )  # fmt: skip

    seen = ""
    for (table,) in tables:
        try:
            seen += str(as_login(kept, "eve", f'SELECT * FROM "{table}"'))
        except psycopg.errors.InsufficientPrivilege:
            continue

    assert "week_0" in seen
    assert "ARM-" not in seen
    assert "ARM-A" in str(as_login(kept, "dan", "SELECT * FROM sealed_row"))
    assert "ARM-" in str(as_login(kept, "dan", "SELECT * FROM content"))


def test_planner_tells_a_blinded_login_nothing(kept):
    """Statistics of columns are a known way round row-level security."""
    if not kept.store.is_served:
        pytest.skip("of a server")
    with_arms(kept.store, lambda subject: "ARM-A" if subject == "N1" else "ARM-B")
    kept.by_force("ANALYZE", guarded=True)

    seen = str(as_login(kept, "eve", "SELECT * FROM pg_stats WHERE schemaname = 'public'"))
    leaky = (
        "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS "
        "$$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$"
    )
    url = kept.application_url.replace("//ann@", "//eve@")
    notices = []
    with psycopg.connect(url) as connection:
        connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
        connection.execute(leaky)
        connection.execute("SELECT * FROM sealed_row WHERE pg_temp.leak(cells)")
        connection.execute("SELECT * FROM content WHERE pg_temp.leak(new)")

    assert "ARM-" not in seen
    assert notices
    assert "ARM-" not in str(notices)
