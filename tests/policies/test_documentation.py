"""docs/controller-file.md: its example runs, it names every key and every word, and its messages are real ones."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from app.domain.policy import ControllerFile
from app.policies.facts_file import FactEntry
from app.policies.loader import read_controller
from tests.policies import test_controller_faults, test_dataset_file, test_facts

PAGE = (Path(__file__).parents[2] / "docs" / "controller-file.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for argument in get_args(annotation):
        yield from models(argument)


def words(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from words(argument)


def test_the_example_is_without_fault(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "shop.yml").write_text(block("yaml dataset"), encoding="utf-8")
    (tmp_path / "acme.yaml").write_text(block("yaml controller"), encoding="utf-8")
    loaded = read_controller(tmp_path / "acme.yaml")
    assert [str(one) for one in loaded.warnings if "user" in one.wrong] == []
    assert loaded.datasets["shop"].collections["customers"].columns == ("id", "email", "town")
    assert len(loaded.datasets["shop"].facts) == 2


MODELS = sorted({*models(ControllerFile), FactEntry}, key=str)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_and_every_word_is_there(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        keys = {field.alias or name}
        for word in keys | (set(words(field.annotation)) if name != "rights" else set()):
            assert re.search(rf"\b{re.escape(word)}\b", PAGE), f"{model.__name__}.{name}: {word}"


def test_the_messages_shown_are_those_that_come() -> None:
    proven = {row[3] for row in test_controller_faults.MISTAKES}
    proven |= {"datasets/shop.yml" + row[3] for row in test_dataset_file.MISTAKES}
    proven |= {"datasets/shop.yml:6: " + row[2] for row in test_facts.MISTAKES}
    assert set(block("text").splitlines()) <= proven
