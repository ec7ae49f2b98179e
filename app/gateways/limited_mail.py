"""Reads the head of one mail from strangers, in a process that can do nothing else (FIELD, attack 17; M-8).

Run by path, never imported: `python -I limited_mail.py head eml <file >answer`. It gives up all rights as `limited.py`
does, says `begun`, and answers one line of JSON. Only the mail's own head is read: never that of a mail inside it.
"""

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

LONGEST_HEAD: Final = 256 * 1024
MOST: Final = 50
_END: Final = re.compile(rb"\r?\n\r?\n")
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")


def head_of(data: bytes) -> dict[str, Any]:
    """The senders, whether they are one and clear, name, subject, day, and the results that servers wrote."""
    from email import policy
    from email.parser import HeaderParser

    text = _END.split(data[:LONGEST_HEAD], maxsplit=1)[0].decode("utf-8", "replace") + "\n\n"
    message = HeaderParser(policy=policy.SMTPUTF8).parsestr(text)
    raw = [(name.lower(), _FOLD.sub("", str(value))) for name, value in message.raw_items()]
    froms = [value for name, value in raw if name == "from"]
    headers: list[Any] = message.get_all("from", [])
    addresses = [address for header in headers for address in getattr(header, "addresses", ())]
    return {
        "senders": [address.addr_spec for address in addresses][:MOST],
        "clear": _clear(headers, addresses, froms),
        "shown": " ".join(address.display_name for address in addresses)[:1000],
        "subject": str(message.get("subject", ""))[:1000],
        "date": str(message.get("date", ""))[:100],
        "results": [value[:8000] for name, value in raw if name == "authentication-results"][:MOST],
    }


def _clear(headers: list[Any], addresses: list[Any], froms: list[str]) -> bool:
    """One header, one address, without defects, and written there letter by letter: encoded words belong into the name
    alone (RFC 2047, 5)."""
    if len(froms) != 1 or len(addresses) != 1 or headers[0].defects:
        return False
    return bool(addresses[0].domain) and addresses[0].addr_spec in froms[0]


def _limited() -> Any:
    """`limited.py` beside this file: what gives up the rights stands there once."""
    spec = importlib.util.spec_from_file_location("limited", Path(__file__).with_name("limited.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """One mail in, one answer out."""
    # Loaded before the rights are gone: what reads a mail needs nothing of the system afterwards.
    from email import headerregistry, parser, policy  # noqa: F401

    _limited().give_up_rights()
    sys.stdout.buffer.write(b"begun\n")
    sys.stdout.buffer.flush()
    sys.stdout.buffer.write(json.dumps(head_of(sys.stdin.buffer.read())).encode())


if __name__ == "__main__":
    main()
