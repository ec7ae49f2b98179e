"""A file that changes while requests are open: what was promised stays, what is new gets the new, and it is said."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.errors import Invalid
from app.domain.permissions import ANONYMOUS, SYSTEM
from app.policies.loader import LoadedController, read_controller
from app.queries.policies import current, policy_of
from app.services import intake, letters, operating, policies
from tests.factories import BILLING, CONTROLLER, CRM, House, a_filing, loaded
from tests.services.test_decisions import DONE

TWO_RIGHTS = {"approvers: 1}": "approvers: 1}\n  erasure: {}"}
NOTES = CRM[CRM.index("      - name: notes") :]
KEEP = "{years: 2, from: last_use}"


def applied(house: House, changes: dict[str, str], *, sure: bool = True) -> policies.Applied:
    return policies.put_in_force(house.portal, SYSTEM, loaded(house.slug, changes=changes), sure=sure)


def mapped(folder: Path, crm: str) -> LoadedController:
    """Acme's file with another data map of its customers."""
    (folder / "crm.yml").write_text(crm)
    (folder / "billing.yml").write_text(BILLING)
    (folder / "acme.yaml").write_text(CONTROLLER.format(slug="acme", title="Acme", approvers=1))
    return read_controller(folder / "acme.yaml")


def said(done: policies.Applied) -> list[str]:
    return [str(one) for one in done.changes]


def closed(house: House, reference: str) -> str | None:
    """The rest of the way, by the desk."""
    for move in ("collect", "approve", "release"):
        house.move(reference, move)
    return house.view(reference).outcome


def test_twice_is_once(acme: House) -> None:
    again = applied(acme, {})
    assert (again.before, again.number, again.changed, again.changes) == (1, 1, False, ())
    assert applied(acme, {KEEP: "{years: 1}"}).changed
    assert not applied(acme, {KEEP: "{years: 1}"}).changed


def test_a_look_changes_nothing(acme: House) -> None:
    file = loaded("acme", changes=TWO_RIGHTS)
    seen = policies.look(acme.portal, file)
    assert (seen.before, seen.number, said(seen)) == (1, 2, ["rights.erasure: offered now"])
    assert policies.look(acme.portal, loaded("cosmos")).before == 0
    with acme.reading() as work:
        assert current(work).number == 1
    assert [row.slug for row in operating.controllers(acme.portal)] == ["acme", "borealis"]


def test_a_right_is_taken_away_while_somebody_uses_it(acme: House) -> None:
    applied(acme, TWO_RIGHTS)
    asked = a_filing(rights=("erasure",), details={"erasure": {"wish": "Everything."}})
    reference = acme.filed(asked)
    assert acme.confirm(reference).accepted
    done = applied(acme, {})
    assert said(done) == ["rights.erasure: not offered any more"]
    assert done.open_requests == {2: {"erasure": 1}}
    with acme.reading() as work:
        assert list(current(work).file.rights) == ["access"]
        assert "erasure" in policy_of(work, acme.row(reference)).file.rights
    with pytest.raises(Invalid) as refused:
        acme.filed(asked)
    assert "rights" in refused.value.fields
    other = a_filing(rights=("other",), details={"other": {"wish": "Erase my data."}})
    assert acme.view(acme.filed(other)).right == "other"
    acme.move(reference, *DONE["erasure"][:1], **DONE["erasure"][1])
    assert acme.view(reference).status == "closed"


def answer_by_hand(house: House, reference: str) -> str:
    """The letter with which an answer would go out now."""
    inputs = {"copy": "Your file.", "search_scope": "The archive", "searched_on": "2026-11-23"}
    with house.work("dpo") as work:
        return letters.preview(house.portal, work, reference, "access", inputs)


def test_what_is_kept_shorter_is_new_for_new_requests_only(acme: House) -> None:
    before = acme.in_status("open")
    done = applied(acme, {KEEP: "{months: 6, from: last_use}"})
    assert said(done) == ["categories.user.keep: 2 years from last_use → 6 months from last_use (shorter)"]
    assert done.open_requests == {1: {"access": 1}}
    after = acme.in_status("open")
    with acme.reading() as work:
        kept = [policy_of(work, acme.row(one)).file.categories["user"].keep for one in (before, after)]
    assert [str(one.unit) for one in kept if one] == ["years", "months"]
    answers = [answer_by_hand(acme, one) for one in (before, after)]
    assert ["2 years" in text for text in answers] == [True, False]
    assert ["6 months" in text for text in answers] == [False, True]


