"""Comments of another site, brought in by the hundred: kept, changed and taken back in bulk.

What became of a comment here is left alone: one that was edited, decided about or deleted since is
never written again, and no import makes a second one of it. Nobody is told of an old comment.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from diurna.accounts.display_names import LONGEST_DISPLAY_NAME, clean_display_name
from diurna.accounts.models import EMAIL_MAX_LENGTH, User
from diurna.comments.draft import own_hosts
from diurna.comments.models import Comment, CommentState, Contact, Thread, Transition
from diurna.comments.models.comment import DEEPEST, LONGEST_HTML, WEBSITE_MAX_LENGTH
from diurna.comments.moves import Move, count_published, make, show_change
from diurna.comments.states import Actor, State, is_allowed
from diurna.common.comment_text import LONGEST_COMMENT, Rendered, from_imported_html
from diurna.common.comment_text.addresses import address
from diurna.common.errors import Invalid
from diurna.delivery.surrogate import touch
from diurna.newsroom.models import Article

RULE: Final = "import"
# As long as an address that was given here is kept (design: community).
CONTACT_KEPT: Final = timedelta(days=90)
# What is longer is shown up to here. Formatting may be twelve times its text, so a comment whose
# HTML is still too long is cut to what a reader may write.
_CUTS: Final = (LONGEST_HTML // 2, LONGEST_COMMENT)
_MOST_LINKS: Final = 32_767
# Few enough variables for any database in one statement.
_CHUNK: Final = 500

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class OldComment:
    """A comment as the old site has it.

    `uuid` is its lasting name, `or_uuid` another where a comment elsewhere has that already.
    `answers` is the `uuid` of the comment it answers, which comes before it in any list and is
    published. `text` is its HTML. `state` is published, held or spam; `removed` for one that was
    deleted over there, which is only taken from the page if it stands here.
    """

    uuid: UUID
    or_uuid: UUID
    answers: UUID | None
    name: str
    website: str
    email: str
    text: str
    state: State
    at: datetime


@dataclass(slots=True)
class Kept:
    """What became of the comments of one article; `uuids` are their names here, by the old ones."""

    added: int = 0
    changed: int = 0
    uuids: dict[UUID, UUID] = field(default_factory=dict)


def keep_imported_comments(
    *,
    article: Article,
    comments: Sequence[OldComment],
    now: datetime,
    all_new: bool = False,
) -> Kept:
    """Bring an article's thread to what the old site says; inside the caller's transaction.

    New ones are added, untouched ones follow a change over there; doing it again changes nothing.
    A reply stands under what it answers, at most at depth 8, as one that is written here.
    `all_new` says that the article was just made and that none of the names is here, which saves
    a third of the work.
    """
    known: dict[UUID, Comment] = {}
    names = {one.uuid: one.uuid for one in comments}
    if not all_new:
        known, names = _known(article, comments)
    kept = Kept(uuids=names)
    new = [one for one in comments if names[one.uuid] not in known and one.state != State.REMOVED]
    if new:
        kept.added = len(new)
        _add(_thread(article, new, is_new=all_new), new, known, names, now)
    old = [(known[names[one.uuid]], one) for one in comments if names[one.uuid] in known]
    if old:
        kept.changed = _follow(old, now)
    return kept


def imported_uuids() -> Iterator[UUID]:
    """The names of all imported comments that are here, one after the other."""
    yield from Comment.objects.filter(imported=True).values_list("uuid", flat=True).iterator()


def take_back_imported_comments(
    *, article: Article, uuids: frozenset[UUID]
) -> tuple[frozenset[UUID], int]:
    """Delete imported comments, as far as nobody has touched or answered them.

    Which are gone, and how many stay.

    Inside the caller's transaction, for the undo of an import.
    """
    rows = [row for row in _rows(uuids) if row.thread.article_id == article.pk]
    touched = _touched(rows)
    answered = {
        key
        for chunk in _chunks([row.pk for row in rows])
        for reply in Comment.objects.filter(answers__in=chunk)
        if reply.uuid not in uuids
        for key in (reply.answers_id, reply.parent_id)
    }
    staying = {row.pk for row in rows if row.pk in touched or row.pk in answered}
    # What stays keeps those above it.
    for row in sorted(rows, key=lambda one: -one.depth):
        if row.pk in staying:
            staying |= {key for key in (row.parent_id, row.answers_id) if key is not None}
    going = [row for row in rows if row.pk not in staying]
    for depth in range(DEEPEST, 0, -1):
        for chunk in _chunks([row.pk for row in going if row.depth == depth]):
            Comment.objects.filter(pk__in=chunk).delete()
    if going:
        thread = going[0].thread
        public = sum(row.is_public for row in going)
        if public:
            count_published(thread.pk, -public, at=going[0].created_at)
        show_change(thread)
    return frozenset(row.uuid for row in going), len(rows) - len(going)


def _known(
    article: Article, comments: Sequence[OldComment]
) -> tuple[dict[UUID, Comment], dict[UUID, UUID]]:
    """The rows that are here already by their names, and under which name each comment goes."""
    found = {row.uuid: row for row in _rows([one.uuid for one in comments])}
    elsewhere = {uuid for uuid, row in found.items() if row.thread.article_id != article.pk}
    names = {one.uuid: one.or_uuid if one.uuid in elsewhere else one.uuid for one in comments}
    if elsewhere:
        found |= {row.uuid: row for row in _rows([names[uuid] for uuid in elsewhere])}
    return {uuid: row for uuid, row in found.items() if uuid not in elsewhere}, names


def _thread(article: Article, new: Sequence[OldComment], *, is_new: bool) -> Thread:
    """The article's thread, with these comments in its count; made where there is none."""
    public = [one.at for one in new if one.state == State.PUBLISHED]
    thread = None if is_new else Thread.objects.filter(article=article).first()
    if thread is None:
        last = max(public, default=None)
        thread = Thread(article=article, published=len(public), last_published_at=last, version=1)
        # In bulk, even for one: there is nothing that a signal could be for.
        Thread.objects.bulk_create([thread])
        touch(f"thread-{article.uuid}", "comments")
        return thread
    thread.article = article
    if public:
        count_published(thread.pk, len(public), at=max(public))
    show_change(thread)
    return thread


