"""Two facts that both sides know: asked of everybody alike, counted for each name, and never a dead end."""

import hmac
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.facts import FactsResult
from app.domain.permissions import ANONYMOUS
from app.models.ledger import Job, TrailEntry
from app.models.proof import ProofStep
from app.queries import two_facts as views
from app.queries.policies import policy_of
from app.queries.reading import identities_of, load
from app.services import facts_drawing, intake, moves, policies, two_facts
from tests import questions
from tests.factories import ANA, House, a_filing
from tests.questions import EVE, PROOF, RIGHT, Asked, asked
from workers.idle import run_until_idle


@pytest.fixture(autouse=True)
def with_questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from questions.put_in(monkeypatch)


def test_after_the_code_two_questions_are_asked(acme: House) -> None:
    one = asked(acme)
    assert (one.status(), one.standing.asked) == ("proof_needed", "two_facts")
    with acme.reading() as work:
        case = load(work, one.reference, lock=False)
        questions = views.questions_of(work, case, policy_of(work, case), language="lv")
    assert [one.name for one in questions] == ["first", "second"]
    assert {one.text for one in questions} < {"Kāds vārds?", "Kas pierakstīts?", "Cik bija rēķins?"}


def test_both_right_and_the_named_account_is_known(acme: House) -> None:
    one = asked(acme)
    assert one.answer(one.right()) is FactsResult.RIGHT
    assert (one.status(), one.standing.met) == ("open", True)
    with acme.reading() as work:
        proven = {row.kind: row.proven_by for row, _ in identities_of(work, load(work, one.reference, lock=False))}
    assert proven == {"email": "email_code", "account_name": "two_facts"}
    assert one.events() == ["facts:asked", "facts:right"]
    assert all(row.answers == [] for row in one.questions())


def test_any_row_of_the_person_counts_and_nobody_elses(acme: House) -> None:
    one = asked(acme)
    assert one.right().keys() == {"first", "second"}
    others = {"customers.name": "Bob Kalns", "notes.text": "belongs to Bob", "invoices.total": "777"}
    places = [row.place.partition(".")[2] for row in one.questions()]
    assert one.answer(dict(zip(views.NAMES, (others[place] for place in places), strict=True))) is FactsResult.WRONG
    if "invoices.total" in places:
        other_invoice = one.right() | {views.NAMES[places.index("invoices.total")]: "99"}
        assert one.answer(other_invoice) is FactsResult.RIGHT


@pytest.mark.parametrize("wrong", [("first",), ("second",), ("first", "second")])
def test_one_wrong_or_both_is_one_result(acme_on_sqlite: House, wrong: tuple[str, ...]) -> None:
    one = asked(acme_on_sqlite)
    assert one.answer(one.right() | dict.fromkeys(wrong, "something else")) is FactsResult.WRONG
    assert one.status() == "proof_needed"
    assert one.answer(one.right()) is FactsResult.RIGHT


def test_nobody_of_that_name_is_asked_too(acme: House) -> None:
    known, unknown = asked(acme), asked(acme, account="nobody-here")
    assert [len(row.answers) for row in known.questions()] == [len(row.answers) for row in unknown.questions()]
    assert {len(text) for row in unknown.questions() for text in row.answers} == {2 * facts_drawing.DIGEST_BYTES}
    assert known.wrong() is unknown.wrong() is FactsResult.WRONG
    assert known.events() == unknown.events() == ["facts:asked", "facts:wrong"]


def test_the_person_is_asked_by_what_they_name_not_by_their_own_address(acme: House) -> None:
    """Who is on file must not answer for somebody else with facts of their own."""
    one = asked(acme, account="bob", email=ANA)
    assert one.answer({name: RIGHT[row.place.partition(".")[2]] for name, row in
                       zip(views.NAMES, one.questions(), strict=True)}) is FactsResult.WRONG  # fmt: skip
    with acme.reading() as work:
        proven = {row.kind: row.proven_by for row, _ in identities_of(work, load(work, one.reference, lock=False))}
    assert proven["account_name"] is None


