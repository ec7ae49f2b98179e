"""What a mail shows of who sent it (RFC 8601, 7489): the one sender in its head, and what the organisation's own server
wrote about it when it came (M-8). What a sender can write into a mail proves nothing, so it is not read as proof."""

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import idna

from app.domain.messages import Message

Sameness = Literal["same", "look_alike", "other", "unknown"]
MOST_RESULTS, LONGEST_RESULT, LONGEST_LINE = 50, 8000, 1000
METHODS: Final = ("spf", "dkim", "dmarc")
VERDICTS: Final = frozenset(
    {"pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror", "hardfail", "bestguesspass"}
)

_ADDRESS: Final = re.compile(
    r"[^\s@<>\"(),:;\\\[\]]{1,64}@(?:[^\s@<>\"(),:;\\\[\].]{1,63}\.)+[^\s@<>\"(),:;\\\[\].]{2,63}"
)
_RESULT: Final = re.compile(r"\s*([A-Za-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]+)(?=\s|$)(.*)", re.DOTALL)
# Taken whole, quotes and what stands beside them: "office@bigco.example"@evil.example is a mailbox of evil.example.
_PROPERTY: Final = re.compile(r"([A-Za-z]+)(?:\s*\.\s*([A-Za-z0-9_-]+))?\s*=\s*((?:\"[^\"]*\"|[^\s;\"])+)")
# Letters of other alphabets, digits and pairs that a hasty reader takes for these.
_LOOKS_LIKE: Final = {
    **str.maketrans("аеорсухіјѕһԁԛԝгтмнкв", "aeopcyxijshdqwrtmhkb"),
    **str.maketrans("αορνικτυɑ", "aopviktua"),
    **str.maketrans("013589|$", "oiesbgis"),
}
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("l", "i"))

