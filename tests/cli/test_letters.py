import json


def test_a_letter_is_written_without_being_sent(told, tmp_path):
    data, out = tmp_path / "data.json", tmp_path / "letter.pdf"
    data.write_text(json.dumps({
        "recipient": "Example Mailer", "reference": "N-1", "action": "erase", "person_reference": "4711",
        "scope": "E-mail address",
    }))  # fmt: skip
    options = ("--controller", "acme", "--data-json", str(data), "--out", str(out))
    answer = told("letters", "preview", "recipient_notice", *options)
    assert answer == {"kind": "recipient_notice", "file": str(out), "bytes": len(out.read_bytes())}
    assert b"Please erase this data" in out.read_bytes()


def test_what_a_letter_lacks_is_named(told, tmp_path):
    data = tmp_path / "data.json"
    data.write_text("{}")
    options = ("--controller", "acme", "--data-json", str(data), "--out", str(tmp_path / "letter.pdf"))
    said = told("letters", "preview", "breach_register", *options, code=1)["error"]["message"]
    assert "Art. 33(5)" in said
    assert "--case" in told("letters", "preview", "refusal", *options, code=1)["error"]["message"]
    assert not (tmp_path / "letter.pdf").exists()
    for wrong in ("[]", "no"):
        data.write_text(wrong)
        told("letters", "preview", "breach_register", *options, code=1)
