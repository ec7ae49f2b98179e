"""A mail's sender (M-8): only what the organisation's own server wrote about it counts, and no letter for another."""

import json

import pytest

from app.domain.mail_checks import (
    FINDINGS,
    METHOD_WORDS,
    NOT_CHECKED,
    SAMENESS,
    VERDICT_WORDS,
    VERDICTS,
    Head,
    MailChecks,
    compared,
    domain_of,
    from_stored,
    judge,
    read_head,
    same_address,
    stored,
)

SERVER = "mx.acme.example"
REFERENCE = "7K2M-9QXF-4TRB"
OFFICE = "office@bigco.example"
PASSED = (
    f"{SERVER}; spf=pass smtp.mailfrom=bigco.example; dkim=pass header.d=bigco.example;"
    " dmarc=pass header.from=bigco.example"
)


def judged(*results: str, sender: str = OFFICE, staff: bool = True, server: str | None = SERVER, **more: object):
    fields = {"senders": (sender,), "clear": True, "subject": f"Request {REFERENCE}", "results": results, **more}
    return judge(Head(**fields), server=server, reference=REFERENCE, taken_by_staff=staff)  # type: ignore[arg-type]


def test_what_our_own_server_found_is_read() -> None:
    checks = judged(PASSED)
    assert checks == MailChecks(OFFICE, "pass", "pass", "pass", True, SERVER, None, ())
    assert checks.vouched


@pytest.mark.parametrize(
    "server", ["mx.evil.example", f"{SERVER}.evil.example", "mx.acme.examp1e", f"x{SERVER}", "acme.example", ""]
)
def test_what_another_server_wrote_is_not(server: str) -> None:
    checks = judged(PASSED.replace(SERVER, server, 1))
    assert (checks.not_checked, checks.dmarc, checks.vouched) == ("no_result", "none", False)


def test_the_newest_of_ours_counts_and_a_second_one_is_told() -> None:
    failed = f"{SERVER}; dmarc=fail header.from=bigco.example"
    checks = judged("other.example; dmarc=pass header.from=bigco.example", failed, PASSED)
    assert (checks.dmarc, checks.spf, checks.vouched) == ("fail", "none", False)
    assert "several_results" in checks.findings


def test_a_file_of_the_person_proves_nothing_whatever_stands_in_it() -> None:
    checks = judged(PASSED, staff=False)
    assert (checks.not_checked, checks.dmarc, checks.vouched) == ("sent_by_person", "none", False)
    assert checks.sender == OFFICE


def test_without_a_named_server_nobody_is_trusted() -> None:
    assert judged(PASSED, server=None).not_checked == "no_server"
    assert judged().not_checked == "no_result"
    assert judge(None, server=SERVER, reference=REFERENCE, taken_by_staff=True).not_checked == "unreadable"


@pytest.mark.parametrize(
    "result",
    [
        f"{SERVER}; dmarc=pass header.from=evil.example",
        f"{SERVER}; dmarc=pass",
        f"{SERVER}; dmarc=fail header.from=bigco.example",
        f"{SERVER}; dmarc=pass header.from=bigco.example; dmarc=fail header.from=bigco.example",
        f'{SERVER}; spf=fail smtp.mailfrom="x; dmarc=pass header.from=bigco.example"',
        f"{SERVER}; spf=fail (says; dmarc=pass header.from=bigco.example) smtp.mailfrom=x.example",
        f"{SERVER}; dmarc=passed header.from=bigco.example",
        f"{SERVER}; x-dmarc=pass header.from=bigco.example",
        f"{SERVER}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
        f"{SERVER} 1; none",
    ],
)
def test_what_does_not_vouch_for_the_shown_domain_is_no_pass(result: str) -> None:
    checks = judged(result)
    assert not checks.vouched
    assert checks.not_checked is None


@pytest.mark.parametrize(
    "result",
    [
        f'{SERVER}; spf=pass smtp.mailfrom="office@bigco.example"@evil.example',
        f'{SERVER}; spf=pass smtp.mailfrom="a smtp.mailfrom=bigco.example"@evil.example',
        f'{SERVER}; spf=pass reason="smtp.mailfrom=bigco.example" smtp.mailfrom=evil.example',
        f'{SERVER}; dmarc=pass reason="header.from=bigco.example"',
    ],
)
def test_what_a_sender_wrote_between_quotes_is_no_domain(result: str) -> None:
    """The part before the @ may hold anything when it is quoted, an address of somebody else too (RFC 5321, 4.1.2)."""
    assert not judged(result).aligned


def test_a_quoted_name_before_the_domain_is_that_domains() -> None:
    assert judged(f'{SERVER}; spf=pass smtp.mailfrom="x@evil.example"@bigco.example').aligned


@pytest.mark.parametrize("broken", [f"{SERVER}; dmarc=pass (open", f'{SERVER}; dmarc=pass "open', f"{SERVER}) ; x"])
def test_a_result_that_does_not_end_is_none(broken: str) -> None:
    assert judged(broken).not_checked == "no_result"


