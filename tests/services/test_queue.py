"""Addresses of the queue that no page of ours gives out: an error that says what to do, never a fault of the server."""

import base64
import json

import pytest

from app.domain.errors import Invalid
from app.queries.queue import QueueFilter, queue
from tests.factories import House


def made(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "cursor"),
    [
        ("due", made("due", "2026-11-23", 2**70)),
        ("due", made("due", "2026-11-23", -1)),
        ("due", made("due", "no day", 1)),
        ("due", made("received", "2026-11-23T09:00:00+00:00", 1)),
        ("received", made("received", "0001-01-01T00:00:00", 1)),
        ("due", "%%%"),
        ("due", made()),
    ],
)
def test_a_made_up_cursor_is_refused_in_words(acme: House, sort: str, cursor: str) -> None:
    with acme.reading("dpo") as work, pytest.raises(Invalid) as refused:
        queue(work, QueueFilter(sort=sort, cursor=cursor))  # type: ignore[arg-type]
    assert set(refused.value.fields) == {"cursor"}
