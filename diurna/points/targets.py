"""What can be voted on, and which votes it takes."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from diurna.comments.states import State
from diurna.common.errors import Missing
from diurna.newsroom.models import Article, Contributor, Section
from diurna.newsroom.models.work_type import PointsMode, WorkTypeRule
from diurna.points.models import TargetKind

# Until a comment has been public for so long its points are not shown: the first votes would decide
# the others (design: community).
COMMENT_HOUR: Final = timedelta(hours=1)
_ONE_OF: Final = '"uuid" IN ({})'
# Stands in the compiled query for the one that is asked for.
_ANY: Final = UUID(int=0)


def points_show_from(published_at: datetime) -> datetime:
    """When everybody may see the points of a comment that was first published then."""
    return published_at + COMMENT_HOUR


class Writer(NamedTuple):
    """Who wrote a comment: the column that says so, and the key there."""

    column: Literal["user_id", "guest_id"]
    id: int


@dataclass(frozen=True, kw_only=True)
class Target:
    """An article or a comment as the rules of voting see it; `mode` is a `PointsMode`.

    `article` is the key of the article, or of the one that the comment stands under; a comment
    goes by the rule of its article. `accounts` are those that wrote or published it here, by-lines
    apart (`is_work_of`). Of a comment: the guest who wrote it, its writer as the tables have it,
    and when its points show (`shown_from`); until then votes on it stay out of the log, too.
    """

    kind: TargetKind
    uuid: UUID
    article: int
    mode: str
    accounts: frozenset[int]
    guest: UUID | None = None
    writer: Writer | None = None
    shown_from: datetime | None = None

    @cached_property
    def on(self) -> str:
        """The target's name in the log."""
        return f"{self.kind}:{self.uuid}"

    def hides_points(self, now: datetime) -> bool:
        """Whether nobody but the author may be told the points yet."""
        return self.shown_from is not None and now < self.shown_from

    def is_work_of(self, account: int) -> bool:
        """Whether this is the account's own work: posted, published, or in the by-line."""
        if account in self.accounts:
            return True
        if self.kind == TargetKind.COMMENT:
            return False
        return Contributor.objects.filter(
            user_id=account, bylines__article_id=self.article
        ).exists()


def article_target(uuid: UUID) -> Target:
    """The published article of this name; Missing for a draft, a withdrawn one and none at all."""
    found = article_targets([uuid]).get(uuid)
    if found is None:
        raise Missing("There is no published article of this name to vote on.")
    return found


def article_targets(uuids: Collection[UUID]) -> dict[UUID, Target]:
    """The published articles among these; one statement for all of them."""
    return {row[0]: _article(*row) for row in _articles(uuids)}


def _article(
    uuid: UUID, article: int, mode: str, published_by: int | None, owner: int | None
) -> Target:
    return Target(
        kind=TargetKind.ARTICLE,
        uuid=uuid,
        article=article,
        mode=mode,
        accounts=frozenset(each for each in (published_by, owner) if each is not None),
    )


def comment_target(uuid: UUID) -> Target:
    """The published comment of this name under a published article; Missing for any other."""
    row = _look_up(_comment_query(connection.vendor), uuid)
    if row is None:
        raise Missing("There is no published comment of this name to vote on.")
    article, mode, user, guest, guest_uuid, published_at = row
    return Target(
        kind=TargetKind.COMMENT,
        uuid=uuid,
        article=article,
        mode=mode,
        accounts=frozenset() if user is None else frozenset({user}),
        guest=None if guest_uuid is None else UUID(str(guest_uuid)),
        writer=_writer(user, guest),
        shown_from=points_show_from(_moment(published_at)),
    )


def _writer(user: int | None, guest: int | None) -> Writer | None:
    if user is not None:
        return Writer("user_id", user)
    return None if guest is None else Writer("guest_id", guest)


