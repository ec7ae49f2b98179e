"""The README can be followed to the letter: its commands run, its links lead somewhere, its words are on the pages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "controller-file.md").read_text(encoding="utf-8")
DPO = "dpo@softmanager.example"


def commands(kind: str) -> list[str]:
    """The lines of the blocks of one kind, without what is remarked beside them."""
    blocks = re.findall(rf"^```{kind}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    return [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who follows the README, with a demonstration that nobody has touched."""
    folder = tmp_path_factory.mktemp("home")
    assert run(".venv/bin/flask db upgrade && .venv/bin/flask demo load", folder).returncode == 0
    return folder


def run(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A line as typed into a shell, in the checkout; the portal's data stays in that home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    return subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/flask", str(Path(sys.executable).with_name("flask")))],
        cwd=ROOT, env=kept | {"HOME": str(home), "HABEAS_DATA_DIR": str(home / "var")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)|[`\s]make ([a-z-]+)`", README, re.MULTILINE))
    assert {name for pair in named for name in pair if name} <= targets
    assert commands("sh walk-through")[0] == "make run"
    assert run("make --dry-run run", ROOT).returncode == 0


def test_the_released_package_is_checked_as_written(home: Path) -> None:
    """The last command of the walk-through, with a reference of one's own in the file's name."""
    listed = run(f".venv/bin/flask cases list --controller softmanager --as {DPO} --json", home)
    assert listed.returncode == 0, listed.stderr
    cases = json.loads(listed.stdout)["cases"]
    granted = next(one["reference"] for one in cases if (one["outcome"], one["right"]) == ("granted", "access"))
    fetched = run(f".venv/bin/flask packages fetch {granted} --out ~/Downloads --as {DPO}", home)
    assert fetched.returncode == 0, fetched.stderr
    line = commands("sh walk-through")[-1]
    mine = re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", granted, line)
    assert mine != line
    done = run(mine, home)
    assert done.returncode == 0, done.stderr


def test_a_system_is_connected_as_written(home: Path) -> None:
    """The file and the map are the guide's; the database that they name is not there, and that is said in words."""
    (home / "datasets").mkdir()
    for name, kind in {"acme.yaml": "yaml controller", "datasets/shop.yml": "yaml dataset"}.items():
        found = re.search(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)
        assert found
        (home / name).write_text(found[1], encoding="utf-8")
    export, *rest = [line.replace("acme.yaml", f"{home}/acme.yaml") for line in commands("sh connect")]
    done = {line: run(f"{export}; {line}", home) for line in rest}
    codes = {line.split()[1] + " " + line.split()[2]: one.returncode for line, one in done.items()}
    assert codes == {"controllers check": 0, "controllers apply": 0, "connections check": 1, "users create": 0}
    assert "/signin/invitation/" in done[rest[-1]].stdout
    refused = done[rest[2]]
    assert "Traceback" not in refused.stderr
    assert "password" not in refused.stdout + refused.stderr


def test_links_and_pictures_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target
    for folder in re.findall(r"^\| (`[^|]+) \|", README, re.MULTILINE):
        for name in re.findall(r"`([a-z/]+)`", folder):
            assert (ROOT / name).is_dir(), name


def test_pictures_are_small() -> None:
    named = set(re.findall(r"\(docs/img/([a-z-]+\.png)\)", README))
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob("*")}
    assert set(there) == named
    assert max(there.values()) < 200_000


def test_what_it_tells_to_press_is_on_the_pages() -> None:
    """A button or link that was renamed is renamed here as well."""
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    pages += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    pages += (ROOT / "app/policies/regimes/gdpr.yaml").read_text(encoding="utf-8")
    walk = README.partition("## From a question")[2].partition("## Connect")[0]
    mails = (ROOT / "templates/mail/case-filed/subject.txt").read_text(encoding="utf-8")
    systems = (ROOT / "app/policies/controllers/datasets/softmanager_crm.yml").read_text(encoding="utf-8")
    for words in re.findall(r"(?<!\*)\*([A-Z][^*]+?)( …)?\*(?!\*)", walk):
        assert words[0] in pages + mails + systems, words[0]


def test_the_demonstration_is_as_described(home: Path) -> None:
    told = run(".venv/bin/flask demo load --json", home)
    document = json.loads(told.stdout)
    assert document["password"] in README
    assert {one["email"] for one in document["staff"]} >= set(re.findall(r"`(\w+@softmanager\.example)`", README))
    assert "five members of staff" in README
    assert sum(one["controller"] == "softmanager" for one in document["staff"]) == 5
    assert len(document["controllers"]) == 5


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}[a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_every_line_of_the_five_procedures_is_told_and_what_is_met_is_shown() -> None:
    rows = re.findall(r"^\| ([MIRSG]-\d+) \| .+? \| (\w+) \| (.*) \|$", README, re.MULTILINE)
    counts = {"M": 15, "I": 10, "R": 8, "S": 13, "G": 9}
    assert [name for name, _, _ in rows] == [
        f"{part}-{at}" for part, most in counts.items() for at in range(1, most + 1)
    ]
    for name, state, told in rows:
        paths = re.findall(r"\]\((tests/[\w/.]+)\)", told)
        assert state in {"met", "partly", "planned"}, name
        assert bool(paths) is (state != "planned"), name
        assert state == "met" or "to come" in told or "by hand" in told or state == "planned" or "not said" in told, (
            name
        )
        for path in paths:
            assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), f"{path} does not name {name}"