def test_without_another_name_the_address_is_asked_about(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite, account=None, email=ANA)
    assert one.answer(one.right()) is FactsResult.RIGHT
    assert one.status() == "open"


def test_asking_again_gives_the_same_pair(acme_on_sqlite: House) -> None:
    pairs = [[row.place for row in asked(acme_on_sqlite, account=name).questions()] for name in ("ana", "ANA", " ana")]
    assert pairs[0] == pairs[1] == pairs[2]
    digests = [row.answers for row in asked(acme_on_sqlite).questions()]
    assert digests != [row.answers for row in asked(acme_on_sqlite).questions()]  # bound to the case


def test_three_tries_and_the_next_way_opens(acme: House) -> None:
    one = asked(acme)
    assert [one.wrong() for _ in range(3)] == [FactsResult.WRONG, FactsResult.WRONG, FactsResult.USED_UP]
    assert one.standing.asked == "signed_form"
    assert one.status() == "proof_needed"
    assert one.events() == ["facts:asked", "facts:wrong", "facts:wrong", "facts:wrong", "facts:used_up"]
    with pytest.raises(Refused):
        one.answer(one.right())
    assert all(row.answers == [] for row in one.questions())


def test_tries_are_counted_across_requests_for_one_name(acme: House) -> None:
    first, second, third = (asked(acme, account=name) for name in ("ana", "Ana", "ANA "))
    assert [first.wrong(), second.wrong(), first.wrong(), second.wrong()] == [FactsResult.WRONG] * 4
    assert third.wrong() is FactsResult.USED_UP  # the fifth of the day
    last = asked(acme)
    assert last.answer(last.right()) is FactsResult.USED_UP  # not even looked at
    assert last.standing.asked == "signed_form"
    assert asked(acme, account="bob").wrong() is FactsResult.WRONG


def test_ten_tries_in_a_month(acme_on_sqlite: House) -> None:
    results = []
    for _ in range(10):
        one = asked(acme_on_sqlite)
        results.append(one.wrong())
        acme_on_sqlite.clock.advance(timedelta(days=2))
    assert results == [FactsResult.WRONG] * 9 + [FactsResult.USED_UP]
    one = asked(acme_on_sqlite)
    assert one.answer(one.right()) is FactsResult.USED_UP
    acme_on_sqlite.clock.advance(timedelta(days=31))
    one = asked(acme_on_sqlite)
    assert one.answer(one.right()) is FactsResult.RIGHT


def two_facts_passed(one: Asked) -> None:
    with one.house.portal.work(one.who, one.house.controller_id) as work:
        two_facts.pass_by(work, one.reference)


def test_who_does_not_know_is_shown_another_way(acme: House) -> None:
    one = asked(acme)
    two_facts_passed(one)
    assert (one.standing.asked, one.events()) == ("signed_form", ["facts:asked", "facts:passed"])
    with pytest.raises(Refused):
        two_facts_passed(one)


def test_also_while_the_questions_are_being_prepared(acme: House) -> None:
    one = asked(acme, drawn=False)
    with pytest.raises(Refused) as told:
        one.answer({"first": "a", "second": "b"})
    assert told.value.message is two_facts.NOT_YET
    two_facts_passed(one)
    acme.run()
    assert (one.standing.asked, one.questions()) == ("signed_form", [])


def test_what_was_asked_together_is_answered_once(acme: House) -> None:
    acme.apply(changes={**PROOF, "rights:\n": "rights:\n  erasure: {proof: [{all_of: [email_code, two_facts]}]}\n"})
    filing = a_filing(rights=("access", "erasure"), identities={"email": EVE, "account_name": "ana"}, details={})
    with acme.work(ANONYMOUS) as work:
        references = intake.file(work, policies.current(work), filing).references
    assert acme.confirm(references[0]).accepted
    acme.run()
    acme.clock.advance(facts_drawing.BEAT)
    first, second = (Asked(acme, reference) for reference in references)
    assert first.answer(first.right()) is FactsResult.RIGHT
    assert (first.status(), second.status()) == ("open", "open")


