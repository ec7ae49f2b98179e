"""The catalogue for machines: the page's rows, and null where the file leaves something open."""

from tests.web.api.conftest import Caller

PATH = "controllers/acme/catalogue"


def test_anybody_reads_the_rows_of_the_page(client):
    told = Caller(client).get(PATH).json
    assert (told["controller"], told["version"], told["language"]) == ("acme", 1, "en")
    contact, rest = told["kinds"]
    assert (contact["title"], contact["fields"], contact["purposes"]) == (
        "Contact details", ["E-mail address"], ["service"],
    )  # fmt: skip
    assert contact["keep"] == "Kept for 2 years after the last use."
    assert (contact["source"], contact["functions"], told["last_copy"]) == (None, [], None)
    assert rest["key"] == "user"
    assert [(one["key"], one["legal_basis"]) for one in told["purposes"]] == [("service", "contract")]
    access = told["rights"][0]
    assert (access["name"], access["proofs"]) == ("access", [["email_code"]])
    assert access["form"].endswith("/c/acme/access/")


def test_in_one_of_the_organisations_languages(client):
    assert Caller(client).get(f"{PATH}?language=lv").json["kinds"][0]["fields"] == ["E-pasta adrese"]
    for wrong in ("ru", "xx", ""):
        faults = Caller(client).get(f"{PATH}?language={wrong}", status=422).json["errors"]
        assert faults[0]["pointer"] == "#/language"


def test_no_organisation_no_catalogue(client):
    Caller(client).get("controllers/nobody/catalogue", status=404)
