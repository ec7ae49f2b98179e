"""Filing for somebody else from the command line (LAW 6): whom it is for, who acts, and what cannot be said."""

from collections.abc import Callable
from typing import Any

Told = Callable[..., Any]

DPO = ("--as", "dpo@acme.example")
FILE = (
    "cases", "file", "--controller", "acme", "--right", "access", "--identity", "account_name=ana",
    "--name", "Ana Liepa", "--capacity", "guardian", *DPO,
)  # fmt: skip
ACTS = ("--acting", "name=Lauma Liepa", "--acting", "stands_as=parent", "--acting", "email=lauma@example.org")


def test_a_guardian_is_written_down(told: Told) -> None:
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")
    filed = told(*FILE, *ACTS, "--acting", "born_on=2015-03-27")
    assert told("cases", "show", filed["reference"], *DPO)["status"] == "unverified"
    told(*FILE, *ACTS, "--acting", "born_on=1990-01-01", code=1)
    told(*FILE, *ACTS, code=1)
    told(*FILE, code=1)
    told(*FILE, *ACTS, "--acting", "born_on=2015-03-27", "--acting", "shoe_size=38", code=1)