def test_nothing_typed_uses_no_try_up(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite)
    for _ in range(5):
        with pytest.raises(Invalid) as told:
            one.answer({"first": "  ", "second": "x"})
        assert list(told.value.fields) == ["first"]
    assert one.answer(one.right()) is FactsResult.RIGHT


def test_somebody_elses_request_is_not_there(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite)
    stranger = replace(one.who, references=frozenset({"2222-2222-2222"}))
    with pytest.raises(NotFound):
        two_facts.answer(one.house.portal, stranger, one.house.controller_id, one.reference,
                         typed=one.right(), language="en")  # fmt: skip
    with one.house.portal.work(stranger, one.house.controller_id) as work, pytest.raises(NotFound):
        two_facts.pass_by(work, one.reference)


def test_guesses_at_once_are_all_counted(acme_on_postgres: House) -> None:
    one = asked(acme_on_postgres)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: _quietly(one), range(8)))
    assert results.count(FactsResult.WRONG) <= 2
    assert one.events().count("facts:used_up") == 1
    assert one.standing.asked == "signed_form"


def _quietly(one: Asked) -> FactsResult | None:
    try:
        return one.wrong()
    except Refused:
        return None


def test_the_right_answer_among_many_guesses_at_once(acme_on_postgres: House) -> None:
    """Whatever comes first, never are more than three looked at, and the case ends in one state."""
    one = asked(acme_on_postgres)
    right = one.right()
    with ThreadPoolExecutor(6) as pool:
        guesses = [pool.submit(_quietly, one) for _ in range(5)]
        honest = pool.submit(one.answer, right)
        [guess.result() for guess in guesses]
    shown = one.standing.met
    assert honest.exception() is not None or (honest.result() is FactsResult.RIGHT) == shown
    assert one.events().count("facts:wrong") + one.events().count("facts:right") <= 4


