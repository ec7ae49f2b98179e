"""Acme with every right in its file."""

from pathlib import Path
from typing import get_args

import pytest

from app.domain.permissions import SYSTEM
from app.domain.policy_values import RightName
from app.policies.loader import read_controller
from app.portal import Portal
from app.services import policies
from tests.web.conftest import CONTROLLER

ONE = "  access: {{proof: [email_code], approvers: 1}}\n"
CONSENTS = """\
  news: {{title: {{en: "News about the product", lv: "Jaunumi par produktu"}}, legal_basis: consent}}
  offers: {{title: "Offers of partners", legal_basis: consent}}
"""


@pytest.fixture
def every_right(portal: Portal, tmp_path: Path) -> None:
    """Acme offers all rights of its law and has two purposes that rest on consent."""
    rights = "".join(f"  {name}: {{}}\n" for name in get_args(RightName))
    text = CONTROLLER.replace("connections:", f"{CONSENTS}connections:").format(slug="acme", name="ACME")
    path = tmp_path / "acme.yaml"
    path.write_text(text.replace(ONE.format(), rights))
    policies.apply(portal, SYSTEM, read_controller(path))
