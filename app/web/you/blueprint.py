"""What a person's own pages share: who they are, and how their browser comes in."""

from typing import Final

from flask import Blueprint
from werkzeug.wrappers import Response

from app.services import own_signin
from app.services.own_signin import Own
from app.services.signing_in import Entered
from app.web import visitor
from app.web.signin.blueprint import enter, known_from_now_on, wanted
from app.web.transaction import reading_unscoped

blueprint = Blueprint("you", __name__)
HOME: Final = "/you/"
DOOR: Final = "/you/signin/"
SAFETY: Final = "/you/safety/"


def me() -> tuple[Own, str]:
    """Whose page this is, and the session that shows it."""
    seen, token = visitor.visitor(), visitor.token()
    assert seen is not None
    assert seen.login_id is not None
    assert token is not None
    with reading_unscoped("a login belongs to no controller") as work:
        return own_signin.of(work, seen.login_id), token


def come_in(entered: Entered, *, made: bool = False) -> Response:
    """To where the reader wanted to go; whoever has just made their sign-in sees first what can be added to it."""
    answer = enter(entered.token, "/you/welcome/" if made and wanted(HOME) == HOME else wanted(HOME))
    return known_from_now_on(answer, entered.mark, path=HOME)