def _add(
    thread: Thread,
    new: Sequence[OldComment],
    known: dict[UUID, Comment],
    names: dict[UUID, UUID],
    now: datetime,
) -> None:
    rows = dict(known)
    for level in _levels(new):
        made = [_row(thread, one, rows, names) for one in level]
        Comment.objects.bulk_create(made, batch_size=_CHUNK)
        rows |= {row.uuid: row for row in made}
    added = [(rows[names[one.uuid]], one) for one in new]
    Transition.objects.bulk_create(
        [
            Transition(
                comment=row,
                before=State.SUBMITTED.value,
                after=row.state,
                actor=Actor.IMPORT.value,
                rule=RULE,
                automated=True,
                at=now,
            )
            for row, _one in added
        ],
        batch_size=_CHUNK,
    )
    Contact.objects.bulk_create(
        [
            Contact(comment=row, email=one.email, given_at=one.at)
            for row, one in added
            if now - one.at < CONTACT_KEPT
            and row.state != CommentState.SPAM
            and _is_mail(one.email)
        ]
    )


def _levels(new: Sequence[OldComment]) -> Iterator[list[OldComment]]:
    """The comments so that each stands in a later list than the one it answers."""
    level: dict[UUID, int] = {}
    lists: list[list[OldComment]] = []
    for one in new:
        place = level[one.answers] + 1 if one.answers in level else 0
        level[one.uuid] = place
        if place == len(lists):
            lists.append([])
        lists[place].append(one)
    yield from lists