def test_results_are_read_as_servers_write_them() -> None:
    checks = judged(
        f'{SERVER.upper()} 1 (our server);\r\n\tdkim=neutral reason="bad" header.d=list.example;'
        " dkim = pass (2048-bit) header.i=@mail.bigco.example; SPF=softfail smtp.mailfrom=bounce@bigco.example;"
        " dmarc/1=PASS (p=REJECT) header.from=BigCo.example"
    )
    assert (checks.spf, checks.dkim, checks.dmarc, checks.aligned) == ("softfail", "pass", "pass", True)


@pytest.mark.parametrize("senders", [(), (OFFICE, "evil@x.example"), ('"office@bigco.example"@x.example',), ("<>",)])
def test_a_mail_without_one_clear_sender_is_not_checked(senders: tuple[str, ...]) -> None:
    checks = judge(Head(senders=senders, clear=len(senders) == 1, results=(PASSED,)), server=SERVER,
                   reference=REFERENCE, taken_by_staff=True)  # fmt: skip
    assert (checks.not_checked, checks.sender) == ("not_one_sender", None)


def test_a_name_that_shows_another_address_is_told() -> None:
    checks = judged(PASSED, sender="evil@x.example", shown=f"The office <{OFFICE}>")
    assert "name_shows_address" in checks.findings
    assert not checks.aligned
    assert judged(PASSED, shown=OFFICE.upper()).findings == ()


def test_a_subject_that_does_not_name_the_request_is_told() -> None:
    assert judged(PASSED, subject="Request 7K2M-9QXF-4TRC").findings == ("no_reference",)
    assert judged(PASSED, subject="re: 7k2m 9qxf 4trb please").findings == ()


@pytest.mark.parametrize(
    ("sender", "how"),
    [
        (OFFICE, "same"),
        ("Office@BigCo.Example", "same"),
        ("evil@x.example", "other"),
        ("boss@bigco.example", "other"),
        ("office@b1gco.example", "look_alike"),
        ("office@bigc0.example", "look_alike"),
        ("office@bіgco.example", "look_alike"),  # a Cyrillic letter
        ("office@xn--bgco-jed.example", "look_alike"),  # the same, as the net writes it
        ("office@big-co.example", "look_alike"),
        ("office@bigcoo.example", "look_alike"),
        ("offiсe@bigco.example", "look_alike"),  # a Cyrillic letter before the @
        ("ofﬁce@bigco.example", "look_alike"),  # one letter that looks like two
        ("office@bigco.example.evil.test", "other"),
        ("office+x@bigco.example", "other"),
    ],
)
def test_only_the_very_address_is_the_address_on_file(sender: str, how: str) -> None:
    assert compared(sender, ["info@other.example", OFFICE]) == how


def test_a_domain_has_one_name_in_the_net() -> None:
    assert same_address("a@münchen.example", "A@XN--MNCHEN-3YA.example")
    assert domain_of("a@bigco.example.") == "bigco.example"
    assert domain_of("a@\u2028") == "\u2028"
    assert compared(None, [OFFICE]) == compared(OFFICE, []) == "unknown"


def test_letters_beyond_plain_latin_are_told() -> None:
    assert "foreign_letters" in judged(sender="office@bіgco.example").findings


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"senders": 5}', b"\xff", json.dumps({"senders": [5]}).encode()])
def test_an_answer_that_is_none_is_none(said: bytes) -> None:
    assert read_head(said) is None


def test_an_answer_is_bounded_and_printable() -> None:
    told = {"senders": ["a@b.example"] * 99, "clear": "yes", "shown": "x\n\u202ey", "subject": "s" * 5000, "date": "",
            "results": ["r" * 9000] * 99}  # fmt: skip
    head = read_head(json.dumps(told).encode())
    assert head is not None
    assert (len(head.senders), head.clear, head.shown, len(head.subject)) == (50, False, "x  y", 1000)
    assert (len(head.results), len(head.results[0])) == (50, 8000)


@pytest.mark.parametrize("staff", [True, False])
def test_what_is_kept_reads_the_same(staff: bool) -> None:
    checks = judged(PASSED, staff=staff)
    kept = stored(checks, sender="sealed")
    assert OFFICE not in json.dumps(kept)
    assert from_stored(kept, sender=OFFICE) == checks


def test_every_word_has_a_sentence() -> None:
    assert VERDICT_WORDS.keys() == VERDICTS
    assert METHOD_WORDS.keys() == {"spf", "dkim", "dmarc"}
    assert {"sent_by_person", "no_server", "no_result", "unreadable", "not_one_sender"} == NOT_CHECKED.keys()
    assert {"same", "look_alike", "other", "unknown"} == SAMENESS.keys()
    assert len(FINDINGS) == 5
