"""One access request from the form to the opened, verified package, as its three people see it."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyotp

from tests.journeys.conftest import NewWalker, Running
from tests.journeys.steps import approve_and_release, ask, collect, confirm
from tests.journeys.walker import Walker, sees

ANA = "ana.ionescu@example.com"
ANDREI = "andrei.popescu@example.com"


def fetch_package(person: Walker, reference: str, email: str, folder: Path) -> Path:
    """From the mail that says it is ready to the file."""
    person.open(f"/demo/mail/?to={email}")
    # What was left out is told by a letter (Art. 12(4)), whose mail also says that the rest is there to be fetched.
    ready = re.compile(f"The answer to your request {reference} is ready|Our decision on your request: {reference}")
    person.until(lambda page: page.get_by_role("link", name=ready).count() > 0, what="the mail that it is ready")
    person.follow(ready)
    person.open(f"/case/{reference}/")
    person.follow("Get your data") if person.page.get_by_role("link", name="Get your data").count() else person.press(
        "Get your data"
    )
    person.press("Send me a code")
    page = person.page.url
    code = person.mailed_code(email, after=1)
    person.open(page)
    person.picture("package")
    person.page.get_by_label("Code").first.fill(code)
    path = folder / f"{reference}.zip"
    person.download("Download my data", path)
    return path


def read_offline(walker: Walker, path: Path, folder: Path) -> None:
    """Unpack the file and read it as somebody without the internet would."""
    with zipfile.ZipFile(path) as package:
        package.extractall(folder)
        pages = [name for name in package.namelist() if name.endswith(".html")]
    walker.open_file(folder / "index.html")
    sees(walker, re.compile(r"Contact persons\s*1 record was left out"))
    walker.picture("opened")
    for name in pages:
        walker.open_file(folder / name)


def test_a_request_goes_its_whole_way(
    person: Walker, desk: Callable[..., Walker], portal: Running, tmp_path: Path
) -> None:
    reference = ask(person, name="Ana Ionescu", email=ANA)
    sees(person, "not counted")  # how the date was counted
    person.picture("sent", height=1150)
    confirm(person, ANA)
    person.picture("status", height=1000)

    dpo = desk("dpo")
    dpo.open("/desk/softmanager/?sort=-received")
    dpo.follow(reference)
    dpo.press("Take it over")
    sees(dpo, "Daria Protopopescu")
    collect(dpo, reference)
    dpo.open(f"/desk/softmanager/cases/{reference}/")
    dpo.picture("case", height=1380)
    withhold_one(dpo)
    approve_and_release(dpo, reference, partly=True)

    path = fetch_package(person, reference, ANA, tmp_path)
    with zipfile.ZipFile(path) as package:
        manifest = json.loads(package.read("manifest.json"))
    assert manifest["reference"] == reference
    assert sum(one["count"] for one in manifest["withheld"]) == 1
    read_offline(person, path, tmp_path / "opened")
    verify(portal, path, tmp_path)


def withhold_one(dpo: Walker) -> None:
    """One record stays out, with a ground of the law; the page then says so."""
    with dpo.page.expect_navigation():
        dpo.page.locator(".habeas-found a").first.click()
    dpo.look()
    dpo.page.get_by_label("Record 1", exact=True).check()
    dpo.page.get_by_label("Ground").select_option(index=1) if dpo.page.locator("select#ground").count() else (
        dpo.page.locator("[name=ground]").first.check()
    )
    dpo.page.get_by_label("Reason").fill("It names a colleague of hers.")
    dpo.press("Withhold the chosen records")
    sees(dpo, "Withheld")


def verify(portal: Running, path: Path, folder: Path) -> None:
    """The file as it was released is accepted, and with one byte changed it is not."""
    assert portal.flask("packages", "verify", str(path)).returncode == 0
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    other = folder / "changed.zip"
    other.write_bytes(changed)
    refused = portal.flask("packages", "verify", str(other))
    assert refused.returncode == 1
    assert refused.stderr.strip()


def test_the_whole_way_without_scripts(window: NewWalker, portal: Running, tmp_path: Path) -> None:
    """The same with scripts switched off, on the desk of somebody who was invited a minute ago."""
    person = window(scripts=False, width=768)
    reference = ask(person, name="Andrei Popescu", email=ANDREI)
    confirm(person, ANDREI)

    desk = window(scripts=False)
    accept_invitation(desk, portal)
    collect(desk, reference)
    approve_and_release(desk, reference)
    path = fetch_package(person, reference, ANDREI, tmp_path)
    assert portal.flask("packages", "verify", str(path)).returncode == 0


def accept_invitation(walker: Walker, portal: Running) -> None:
    """From the invitation's link to the queue: a name, a password, an app set up with the secret on the page."""
    email = "nicoleta@softmanager.example"
    told = portal.told("users", "create", "--email", email, "--controller", "softmanager", "--role", "dpo")
    walker.open(told["invitation"])
    walker.page.get_by_label("Your name").fill("Nicoleta Nou")
    walker.page.get_by_label("Password", exact=False).first.fill("a long road to the sea")
    walker.press("Continue")
    secret = "".join(walker.page.locator(".habeas-enrol__secret").inner_text().split())
    walker.page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).now())
    walker.press("Sign in")
    assert walker.path == "/signin/safety/", walker.words  # where whoever is new gets the codes for a lost telephone
