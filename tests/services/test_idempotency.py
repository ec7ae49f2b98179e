"""Two calls with one key that come at the same moment: the second waits and gets the first one's answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.domain.errors import Invalid
from app.domain.permissions import SYSTEM
from app.models.people import IdempotencyKey
from app.portal import Portal
from app.queries import policies
from app.services.idempotency import Once, recall, remember


def test_two_at_once_take_effect_once(portal: Portal) -> None:
    number = policies.find(portal, "acme")
    together, done = Barrier(2), []

    def call(name: str) -> object:
        together.wait()
        with portal.work(SYSTEM, number) as work:
            once = Once("caller POST /x key", b"{}")
            if (earlier := recall(work, once)) is not None:
                return earlier
            done.append(name)
            remember(work, once, {"made_by": name})
        return {"made_by": name}

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(call, ("first", "second")))
    assert answers[0] == answers[1]
    assert len(done) == 1


def test_a_key_is_one_organisations_and_one_bodys(portal: Portal) -> None:
    once = Once("caller POST /x key", b"{}")
    for slug in ("acme", "borealis"):
        with portal.work(SYSTEM, policies.find(portal, slug)) as work:
            assert recall(work, once) is None
            remember(work, once, {"slug": slug})
    with portal.work(SYSTEM, policies.find(portal, "acme")) as work:
        assert recall(work, once) == {"slug": "acme"}
        with pytest.raises(Invalid):
            recall(work, Once(once.name, b'{"a": 1}'))
    with portal.unscoped("the test counts", reads_only=True) as work:
        rows = work.session.scalars(select(IdempotencyKey)).all()
        assert work.session.scalar(select(func.count(IdempotencyKey.id))) == 2
        assert not any(b"caller" in row.key_hash for row in rows), "only digests are kept"
