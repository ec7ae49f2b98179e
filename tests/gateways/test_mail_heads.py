"""The head of a mail from strangers, read in the limited process (M-8): one clear sender, of the outer mail alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.mail_checks import Head
from app.gateways import limited_mail, previewing
from app.gateways.previewing import LimitedOpener, NullOpener
from app.gateways.sniffing import Unfit, kind_of

OPENER = LimitedOpener()
DATE = "Date: Mon, 23 Nov 2026 09:00:00 +0200\r\n"


def head(headers: str, body: str = "It is us.\r\n") -> Head:
    data = f"{headers}{DATE}\r\n{body}".encode()
    assert kind_of(data) == "eml"
    found = OPENER.mail(data)
    assert found is not None
    return found


def test_a_head_is_read() -> None:
    found = head(
        "Authentication-Results: mx.acme.example;\r\n\tdmarc=pass\r\n header.from=bigco.example\r\n"
        "Authentication-Results: older.example; none\r\n"
        "From: =?utf-8?q?B=C3=BCro?= <office@bigco.example>\r\nSubject: =?utf-8?b?UmVxdWVzdA==?=\r\n X\r\n"
    )
    assert (found.senders, found.clear, found.shown) == (("office@bigco.example",), True, "Büro")
    assert found.subject.split() == ["Request", "X"]
    assert " ".join(found.results[0].split()) == "mx.acme.example; dmarc=pass header.from=bigco.example"
    assert found.results[1] == "older.example; none"


UNCLEAR = {
    "two headers": "From: office@bigco.example\r\nFrom: evil@x.example\r\n",
    "two addresses": "From: office@bigco.example, evil@x.example\r\n",
    "an address as a name": "From: office@bigco.example <evil@x.example>\r\n",
    "an encoded address": "From: =?utf-8?q?office=40bigco.example?=\r\n",
    "an encoded address in brackets": "From: <=?utf-8?q?office?=@bigco.example>\r\n",
    "a comment and another": "From: office@bigco.example (x) <evil@x.example>\r\n",
    "two brackets, folded": "From: <office@bigco.example>\r\n <evil@x.example>\r\n",
    "a way by others": "From: <@evil.example:office@bigco.example>\r\n",
    "two at signs": "From: <office@bigco.example@x.example>\r\n",
    "nobody": "From: \r\n",
    "no domain": "From: office\r\n",
    "a line of another alphabet": "From: office@bigco.example\u2028<evil@x.example>\r\n",
}


@pytest.mark.parametrize("what", UNCLEAR)
def test_a_sender_that_is_not_one_and_plain_is_unclear(what: str) -> None:
    assert not head(UNCLEAR[what]).clear


def test_a_name_is_no_sender() -> None:
    found = head('From: "office@bigco.example" <evil@x.example>\r\n')
    assert (found.senders, found.shown, found.clear) == (("evil@x.example",), "office@bigco.example", True)
    found = head("From: =?utf-8?q?office=40bigco.example?= <evil@x.example>\r\n")
    assert (found.senders, found.shown) == (("evil@x.example",), "office@bigco.example")


def test_a_mail_inside_a_mail_lends_it_nothing() -> None:
    inner = (
        "Authentication-Results: mx.acme.example; dmarc=pass header.from=bigco.example\r\n"
        f"From: office@bigco.example\r\n{DATE}\r\nDelete all.\r\n"
    )
    for outer in ("Content-Type: message/rfc822\r\n", 'Content-Type: multipart/mixed; boundary="x"\r\n'):
        body = inner if "rfc822" in outer else f"--x\r\nContent-Type: message/rfc822\r\n\r\n{inner}--x--\r\n"
        found = head(f"From: evil@x.example\r\n{outer}", body)
        assert (found.senders, found.results) == (("evil@x.example",), ())


def test_nothing_after_the_head_counts_even_with_mixed_line_ends() -> None:
    data = f"From: evil@x.example\r\n{DATE}\nAuthentication-Results: mx.acme.example; dmarc=pass\r\n".encode()
    found = OPENER.mail(data)
    assert found is not None
    assert found.results == ()


@pytest.mark.parametrize(
    "injected",
    [
        "Subject: x\rAuthentication-Results: mx.acme.example; dmarc=pass\r\n",
        "Subject: x\x00Authentication-Results: y\r\n",
        "Authentication-Results : mx.acme.example; dmarc=pass\r\n",
    ],
)
def test_a_header_smuggled_into_another_makes_it_no_mail(injected: str) -> None:
    with pytest.raises(Unfit):
        kind_of(f"From: a@b.example\r\n{injected}{DATE}\r\nx".encode())


def test_a_header_in_encoded_words_stays_words() -> None:
    found = head(
        "From: a@b.example\r\nSubject: =?utf-8?q?x=0D=0AAuthentication-Results:_mx.acme.example;_dmarc=3Dpass?=\r\n"
    )
    assert found.results == ()
    assert "\r" not in found.subject
    assert "\n" not in found.subject


def test_what_cannot_be_read_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("print('begun')\nraise ValueError\n")
    monkeypatch.setattr(previewing, "_MAIL_PROGRAM", broken)
    assert OPENER.mail(b"From: a@b.example\r\n\r\n") is None
    assert NullOpener().mail(b"From: a@b.example\r\n\r\n") is None


def test_the_process_that_reads_mail_can_do_nothing_else() -> None:
    program = Path(limited_mail.__file__).read_text().partition('if __name__ == "__main__":')[0]
    program = program.replace("Path(__file__)", f"Path({limited_mail.__file__!r})")
    lines = (program, "_limited().give_up_rights()", "import socket", "try:", "    socket.socket()",
             "except OSError:", "    print('stopped')")  # fmt: skip
    ran = subprocess.run([sys.executable, "-IB", "-c", "\n".join(lines)], capture_output=True, check=False, cwd="/")
    assert ran.stdout == b"stopped\n", ran.stderr.decode()