def _moment(value: datetime | str) -> datetime:
    # Without the ORM SQLite's times come as they are stored, in UTC and without saying so.
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _articles(uuids: Collection[UUID]) -> Iterator[tuple[UUID, int, str, int | None, int | None]]:
    sql, params = _article_query(connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Django's cursor rewrites every statement again, which takes longer than SQLite does.
            # One row, since sqlite3 lets go of Python's lock for each that it fetches.
            names = json.dumps([uuid.hex for uuid in uuids])
            plain = connection.connection.cursor()
            plain.execute(sql, [names if each is None else each for each in params])
            rows = json.loads(plain.fetchone()[0])
        else:
            cursor.execute(sql, [list(uuids) if each is None else each for each in params])
            rows = cursor.fetchall()
    for name, *row in rows:
        yield (name if isinstance(name, UUID) else UUID(hex=name), *row)


def _look_up(query: tuple[str, tuple[Any, ...]], uuid: UUID) -> Any:
    sql, params = query
    name = uuid if connection.features.has_native_uuid_field else uuid.hex
    values = [name if each is None else each for each in params]
    with connection.cursor() as cursor:
        # Django's cursor rewrites every statement again, which takes longer than SQLite does.
        plain = connection.connection.cursor() if connection.vendor == "sqlite" else cursor
        plain.execute(sql, values)
        return plain.fetchone()


@lru_cache(maxsize=2)
def _article_query(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of the look-up, where None stands for the articles' names.

    Built and compiled once: both take the ORM longer than everything else that casting does.
    """
    articles = _with_mode().filter(uuid__in=[_ANY]).order_by()
    columns = ("uuid", "pk", "mode", "published_by_id", "owner_id")
    sql, params = _compiled(articles.values_list(*columns))
    if connection.vendor == "sqlite":
        sql = sql.replace(_ONE_OF.format("?"), _ONE_OF.format("SELECT value FROM json_each(?)"))
        # The columns of a subquery have names of SQLite's own making, unless a list gives others.
        names = ", ".join(columns)
        sql = (
            f"WITH found ({names}) AS ({sql}) SELECT json_group_array(json_array({names}))"  # noqa: S608
            " FROM found"
        )
    else:
        sql = sql.replace(_ONE_OF.format("%s"), '"uuid" = ANY(%s)')
    return sql, params


@lru_cache(maxsize=2)
def _comment_query(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The same for a comment's name."""
    of = "thread__comments__"
    articles = _with_mode().filter(**{f"{of}uuid": _ANY, f"{of}state": State.PUBLISHED.value})
    columns = (f"{of}user_id", f"{of}guest_id", f"{of}guest__uuid", f"{of}published_at")
    return _compiled(articles.order_by().values_list("pk", "mode", *columns))


def _compiled(query: "QuerySet[Any, Any]") -> tuple[str, tuple[Any, ...]]:
    sql, params = query.query.sql_with_params()
    stands_for = {_ANY, _ANY.hex}
    if connection.vendor == "sqlite":
        sql = sql.replace("%s", "?")
    return sql, tuple(None if each in stands_for else each for each in params)


def _with_mode() -> "QuerySet[Any, Any]":
    """The published articles with the rule about points: `Article.points_rule`, in one query.

    A test holds the two together.
    """
    sections = (
        Section.objects.annotate(
            below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
        )
        .filter(below__startswith=F("path"))
        .exclude(points_mode="")
        .order_by("-depth")
    )
    by_type = WorkTypeRule.objects.filter(work_type=OuterRef("work_type")).exclude(points_mode="")
    return Article.objects.live().annotate(
        mode=Coalesce(
            Case(When(~Q(points_mode=""), then=F("points_mode")), output_field=CharField()),
            Subquery(sections.values("points_mode")[:1]),
            Subquery(by_type.values("points_mode")[:1]),
            Case(
                When(
                    work_type__in=[str(one) for one in WorkTypeRule.NO_POINTS_BY_DEFAULT],
                    then=Value(PointsMode.OFF.value),
                ),
                default=Value(PointsMode.UP_DOWN.value),
                output_field=CharField(),
            ),
        )
    )
