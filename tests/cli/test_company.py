"""A company's letter on the command line (M-8): what it needs, and that a letter is no proof while filing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from app.portal import Portal
from tests.web.conftest import offer_every_right

Flask = Callable[..., Result]
Told = Callable[..., Any]
DPO = ("--as", "dpo@acme.example")
FILE = ("cases", "file", "--controller", "acme", "--right", "instruction", "--detail", "wish=Delete 2019", "--channel",
        "post")  # fmt: skip
EMAIL, NUMBER = ("--identity", "email=bea@bigco.example"), ("--identity", "customer_number=C-1001")
COMPANY = ("--company", "Bigco SIA", "--company-role", "Director")


@pytest.fixture(autouse=True)
def _desk(told: Told, portal: Portal, tmp_path: Path) -> None:
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")
    offer_every_right(portal, tmp_path)


def test_a_company_is_named_with_its_number(told: Told) -> None:
    filed = told(*FILE, *EMAIL, *NUMBER, *COMPANY, "--name", "Bea Berzina", *DPO)
    assert told("cases", "show", filed["reference"])["status"] == "unverified"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((*EMAIL, *COMPANY), "customer or contract number"),
        ((*EMAIL, *NUMBER, "--company", "Bigco SIA"), "what you are in the company"),
        ((*EMAIL, *NUMBER, "--company-role", "Director"), "the name of the company"),
        ((*EMAIL, *NUMBER, *COMPANY, "--proof", "A letterhead"), "call back"),
    ],
)
def test_what_is_missing_is_said(flask: Flask, given: tuple[str, ...], said: str) -> None:
    done = flask(*FILE, *given, "--name", "Bea", *DPO, code=1)
    assert said in done.output


def test_a_letter_that_was_seen_is_no_proof(flask: Flask) -> None:
    flask(*FILE, *EMAIL, "--proof", "x", "--proof-method", "official_letter", *DPO, code=2)
