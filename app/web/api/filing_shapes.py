"""What a request that is filed through the API says: what for, about whom, and with what authority (Art. 12(2))."""

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from app.domain.filing import CHANNELS, PROOF_METHODS
from app.domain.identity import IDENTITY_KINDS
from app.web.api.asked import described, flattened
from app.web.api.shapes import CAPACITIES, Line, Passage, Shape, Word, one_of


class ProofBody(Shape):
    """What staff saw that proves the identities given in this call, and no others."""

    method: Annotated[Word, one_of(*PROOF_METHODS)]
    note: Line


class CompanyBody(Shape):
    """Which company asks, and what whoever writes is there; only with `capacity: customer`."""

    name: Line
    role: Line


class RepresentationBody(Shape):
    """Who asks for somebody else; only with `capacity: guardian` or `agent`. `name` and `identities` of the request
    are then the other person's. `agrees`: to the statement that the form shows, in English."""

    name: Line
    stands_as: Annotated[Word, one_of("parent", "court", "other", "person", "organisation")]
    email: Line = ""
    organisation: Line = ""
    born_on: Annotated[Word, Field(description="The child's day of birth, such as 2015-03-27.")] = ""
    until: Annotated[Word, Field(description="The mandate's last day; a year from now when absent.")] = ""
    post: Line = ""
    scope: Annotated[
        list[Word], Field(max_length=20, description="The rights that the mandate covers; those asked when absent.")
    ] = Field(default_factory=list)
    agrees: bool = False


class FilingBody(Shape):
    """A request to be filed. `received_at`, `channel` and `proof` need a token with `cases:write`."""

    rights: Annotated[list[Word], Field(max_length=20, examples=[["access"], ["erasure", "objection"]])]
    name: Line
    identities: Annotated[
        dict[Word, Line],
        Field(
            max_length=20,
            description=f"By kind: {', '.join(IDENTITY_KINDS)}.",
            examples=[{"email": "ana@example.com"}],
        ),
    ]
    capacity: Annotated[Word, one_of(*CAPACITIES)] = "self"
    company: CompanyBody | None = None
    representation: RepresentationBody | None = None
    details: Annotated[
        dict[Word, dict[Word, Passage]],
        BeforeValidator(flattened),
        Field(max_length=20, description="By right, then by question.", json_schema_extra=described),
    ] = Field(default_factory=dict)
    grounds: Annotated[
        dict[Word, Annotated[list[Word], Field(max_length=20)]],
        Field(
            max_length=20,
            description="By right: why it is asked for, by the names that the law of the controller gives.",
        ),
    ] = Field(default_factory=dict)
    language: Word | None = None
    received_at: AwareDatetime | None = None
    channel: Annotated[Word | None, one_of(*CHANNELS, None)] = None
    proof: ProofBody | None = None
