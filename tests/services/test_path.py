"""The whole way of one access request, on both databases."""

from tests.factories import ANAS_ROWS, House


def test_from_filing_to_release(acme: House) -> None:
    reference = acme.in_status("closed")
    view = acme.view(reference)
    assert (view.status, view.outcome) == ("closed", "granted")
    assert {run.connection: run.found for run in view.runs} == ANAS_ROWS
