"""YAML from an operator: safe, bounded, nothing silently lost."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policies.faults import PolicyFaults
from app.policies.yaml_file import MAX_BYTES, parse_yaml, read_yaml


def aliases_of_aliases() -> bytes:
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]".encode() for n in range(1, 9)]
    return b"\n".join(lines)


@pytest.mark.parametrize(("content", "expected"), [
    (b"a: 1\nb: [x\n", "f.yaml:3: is no YAML: "),
    (b"a: b: c\n", "f.yaml:1: is no YAML: mapping values are not allowed"),
    (b"a:\n\t- b\n", "f.yaml:2: is no YAML: found "),
    (b"a: 1\n---\nb: 2\n", "f.yaml:2: is no YAML: "),
    (b"a: *nobody\n", "f.yaml:1: is no YAML: found undefined alias"),
    (b"a: \x00\n", "f.yaml:1: is no YAML: "),
    (b"a: 1\nb: \xff\n", "f.yaml:2: is not written in UTF-8"),
    (b"a: 1\nb: 2\na: 3\n", "f.yaml:3: a: stands here twice, first on line 1; each key once"),
    (b"a: {b: 1, b: 2}\n", "f.yaml:1: a.b: stands here twice, first on line 1; each key once"),
    (b"? [a, b]\n: c\n", "f.yaml:1: has a key that is no text; text before each colon"),
    (b"a: !!python/object/apply:os.system [id]\n", "f.yaml:1: a: has the tag !!python/object/apply:os.system;"),
    (b"a: !!binary aGk=\n", "f.yaml:1: a: has the tag !!binary;"),
    (b"a: !!int ten\n", "f.yaml:1: a: has the tag !!int;"),
    (b"a: &a [*a]\n", "f.yaml:1: a[0]: repeats itself without end; aliases that stay small"),
    (b"[" * 2000, "f.yaml:1: is nested too deeply; up to 40 levels"),
    (b"- " * 60 + b"x", "f.yaml:1: is nested too deeply; up to 40 levels"),
    (b"a: " + b"x" * MAX_BYTES, "f.yaml: is too large; up to 1000000 bytes"),
    (aliases_of_aliases(), "f.yaml:1: a5"),
], ids=range(18))  # fmt: skip
def test_what_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(PolicyFaults) as caught:
        parse_yaml(content, "f.yaml")
    assert str(caught.value.faults[0]).startswith(expected)


@pytest.mark.parametrize(("written", "value"), [
    ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None),
    ("", None), ("12", 12), ("-3", -3), ("0", 0), ("012", "012"), ("+40", "+40"), ("1_000", "1_000"),
    ("22:30", "22:30"),
    ("0x1f", "0x1f"), ("1.5", 1.5), ("1.2.3", "1.2.3"), ("1e9", "1e9"), ("2018-05-25", "2018-05-25"),
    ("9" * 40, "9" * 40), ("'12'", "12"), ("!!str 12", "12"), (".inf", ".inf"), ("<<", "<<"), ("=", "="),
])  # fmt: skip
def test_words_of_yaml_1_2(written: str, value: object) -> None:
    assert parse_yaml(f"a: {written}\n".encode(), "f").value == {"a": value}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert parse_yaml(b"1: a\nno: b\n~: c\n", "f").value == {"1": "a", "no": "b", "~": "c"}


def test_small_aliases_are_fine_and_every_value_knows_its_line() -> None:
    document = parse_yaml(b"\xef\xbb\xbfa: &x\n  b: 1\nc:\n  - *x\n  - d\n", "f")
    assert document.value == {"a": {"b": 1}, "c": [{"b": 1}, "d"]}
    assert str(document.fault(("c", 1), "is wrong")) == "f:5: c[1]: is wrong"
    assert str(document.fault(("a", "z"), "is missing", "something")) == "f:1: a.z: is missing; something"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(PolicyFaults, match="cannot be read"):
        read_yaml(tmp_path)


@given(st.binary(max_size=200) | st.text(alphabet="ab: -[]{}&*!|>\n\"'#,0~", max_size=80).map(str.encode))
def test_any_bytes_give_data_or_faults_and_nothing_else(content: bytes) -> None:
    with suppress(PolicyFaults):
        assert parse_yaml(content, "f").file == "f"
