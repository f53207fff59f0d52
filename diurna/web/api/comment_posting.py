"""`POST /api/v1/articles/{uuid}/comments`: write a comment, as a guest or signed in."""

import json
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field

from diurna.accounts.visitors import CookieRefused, forget, visitor_of
from diurna.comments.draft import ChosenGif
from diurna.comments.models import Comment
from diurna.comments.models.comment import LONGEST_BODY
from diurna.comments.posting import Posted
from diurna.comments.states import State
from diurna.common.errors import Conflicting, DiurnaError, Invalid, Missing
from diurna.common.problems import problem, problem_of
from diurna.newsroom.models import Article
from diurna.points.views import TooLarge
from diurna.web.addresses import absolute
from diurna.web.api.problems import Problem
from diurna.web.comment_form import own_address, remembered
from diurna.web.comment_sending import send_comment
from diurna.web.comment_writing import Typed, as_text, as_uuid, take_in
from diurna.web.frame import newsroom_of
from diurna.web.thread import comment_path

# 5,000 characters written as JSON's escapes take 60 KB; with a name and addresses it is less.
MAX_BODY_BYTES: Final = 64 * 1024
_MEMBERS: Final = frozenset({"name", "email", "website", "body", "parent", "gif", "letters"})
_HOW: Final = (
    'Send a JSON object such as {"name": "Ana", "email": "ana@home.example", "body": "Well"}.'
)

router = Router(tags=["comments"])


class GifIn(Schema):
    """A moving picture: of the newsroom's library by its uuid, or of GIPHY by its id."""

    source: str = Field(description="library or giphy")
    id: str
    alt: str = Field("", description="what it shows; for GIPHY only")


class CommentIn(Schema):
    """A comment to be. Accounts need neither name nor e-mail; of others neither is checked."""

    body: str = Field(
        description=f"a subset of Markdown, at most {LONGEST_BODY:,} characters",
        max_length=LONGEST_BODY,
    )
    name: str = Field("", description="of a guest; shown beside the comment")
    email: str = Field("", description="of a guest; never published")
    website: str = Field("", description="of a guest; the name links there")
    parent: UUID | None = Field(None, description="the comment that this one answers")
    gif: GifIn | None = None
    letters: bool = Field(False, description="to be written to when somebody answers")


class CommentPosted(Schema):
    """What became of it."""

    id: UUID
    state: str = Field(description="published, held, spam or removed")
    sentence: str = Field(description="the same for people")
    url: str = Field(description="its place on the page, where it is published; else empty")
    receipt: str = Field(description="where who has this link edits and deletes it")
    own: str = Field(description="the path of the writer’s own page about it")


def _comment_schema() -> dict[str, Any]:
    """The body in the OpenAPI document, in one piece: references would look for it elsewhere."""
    schema = CommentIn.model_json_schema()
    gif = schema.pop("$defs")[GifIn.__name__]
    schema["properties"]["gif"] = {"anyOf": [gif, {"type": "null"}], "default": None}
    return schema


_PROBLEMS: Final = dict.fromkeys(
    (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    Problem,
)


@router.post(
    "/articles/{uuid:article_id}/comments",
    response={
        HTTPStatus.CREATED: CommentPosted,
        HTTPStatus.ACCEPTED: CommentPosted,
        **_PROBLEMS,
    },
    url_name="post-comment",
    operation_id="post_comment",
    summary="Write a comment",
    description=(
        "201 when it is published, 202 when it waits or was not let through (`state`). Who writes"
        " says the session’s cookie, else the guest’s cookie, which the first comment or vote sets."
        " A refusal stores nothing; `errors` names the members that can’t be used."
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _comment_schema()}},
        }
    },
)
def post(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """The answer once the comment is committed; read by hand, after its size was looked at."""
    with translation.override(newsroom_of(request).language):
        try:
            article = _article(article_id)
            given = read_comment(request)
            visitor = visitor_of(request)
            posted = send_comment(
                visitor=visitor,
                article=article,
                typed=_typed(given),
                answers=_answered(article, given.get("parent")),
            )
        except DiurnaError as error:
            return _refused(error)
    return remembered(_answer(article, posted), visitor)


def read_comment(request: HttpRequest) -> dict[str, Any]:
    """The members of the body; TooLarge by its announced size, Invalid for what is no comment."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    size = int(announced) if announced.isascii() and announced.isdigit() else MAX_BODY_BYTES + 1
    if size > MAX_BODY_BYTES:
        take_in(request, size)
        raise TooLarge(f"A comment has at most {MAX_BODY_BYTES:,} bytes; please shorten yours.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Invalid(_HOW) from error
    if not isinstance(body, dict) or not body.keys() <= _MEMBERS:
        raise Invalid(_HOW)
    return body


def _typed(given: dict[str, Any]) -> Typed:
    return Typed(
        body=as_text(given.get("body")),
        name=as_text(given.get("name")),
        email=as_text(given.get("email")),
        website=as_text(given.get("website")),
        gif=_gif(given.get("gif")),
        wants_letters=given.get("letters") is True,
    )


def _article(article_id: UUID) -> Article:
    article: Article | None = Article.objects.live().filter(uuid=article_id).first()
    if article is None:
        raise Missing("There is no published article of this name.")
    return article


def _answered(article: Article, parent: object) -> Comment | None:
    if parent is None:
        return None
    uuid = as_uuid(parent)
    found = Comment.objects.filter(thread__article=article, uuid=uuid).first() if uuid else None
    if found is None:
        raise Conflicting("The comment that this one answers is not on this article.")
    return found


def _gif(given: object) -> ChosenGif | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Invalid(_HOW)
    source, gif, alt = (as_text(given.get(name)) for name in ("source", "id", "alt"))
    return ChosenGif(source=source, id=gif, alt=alt)


def _answer(article: Article, posted: Posted) -> HttpResponse:
    comment = posted.comment
    is_public = posted.state == State.PUBLISHED
    own = own_address(posted)
    url = absolute(comment_path(article, comment)) if is_public else ""
    response = JsonResponse(
        {
            "id": str(comment.uuid),
            "state": posted.state.value,
            "sentence": posted.sentence,
            "url": url,
            "receipt": absolute(own),
            "own": own,
        },
        status=HTTPStatus.CREATED if is_public else HTTPStatus.ACCEPTED,
    )
    response.headers["Location"] = (
        absolute(f"/api/v1/comments/{comment.uuid}") if is_public else absolute(own)
    )
    return response


def _refused(error: DiurnaError) -> HttpResponse:
    place = getattr(error, "field", None)
    if place is None:
        response = problem_of(error)
    else:
        errors = [{"location": f"body.{place}", "detail": str(error)}]
        response = problem(error.status, str(error), code=error.code, errors=errors)
    if isinstance(error, CookieRefused):
        forget(response)
    response.headers["Cache-Control"] = "private, no-store"
    return response
