"""The examples of docs/api.md, run in their order against a portal."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.policies.loader import load_regimes
from app.portal import Portal
from tests.web.api.conftest import Caller
from tests.web.api.test_two_facts import waiting_for_answers
from tests.web.vault.test_two_facts import RIGHT, put_questions

PAGE = Path(__file__).parents[3] / "docs" / "api.md"


def commands() -> Iterator[str]:
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL):
        for one in re.split(r"^(?=curl )", block.replace("\\\n", " "), flags=re.MULTILINE):
            if one.strip():
                yield one.strip()


def filled(text: str, known: dict[str, str]) -> list[str]:
    """The words as a shell would hand them over."""
    return [re.sub(r"\$(\w+)", lambda name: known[name[1]], word) for word in shlex.split(text)]


def call(caller: Caller, words: list[str]) -> Any:
    """What curl would send."""
    method, data, url, headers = "GET", None, "", {}
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(rest)
        else:
            url = word
    response = caller.client.open(url.removeprefix("https://p.example"), method=method, headers=headers, data=data)
    assert response.status_code in {200, 201, 206}, (words, response.get_data(as_text=True))
    return response.json


def learn(known: dict[str, str], told: Any) -> None:
    """What a reader takes from an answer to the next call."""
    for name, value in (told or {}).items():
        if name == "cases" and value and isinstance(value[0], str):
            known["REFERENCE"] = value[0]
        if name in {"packages", "items", "letters"} and value:
            known[name.upper()[:-1]] = value[0]["id"]
        if name == "parts":
            known["PART"] = value[0]["url"]
        if name == "version":
            known["VERSION"] = str(value)


def test_every_example_works(
    public: Caller, dpo: Caller, mailbox: Callable[[], str], finish: Callable[[], int], every_right: None
) -> None:
    assert dpo.token is not None
    known = {"BASE": "https://p.example", "TOKEN": dpo.token}
    seen = 0
    for command in commands():
        if "/two-facts" in command:  # see below
            continue
        if "$CODE" in command:
            known["CODE"] = mailbox()
        learn(known, call(public, filled(command, known)))
        finish()
        seen += 1
    assert seen == 25


def test_the_questions_of_the_example_are_asked_and_answered(
    public: Caller, dpo: Caller, portal: Portal, tmp_path: Path
) -> None:
    put_questions(portal, tmp_path)
    reference = waiting_for_answers(public, portal)
    assert dpo.token is not None
    known = {"BASE": "https://p.example", "TOKEN": dpo.token, "REFERENCE": reference}
    told = []
    for command in (one for one in commands() if "/two-facts" in one):
        told.append(call(public, filled(command, known)))
        known |= {row["name"].upper(): RIGHT[row["text"]] for row in told[0]["questions"]}
    assert told[1]["result"] == "right"


def test_the_ground_of_the_example_is_one() -> None:
    assert "rights_of_others" in load_regimes()["gdpr"].rights["access"].refusal_grounds
