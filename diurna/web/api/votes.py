"""The vote in the OpenAPI document: its view is plain (`points.views`), so Ninja can't know it."""

from datetime import datetime
from typing import Any, Final

from ninja import Schema
from pydantic import Field

from diurna.points.asking import MAX_NONCE
from diurna.web.api.schemas import ByClassOut

ARTICLE_VOTE_PATH: Final = "/api/v1/articles/{article_id}/vote"
COMMENT_VOTE_PATH: Final = "/api/v1/comments/{comment_id}/vote"
_REF: Final = "#/components/schemas/{model}"
_REFUSALS: Final = {
    403: "Not allowed: another site's request (`cross_site`), a guest's cookie that is not ours"
    " (`guest_cookie`, and it is dropped), one's own work (`own_work`), members only"
    " (`members_only`), no votes on this article (`refused`)",
    404: "No published article, or comment, of this name",
    409: "This nonce was used before, and the vote has changed since (`replayed`)",
    413: "More than 4 KB (`too_large`)",
    422: "No such vote (`invalid`)",
    429: "Too many votes; `Retry-After` says in how many seconds to try again (`too_many`)",
    503: "The server is being restarted, and this vote was not stored (`stopping`)",
}


class VoteIn(Schema):
    """A vote as it shall stand."""

    value: int = Field(description="1 up, -1 down, 0 taken back", ge=-1, le=1)
    nonce: str = Field(
        "",
        max_length=MAX_NONCE,
        description="a random number of the caller's, as text; the log shows its SHA-256",
    )


class ReceiptOut(Schema):
    """What the entry of this vote is found by; `promise` is the newsroom's signed word for it."""

    leaf: str = Field(description="hash of the entry (RFC 6962), hexadecimal")
    promise: str | None


class VoteOut(Schema):
    """The vote as it is stored and committed, and the points once it is added."""

    value: int
    counted: bool
    reason: str = Field(
        description="why it does not count: network, down_votes, burst, moderator or unknown; else"
        " empty"
    )
    sentence: str = Field(description="the same for people, with what would make it count")
    voter: str = Field(description="the caller's name in the log, on this target only")
    n: int = Field(description="how often this vote was set; the highest one counts")
    points: int | None = Field(description="null while a comment's points are not shown yet")
    up: int | None
    down: int | None
    by_class: ByClassOut | None
    points_from: datetime | None = Field(
        None, description="when the points of this comment show; only while they do not"
    )
    receipt: ReceiptOut | None = Field(description="null where nothing had to be stored")


def describe(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document, with the vote in it."""
    components = schema["components"]["schemas"]
    for model in (VoteIn, VoteOut):
        own = model.model_json_schema(ref_template=_REF)
        components.update(own.pop("$defs", {}))
        components[model.__name__] = own
    for kind, address in (("article", ARTICLE_VOTE_PATH), ("comment", COMMENT_VOTE_PATH)):
        schema["paths"][address] = {"put": _operation(kind)}
    return schema


def _operation(kind: str) -> dict[str, Any]:
    return {
        "operationId": f"put_{kind}_vote",
        "summary": f"Set, change or take back the caller's vote on this {kind}",
        "description": "Who the caller is says the session's cookie, else the guest's cookie,"
        " which the first vote sets.",
        "tags": ["points"],
        "parameters": [
            {
                "in": "path",
                "name": f"{kind}_id",
                "schema": {"format": "uuid", "title": f"{kind.title()} Id", "type": "string"},
                "required": True,
            }
        ],
        "requestBody": {"content": _json("VoteIn"), "required": True},
        "responses": {
            200: {"description": "The vote is committed", "content": _json("VoteOut")},
            **{
                status: {
                    "description": what,
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
                for status, what in _REFUSALS.items()
            },
        },
    }


def _json(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": _ref(model)}}


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=model)}
