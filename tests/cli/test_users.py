"""Staff, as an operator looks after them."""

from app.gateways.mail import MemoryMailer
from tests.offices import hired
from workers.idle import run_until_idle


def test_a_lost_second_factor_is_taken_away_and_its_owner_is_told(told, portal):
    hired(portal, "vera@acme.example")
    assert told("users", "reset-factor", "Vera@acme.example") == {"email": "Vera@acme.example", "reset": True}
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    assert [(mail.to, mail.subject) for mail in portal.mailer.sent] == [
        ("vera@acme.example", "Your second factor was taken away")
    ]


def test_nobody_has_no_second_factor(told):
    assert "Nobody signs in as" in told("users", "reset-factor", "nobody@acme.example", code=1)["error"]["message"]