def test_as_many_comparisons_for_nobody_as_for_somebody(acme_on_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compare, counts = hmac.compare_digest, []
    known, unknown = asked(acme_on_sqlite), asked(acme_on_sqlite, account="nobody-here")
    typed = {known.reference: known.right(), unknown.reference: {"first": "1,234", "second": "03/02/1990"}}
    for one in (known, unknown):
        seen: list[int] = []
        monkeypatch.setattr(two_facts.hmac, "compare_digest", lambda a, b, seen=seen: seen.append(1) or compare(a, b))
        one.answer(typed[one.reference])
        counts.append(len(seen))
    assert counts == [2 * facts_drawing.ANSWERS * 4] * 2


def test_a_try_takes_as_long_for_nobody(acme_on_sqlite: House) -> None:
    """The difference is smaller than what one and the same differs by."""
    took: dict[str, list[float]] = {"ana": [], "nobody": []}
    for at in range(8):
        for name, seconds in took.items():
            one = asked(acme_on_sqlite, account=name if name == "ana" else f"{name}{at}")
            begin = time.perf_counter()
            one.wrong()
            seconds.append(time.perf_counter() - begin)
            acme_on_sqlite.clock.advance(timedelta(days=31))
    apart = abs(statistics.median(took["ana"]) - statistics.median(took["nobody"]))
    assert apart < max(statistics.pstdev(one) for one in took.values()) + 0.01


def test_they_are_shown_on_the_beat_however_long_drawing_took(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite, drawn=False)
    since = acme_on_sqlite.clock.now()
    acme_on_sqlite.run()
    assert {row.drawn_at for row in one.questions()} == {since + facts_drawing.BEAT}
    with pytest.raises(Refused) as told:
        one.answer(one.right())
    assert told.value.message is two_facts.NOT_YET
    beats = [facts_drawing.next_beat(since, since + timedelta(seconds=late)) - since for late in (0, 0.1, 3, 3.1, 8)]
    assert [beat / facts_drawing.BEAT for beat in beats] == [1, 1, 1, 2, 3]


def test_digests_go_when_the_request_ends(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite)
    with acme_on_sqlite.portal.work(one.who, acme_on_sqlite.controller_id) as work:
        moves.perform(work, one.reference, "withdraw", {})
    assert [row.answers for row in one.questions()] == [[], []]


def test_a_system_that_is_away_ends_in_another_way(acme: House) -> None:
    one = asked(acme, drawn=False)
    portal = replace(acme.portal, environment={**acme.portal.environment, "ACME_CRM_URL": "sqlite:////nowhere/x.db"})
    run_until_idle(portal)
    assert one.standing.asked in ("two_facts", "signed_form")
    for _ in range(10):
        acme.clock.advance(timedelta(minutes=20))
        run_until_idle(portal)
    assert one.standing.asked == "signed_form"
    with acme.reading() as work:
        step = work.session.scalars(select(ProofStep).where(ProofStep.way == "two_facts")).one()
        assert step.facts["why"] == "unreachable"


def test_a_system_that_is_back_is_asked_again(acme: House, tmp_path: Path) -> None:
    one = asked(acme, drawn=False)
    (tmp_path / "crm.db").rename(tmp_path / "away.db")
    acme.run()
    assert one.questions() == []
    (tmp_path / "away.db").rename(tmp_path / "crm.db")
    acme.clock.advance(timedelta(minutes=5))
    acme.run()
    acme.clock.advance(facts_drawing.BEAT)
    assert one.answer(one.right()) is FactsResult.RIGHT


def test_a_name_that_leads_to_too_few_facts_is_passed_over(acme_on_sqlite: House) -> None:
    one = asked(acme_on_sqlite, account=None, email=ANA, name="Ana")
    with acme_on_sqlite.reading() as work:
        case = load(work, one.reference, lock=False)
        policy = policy_of(work, case)
        systems = two_facts.connected_systems(acme_on_sqlite.portal, policy)
        claim = facts_drawing.claim_of(work, case, policy, systems)
    assert claim is not None
    assert claim.kind == "email"


def test_no_answer_is_anywhere_in_the_trail_or_the_jobs(acme: House) -> None:
    one = asked(acme)
    one.answer({"first": "some-secret-guess", "second": "another-guess"})
    one.answer(one.right())
    with acme.reading() as work:
        rows = [*work.session.scalars(select(TrailEntry)), *work.session.scalars(select(Job))]
        text = " ".join(str({one.name: getattr(row, one.name) for one in row.__table__.columns}) for row in rows)
    assert not [word for word in ("secret-guess", "another-guess", "LIEPA", "1 200", "called") if word in text]


def test_staff_see_how_it_went(acme: House) -> None:
    one = asked(acme)
    one.wrong()
    one.answer(one.right())
    with acme.reading("dpo") as work:
        policy = policy_of(work, load(work, one.reference, lock=False))
        view = views.facts_view(work, one.reference, policy, language="en")
    assert view is not None
    assert (view.wrong, view.ending, len(view.questions)) == (1, "right", 2)


def test_staff_may_ask_where_the_ladder_would_not(acme: House) -> None:
    acme.apply()
    reference = acme.in_status("open", identities={"email": EVE, "account_name": "ana"})
    acme.move(reference, "ask_proof", doubt="The address is new.", items_asked="Two answers.", alternatives="Write.")
    one = Asked(acme, reference)
    acme.clock.advance(facts_drawing.BEAT)
    assert one.standing.asked == "two_facts"
    assert one.answer(one.right()) is FactsResult.RIGHT
    assert one.status() == "open"