def _row(
    thread: Thread, one: OldComment, rows: dict[UUID, Comment], names: dict[UUID, UUID]
) -> Comment:
    answered = rows.get(names.get(one.answers, one.answers)) if one.answers else None
    if answered is not None and not answered.has_been_public:
        answered = None
    row = Comment(
        uuid=names[one.uuid],
        thread=thread,
        state=one.state.value,
        created_at=one.at,
        published_at=one.at if one.state == State.PUBLISHED else None,
        imported=True,
        **_words(one),
    )
    if answered is not None:
        is_deepest = answered.depth >= DEEPEST
        row.parent_id = answered.parent_id if is_deepest else answered.pk
        row.root_id = answered.root_id or answered.pk
        row.answers_id = answered.pk
        row.depth = DEEPEST if is_deepest else answered.depth + 1
    return row


def _words(one: OldComment) -> dict[str, object]:
    rendered = _rendered(one.text)
    return {
        "name": name_of(one.name),
        "website": website_of(one.website),
        "body": rendered.plain,
        "html": rendered.html,
        "links": min(len(rendered.links), _MOST_LINKS),
    }


def _rendered(text: str) -> Rendered:
    hosts = own_hosts()
    rendered = from_imported_html(text, own_hosts=hosts)
    for cut in _CUTS:
        if len(rendered.html) <= LONGEST_HTML:
            break
        rendered = from_imported_html(f"{text[:cut]}…", own_hosts=hosts)
    return rendered


def _follow(old: Sequence[tuple[Comment, OldComment]], now: datetime) -> int:
    """Give untouched comments the words and the state that they have over there now."""
    differing = []
    for row, one in old:
        words = {} if one.state == State.REMOVED else {**_words(one), "created_at": one.at}
        changed = {name: value for name, value in words.items() if getattr(row, name) != value}
        if changed or one.state != row.state:
            differing.append((row, one, changed))
    touched = _touched([row for row, _one, _changed in differing])
    done = 0
    for row, one, changed in differing:
        if row.pk in touched:
            continue
        if changed:
            if row.has_been_public and "created_at" in changed:
                changed["published_at"] = one.at
            Comment.objects.filter(pk=row.pk).update(**changed)
        moved = _move(row, one, now)
        if changed and row.has_been_public and not moved:
            show_change(row.thread)
        done += bool(changed or moved)
    return done


def _move(row: Comment, one: OldComment, now: datetime) -> bool:
    before = State(row.state)
    if one.state == before or not is_allowed(before, one.state, Actor.IMPORT):
        return False
    was_public = row.has_been_public
    make(row, Move(to=one.state, actor=Actor.IMPORT, rule=RULE, at=now))
    if one.state == State.PUBLISHED and not was_public:
        # Readers of the old site have seen it since then.
        Comment.objects.filter(pk=row.pk).update(published_at=one.at)
    return True


def _rows(uuids: Iterable[UUID]) -> list[Comment]:
    return [
        row
        for chunk in _chunks(list(uuids))
        for row in Comment.objects.select_related("thread__article").filter(uuid__in=chunk)
    ]


def _touched(rows: Collection[Comment]) -> set[int]:
    """Those that somebody here has edited, deleted or decided about."""
    touched = {row.pk for row in rows if row.edited_at is not None or row.user_id is not None}
    for chunk in _chunks([row.pk for row in rows]):
        decided = Transition.objects.filter(comment__in=chunk).exclude(actor=Actor.IMPORT.value)
        touched |= set(decided.values_list("comment_id", flat=True))
    return touched


def _chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


@lru_cache(maxsize=4_096)
def name_of(text: str) -> str:
    """The name beside an old comment: in one spelling, without addresses.

    People of the newsroom commented over there under their names, so these are not refused; what
    makes a name one of the staff's here is an account, which no imported comment has.
    """
    words = text if len(text) <= LONGEST_DISPLAY_NAME else f"{text[: LONGEST_DISPLAY_NAME - 1]}…"
    try:
        return clean_display_name(words, of=User(is_staff=True))
    except Invalid:
        return _("Anonymous")


def website_of(text: str) -> str:
    """The address of a website as it may be linked; empty for what is none."""
    found = address(text.strip(), own_hosts=frozenset()) if text.strip() else None
    return found.href if found is not None and len(found.href) <= WEBSITE_MAX_LENGTH else ""


def _is_mail(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_MAX_LENGTH