NOT_CHECKED: Final[Mapping[str, Message]] = {
    "sent_by_person": Message(
        "The person uploaded this mail themselves. Everything in such a file can be written by hand, so that it proves"
        " nothing by itself."
    ),
    "no_server": Message(
        "The organisation’s file does not name the server that receives its mail, so that nobody’s results can be"
        " trusted."
    ),
    "no_result": Message("The server that receives the organisation’s mail wrote no result into this one."),
    "unreadable": Message("The head of this mail cannot be read."),
    "not_one_sender": Message("This mail does not name exactly one sender."),
}
FINDINGS: Final[Mapping[str, Message]] = {
    "not_one_sender": Message("It does not name exactly one sender: do not rely on any of them."),
    "name_shows_address": Message("Its sender’s name shows another address than the one it came from."),
    "foreign_letters": Message(
        "The sender’s address has letters that are not plain Latin ones, which may look like another address."
    ),
    "several_results": Message(
        "More than one result stands in it under our server’s name. Only the newest was read; the others may be forged."
    ),
    "no_reference": Message("Its subject does not name this request."),
}
VERDICT_WORDS: Final[Mapping[str, Message]] = {
    "pass": Message("passed"), "fail": Message("failed"), "hardfail": Message("failed"),
    "softfail": Message("probably failed"), "neutral": Message("says nothing"), "none": Message("not there"),
    "policy": Message("not accepted by our server’s own rules"), "temperror": Message("could not be checked"),
    "permerror": Message("could not be checked"), "bestguesspass": Message("guessed"),
}  # fmt: skip
METHOD_WORDS: Final[Mapping[str, Message]] = {
    "spf": Message("Sent by a server that may send for this domain (SPF)"),
    "dkim": Message("Signed by a domain and unchanged since (DKIM)"),
    "dmarc": Message("The domain vouches for the sender’s address (DMARC)"),
}
SAMENESS: Final[Mapping[Sameness, Message]] = {
    "same": Message("Yes: it is the address on file."),
    "look_alike": Message("No. It only looks like the address on file: this is how impostors write."),
    "other": Message("No: it is none of the addresses on file."),
    "unknown": Message("Not known: there is no address on file to compare it with."),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a mail, as the process that may open files read it. `results`: newest first."""

    senders: tuple[str, ...] = ()
    clear: bool = False  # one From, one address in it, nothing odd about it
    shown: str = ""
    subject: str = ""
    date: str = ""
    results: tuple[str, ...] = ()


def read_head(said: bytes) -> Head | None:
    """What that process answered: it has seen a stranger's mail, so nothing it says is taken on trust."""
    try:
        told = json.loads(said)
        return Head(
            senders=tuple(_line(one) for one in told["senders"][:MOST_RESULTS]),
            clear=told["clear"] is True,
            shown=_line(told["shown"]),
            subject=_line(told["subject"]),
            date=_line(told["date"]),
            results=tuple(str(one)[:LONGEST_RESULT] for one in told["results"][:MOST_RESULTS]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _line(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_LINE])


@dataclass(frozen=True, slots=True)
class MailChecks:
    """What is known of one mail's sender. `not_checked`: in one word, why the three results say nothing."""

    sender: str | None = None
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    aligned: bool = False
    by: str | None = None
    not_checked: str | None = None
    findings: tuple[str, ...] = ()

    @property
    def vouched(self) -> bool:
        """The sender's domain stands for the address in the mail, and our own server says so."""
        return self.not_checked is None and self.dmarc == "pass" and self.aligned


@dataclass(slots=True)
class _Results:
    """One server's results of one mail."""

    found: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)

    def verdict(self, method: str) -> str:
        """Where a method has several results: DKIM passes when one signature holds, the others only when all do."""
        said = [verdict for verdict, _ in self.found.get(method, ())]
        if not said:
            return "none"
        if method == "dkim":
            return "pass" if "pass" in said else said[0]
        return next((one for one in said if one != "pass"), "pass")

    def passed(self, method: str, name: str) -> Iterator[str]:
        """The domains for which the method passed."""
        for verdict, properties in self.found.get(method, ()):
            if verdict == "pass" and (value := properties.get(name)):
                yield value.rpartition("@")[2].rstrip(".").lower()


def judge(head: Head | None, *, server: str | None, reference: str, taken_by_staff: bool) -> MailChecks:
    """What a mail shows. Only what the named server wrote, in a mail that staff took out of their own mailbox, counts:
    the head of any other file says what its sender wanted it to say."""
    if head is None:
        return MailChecks(not_checked="unreadable")
    findings = tuple(_findings(head, reference))
    if not head.clear or len(head.senders) != 1 or not _ADDRESS.fullmatch(head.senders[0]):
        return MailChecks(not_checked="not_one_sender", findings=findings)
    sender = head.senders[0]
    if not taken_by_staff:
        return MailChecks(sender, not_checked="sent_by_person", findings=findings)
    if server is None:
        return MailChecks(sender, not_checked="no_server", findings=findings)
    ours = [one for one in head.results if _server_of(one) == server.lower()]
    results = _read_results(ours[0]) if ours else None
    if results is None:
        return MailChecks(sender, not_checked="no_result", findings=findings)
    if len(ours) > 1:
        findings = (*findings, "several_results")
    spf, dkim, dmarc = (results.verdict(method) for method in METHODS)
    return MailChecks(sender, spf, dkim, dmarc, _aligned(results, domain_of(sender)), server.lower(), None, findings)


def _findings(head: Head, reference: str) -> Iterator[str]:
    if not head.clear or len(head.senders) != 1:
        yield "not_one_sender"
    else:
        sender = head.senders[0]
        if any(same_address(sender, one) is False for one in _ADDRESS.findall(head.shown)):
            yield "name_shows_address"
        if not sender.isascii() or "xn--" in domain_of(sender):
            yield "foreign_letters"
    letters = "".join(letter for letter in head.subject.upper() if letter.isalnum())
    if reference.replace("-", "") not in letters:
        yield "no_reference"


def _server_of(result: str) -> str | None:
    """Who wrote an Authentication-Results header (RFC 8601, 2.2); none where it cannot be read."""
    parts = _parts(result)
    words = parts[0].split() if parts else []
    return words[0].strip('"').lower() if words else None


def _read_results(result: str) -> _Results | None:
    parts = _parts(result)
    if parts is None:
        return None
    results = _Results()
    for part in parts[1:]:
        found = _RESULT.fullmatch(part)
        if found is None or found[1].lower() not in METHODS:
            continue
        verdict = found[2].lower()
        named = {f"{kind}.{name}".lower(): value.strip('"') for kind, name, value in _PROPERTY.findall(found[3])}
        said = results.found.setdefault(found[1].lower(), [])
        said.append((verdict if verdict in VERDICTS else "permerror", named))
    return results


def _parts(result: str) -> list[str] | None:
    """The header without its comments, cut where it is to be cut; None where quotes or comments do not end."""
    parts, depth, quoted, skip = [""], 0, False, False
    for letter in result[:LONGEST_RESULT]:
        if skip:
            skip = False
            continue
        if letter == "\\" and (quoted or depth):
            skip = True
        elif letter == '"' and not depth:
            quoted = not quoted
            parts[-1] += letter
        elif letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and not quoted:
            depth -= 1
            if depth < 0:
                return None
        elif letter == ";" and not quoted and not depth:
            parts.append("")
        elif not depth:
            parts[-1] += letter
    return None if depth or quoted else parts


def _aligned(results: _Results, domain: str) -> bool:
    """Whether what passed was about the domain that the mail shows as its sender's (RFC 7489, 3.1)."""
    if domain in {ascii_domain(one) for one in results.passed("dmarc", "header.from")}:
        return True
    signed = {*results.passed("dkim", "header.d"), *results.passed("dkim", "header.i")}
    sent = {*results.passed("spf", "smtp.mailfrom")}
    return any("." in one and (domain == one or domain.endswith(f".{one}")) for one in map(ascii_domain, signed | sent))


def domain_of(address: str) -> str:
    """The domain as the net knows it."""
    return ascii_domain(address.rpartition("@")[2])


def ascii_domain(domain: str) -> str:
    """One spelling of a domain: small letters, and what is not plain Latin as the net writes it."""
    plain = domain.rstrip(".").lower()
    if plain.isascii():
        return plain
    try:
        return idna.encode(plain, uts46=True).decode()
    except idna.IDNAError:
        return plain


def same_address(one: str, other: str) -> bool:
    """Whether two spellings are one mailbox. No letter stands for another here: what only looks the same is not."""
    ours, theirs = (unicodedata.normalize("NFC", text.strip()) for text in (one, other))
    local = [text.rpartition("@")[0] for text in (ours, theirs)]
    return local[0].lower() == local[1].lower() and domain_of(ours) == domain_of(theirs)


def compared(sender: str | None, registered: Sequence[str]) -> Sameness:
    """How the sender's address stands to those on file."""
    if not registered or sender is None:
        return "unknown"
    if any(same_address(sender, one) for one in registered):
        return "same"
    return "look_alike" if any(_looks_like(sender, one) for one in registered) else "other"


def _looks_like(one: str, other: str) -> bool:
    ours, theirs = _skeleton(one), _skeleton(other)
    if ours == theirs:
        return True
    mine, known = (text.rpartition("@")[2] for text in (ours, theirs))
    if mine == known:  # another mailbox of the same organisation is another address, and no trick
        return False
    return difflib.SequenceMatcher(None, mine, known).ratio() >= 0.85  # about one letter in eight


def _skeleton(address: str) -> str:
    """What a hasty reader sees."""
    local, _, domain = address.rpartition("@")
    if "xn--" in domain:
        try:
            domain = idna.decode(domain)
        except idna.IDNAError:
            domain = domain.replace("xn--", "")
    text = unicodedata.normalize("NFKD", f"{local}@{domain}").casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(_LOOKS_LIKE)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text.replace("-", "").replace(".", "")


def stored(checks: MailChecks, *, sender: str | None) -> dict[str, Any]:
    """As it is kept with the file; `sender` is the address sealed."""
    if checks.not_checked is not None:
        return {"from": sender, "not_checked": checks.not_checked, "findings": list(checks.findings)}
    return {
        "from": sender, "spf": checks.spf, "dkim": checks.dkim, "dmarc": checks.dmarc, "aligned": checks.aligned,
        "by": checks.by, "findings": list(checks.findings),
    }  # fmt: skip


def from_stored(kept: Mapping[str, Any], *, sender: str | None) -> MailChecks:
    """The same read again."""
    return MailChecks(
        sender=sender,
        **{name: kept[name] for name in ("spf", "dkim", "dmarc", "aligned", "by", "not_checked") if name in kept},
        findings=tuple(kept.get("findings", ())),
    )