def test_a_data_map_that_lost_a_table(acme: House, tmp_path: Path) -> None:
    before = acme.in_status("open")
    done = policies.put_in_force(acme.portal, SYSTEM, mapped(tmp_path, CRM.replace(NOTES, "")), sure=False)
    assert said(done) == ["crm.yml: notes: not in the data map any more"]
    after = acme.in_status("open")
    for reference in (before, after):
        acme.move(reference, "collect")
    found = [{row.collection for row in acme.view(one).collections} for one in (before, after)]
    assert found == [{"customers", "notes", "invoices"}, {"customers", "invoices"}]
    report = operating.check_connections(acme.portal, acme.controller_id)["crm"]
    assert (report.sound, report.schema.undeclared_tables) == (True, ("notes",))


def test_a_table_that_the_system_lost(acme: House, tmp_path: Path) -> None:
    """A request under the older map, which still names it, fails in words, and nothing is answered meanwhile."""
    reference = acme.in_status("open")
    with closing(sqlite3.connect(tmp_path / "crm.db")) as crm, crm:
        crm.execute("DROP TABLE notes")
    report = operating.check_connections(acme.portal, acme.controller_id)["crm"]
    assert (report.sound, report.schema.missing_tables) == (False, ("notes",))
    policies.put_in_force(acme.portal, SYSTEM, mapped(tmp_path, CRM.replace(NOTES, "")), sure=False)
    reports = operating.check_connections(acme.portal, acme.controller_id)
    assert {key: report.sound for key, report in reports.items()} == {
        "crm": True, "billing": True, "crm, version 1": False,
    }  # fmt: skip
    assert reports["crm, version 1"].schema.missing_tables == ("notes",)
    acme.move(reference, "collect")
    seen = acme.view(reference)
    (run,) = [one for one in seen.runs if one.connection == "crm"]
    assert (run.state, str(run.error)) == ("failed", "The data map names what this system does not have: notes.")
    assert seen.status == "in_progress"
    fresh = acme.in_status("open")
    assert closed(acme, fresh) == "granted", "requests under the new map do not notice"


def test_a_language_is_taken_away(acme: House) -> None:
    reference = acme.filed(language="lv")
    assert acme.confirm(reference).accepted
    done = applied(acme, {"languages: [en, lv]": "languages: [en]"})
    assert said(done) == ["controller.languages: en, lv → en"]
    assert closed(acme, reference) == "granted"
    assert "Jūsu" in acme.mails.sent[-1].text, acme.mails.sent[-1].text
    with pytest.raises(Invalid) as refused:
        acme.filed(language="lv")
    assert "language" in refused.value.fields


def test_a_request_in_a_language_that_was_never_there(acme: House) -> None:
    with pytest.raises(Invalid) as refused, acme.work(ANONYMOUS) as work:
        intake.file(work, current(work), a_filing(language="bg"))
    assert "en, lv" in str(refused.value.fields["language"])


@pytest.mark.parametrize(("old", "new", "field"), [
    ("legal_name: Acme SIA", "legal_name: Other AS", "controller.legal_name"),
    ("country: LV", "country: EE", "controller.country"),
    ("regime: gdpr", "regime: lgpd", "controller.regime"),
])  # fmt: skip
def test_a_slug_that_is_anothers(acme_on_sqlite: House, old: str, new: str, field: str) -> None:
    house = acme_on_sqlite
    changes = {old: new} | ({"country: LV": "country: BR"} if "lgpd" in new else {})
    held = applied(house, changes, sure=False)
    assert held.held
    assert field in [one.field for one in held.who]
    with house.reading() as work:
        assert (current(work).number, current(work).file.controller.name) == (1, "Acme")
    assert applied(house, changes, sure=True).number == 2


def test_an_ordinary_change_asks_nobody(acme_on_sqlite: House) -> None:
    harmless = {"timezone: Europe/Riga": "timezone: Europe/Berlin", "name: Acme\n": "name: Acme & Co\n"}
    assert applied(acme_on_sqlite, harmless, sure=False).number == 2


def test_another_country_has_other_holidays(acme: House) -> None:
    """18 November is a holiday in Latvia alone."""
    acme.clock.moment = datetime(2026, 10, 18, 9, tzinfo=UTC)
    before = acme.in_status("open")
    assert acme.view(before).clock.due == date(2026, 11, 19), "18 November is Latvia's national day"
    applied(acme, {"country: LV": "country: EE"})
    assert acme.view(before).clock.due == date(2026, 11, 19), "what was promised stays"
    after = acme.in_status("open")
    assert acme.view(after).clock.due == date(2026, 11, 18)


def test_another_time_zone_has_another_day(acme: House) -> None:
    """At half past ten in the evening in London it is the next day in Riga."""
    acme.clock.moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    before = acme.in_status("open")
    applied(acme, {"timezone: Europe/Riga": "timezone: Europe/London"})
    after = acme.in_status("open")
    assert [acme.view(one).clock.due for one in (before, after)] == [date(2026, 12, 28), date(2026, 12, 23)]
