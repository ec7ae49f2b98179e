"""Somebody who takes part: a browser, a network, and the mailboxes that they can read. Keeps all that they receive."""

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from werkzeug.test import TestResponse

from app.gateways.mail import Mail, MemoryMailer

if TYPE_CHECKING:
    from tests.drill.scene import Scene

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REFERENCE = re.compile(r"[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){2}")
CANARY = re.compile(r"CANARY-[\w-]+")
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


def opened(data: bytes) -> str:
    """What somebody can read in a body: of an archive, everything that lies in it."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(f"{name}\n{opened(archive.read(name))}" for name in archive.namelist())


class Somebody:
    """A person at a browser, honest or not."""

    def __init__(self, scene: "Scene", mailboxes: Sequence[str], network: str) -> None:
        self.scene, self.mailboxes = scene, tuple(mailboxes)
        self.may_know: tuple[str, ...] | None = None  # of an impostor: the canaries that are theirs by right
        self.client = scene.stage.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = network
        self.received: list[str] = []
        self.url = "/"
        self.status = 200
        assert isinstance(scene.portal.mailer, MemoryMailer)
        self._mails_before = len(scene.portal.mailer.sent)

    # --- What they get to see

    def everything(self) -> str:
        """All that ever reached them: pages, addresses, answers, files, and the mails in their own mailboxes."""
        return "\n".join([*self.received, *(f"{m.subject}\n{m.text}\n{m.html}" for m in self.mails())])

    def mails(self) -> list[Mail]:
        """The mails to their own mailboxes since they came, after all work that waits was done."""
        self.scene.acme.run()
        assert isinstance(self.scene.portal.mailer, MemoryMailer)
        return [mail for mail in self.scene.portal.mailer.sent[self._mails_before :] if mail.to in self.mailboxes]

    def code(self) -> str:
        """The newest code in their mailboxes; none where no mail brought one."""
        found = [code for mail in self.mails() for code in CODE.findall(mail.text)]
        return str(found[-1]) if found else ""

    # --- What they do

    def send(self, method: str, url: str, **given: Any) -> TestResponse:
        """One request, answered as it is."""
        answer = self.client.open(url, method=method, **given)
        self.status = answer.status_code
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
        self.received.append(f"{answer.status}\n{head}\n{opened(answer.data)}")
        return answer

    def get(self, url: str, **given: Any) -> TestResponse:
        """A page, wherever that leads."""
        self.url = url
        answer = self.send("GET", url, **given)
        while answer.status_code in {301, 302, 303, 308}:
            self.url = answer.headers["Location"]
            assert self.url.startswith("/") and not self.url.startswith("//"), f"led away to {self.url}"  # noqa: PT018
            answer = self.send("GET", self.url)
        return answer

    def post(self, url: str, data: Mapping[str, Any] | None = None, **given: Any) -> TestResponse:
        """A form with this browser's own token, as its page would send it."""
        answer = self.send("POST", url, data={"csrf_token": self.token(), **(data or {})}, **given)
        return self.get(answer.headers["Location"]) if answer.status_code in {301, 302, 303} else answer

    def token(self) -> str:
        """The proof that stands in every form of this browser's pages."""
        found = TOKEN.search(self.client.get("/case/").get_data(as_text=True))
        assert found
        return found[1]

    def api(self, method: str, path: str, body: object = None, *, token: str = "", **headers: str) -> TestResponse:
        """A call of the API."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        given: dict[str, Any] = {"headers": sent}
        if body is not None:
            given |= {"data": json.dumps(body), "content_type": "application/json"}
        return self.send(method, f"/api/v1/{path}", **given)

    # --- Whole journeys

    def files(self, name: str, email: str, *, slug: str = "acme", right: str = "access", **more: str) -> str:
        """Fill in the form and send it; the reference that the last page shows, or nothing where it did not let it."""
        answers = {"name": name, "email": email, **({"scope": "everything"} if right == "access" else {}), **more}
        self.post(f"/c/{slug}/{right}/", answers)
        page = self.post(f"/c/{slug}/{right}/check/")
        found = REFERENCE.search(page.get_data(as_text=True)) if self.url.endswith("/sent/") else None
        return found[0] if found else ""

    def confirms(self, reference: str, code: str | None = None) -> TestResponse:
        """Type the code from the mail."""
        return self.post(f"/case/{reference}/confirm", {"code": self.code() if code is None else code})

    def enters(self, reference: str) -> TestResponse:
        """Ask for a code, and type it."""
        self.post(f"/case/{reference}/code")
        return self.post(f"/case/{reference}/enter", {"code": self.code()})

    def downloads(self, reference: str) -> TestResponse | None:
        """Open the package with a fresh code, if the page offers one."""
        page = self.get(f"/case/{reference}/").get_data(as_text=True)
        found = re.search(rf'href="(/case/{reference}/package/[^"/]+/)"', page)
        if found is None:
            return None
        self.post(f"{found[1]}code")
        return self.post(f"{found[1]}open", {"code": self.code()})

    def asks(self, name: str, email: str, **more: str) -> str:
        """The whole way: file, confirm, be answered, download; the reference."""
        reference = self.files(name, email, **more)
        if reference:
            self.confirms(reference)
            if self.scene.case(reference).status == "open":
                self.scene.answered(reference)
            self.downloads(reference)
        return reference

    def disclosed(self) -> set[str]:
        """The canaries that reached an impostor and are not theirs."""
        found = set(CANARY.findall(self.everything()))
        return {canary for canary in found if not canary.startswith(self.may_know or ("-",))}

    def has(self, *canaries: str) -> bool:
        """Whether all of these reached them."""
        everything = self.everything()
        return all(canary in everything for canary in canaries)
