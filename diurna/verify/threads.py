"""Finds points on comments that the log has no votes on.

The log does not name these comments, so their threads are walked; what the API's lists tell of
them is enough, and no comment is asked for by itself unless it shows points.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Final

from diurna.verify.articles import MAX_DELAY, Listed, comments_said, own_path
from diurna.verify.comments import demand_points, demand_soon
from diurna.verify.findings import Contradiction, Findings, Waiting
from diurna.verify.looking import Keep, Look, Suspect, look_at_all
from diurna.verify.points import Recount
from diurna.verify.site import Site
from diurna.verify.told import ToldOfComment, ask_comment, told_of_comment
from diurna.verify.walk import Walk

# A list may be kept for a while after the hour of a comment on it has ended.
LATE: Final = MAX_DELAY


@dataclass
class _Walked:
    """What was met in one thread: how many, what waits for the log, and what does not fit."""

    comments: int = 0
    waits: dict[str, Waiting] = field(default_factory=dict)
    doubts: list[Suspect] = field(default_factory=list)


@dataclass
class Threads:
    """The comments of a site. `voted` are those that the log has votes on, compared elsewhere.

    `known` are the votes that this computer saw waiting for the log, by target; `told` hears how
    many comments were met, of how many. Safe to use from several threads.
    """

    site: Site
    recount: Recount
    voted: frozenset[str]
    known: Mapping[str, Waiting]
    told: Callable[[int, int], None]
    _total: int = 0
    _met: int = 0
    _doubts: list[Suspect] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def walk(self, articles: Sequence[Listed], findings: Findings) -> list[Suspect]:
        """Meet every comment of these articles; those that do not fit, to be looked at again."""
        having = [article for article in articles if article.comments]
        self._total = sum(article.comments for article in having)
        looks: list[Look] = [partial(self._look, article) for article in having]
        suspects = look_at_all(looks, findings, told=lambda _done, _all: None)
        return suspects + self._doubts

    def _look(self, article: Listed) -> Keep:
        return partial(self._keep, self._walk(article))

    def _look_strictly(self, article: Listed) -> Keep:
        """Look at a whole thread again; the first that does not fit stands for all."""
        walked = self._walk(article)
        for _look, problem in walked.doubts:
            raise problem
        return partial(self._keep, walked)

    def _look_alone(self, article: Listed, uuid: str) -> Keep:
        waits = self._compare(article, uuid, ask_comment(self.site, uuid))
        return lambda findings: findings.points_waiting.update(waits)

    def _walk(self, article: Listed) -> _Walked:
        found = _Walked()
        for uuid, item in Walk(self.site, article).comments():
            found.comments += 1
            self._count()
            if uuid in self.voted:
                continue
            try:
                found.waits |= self._compare(article, uuid, told_of_comment(item, uuid))
            except Contradiction as problem:
                found.doubts.append((partial(self._look_alone, article, uuid), problem))
        if not found.comments and (said := comments_said(self.site, article.uuid)):
            found.doubts.append((partial(self._look_strictly, article), _hidden(article, said)))
        return found

    def _compare(
        self, article: Listed, uuid: str, told: ToldOfComment | None
    ) -> dict[str, Waiting]:
        """Contradiction for points that the log does not have; what waits for it."""
        if told is None:
            return {}
        page = self.site.address(own_path(told.url))
        listed = Listed(uuid=uuid, url=page, title=f"a comment on {article.title}")
        if told.points is None:
            demand_soon(listed, told, late=LATE)
            return {}
        on = f"comment:{uuid}"
        waits = demand_points(self.site, self.recount, listed, told.points, self.known.get(on))
        return {on: waits} if waits else {}

    def _count(self) -> None:
        with self._lock:
            self._met += 1
            self.told(self._met, max(self._met, self._total))

    def _keep(self, walked: _Walked, findings: Findings) -> None:
        findings.comments_walked += walked.comments
        findings.threads_walked += bool(walked.comments)
        findings.points_waiting.update(walked.waits)
        self._doubts += walked.doubts


def _hidden(article: Listed, said: int) -> Contradiction:
    return Contradiction(
        f"“{article.title}” is said to have {said:,} comments, and the API lists none of them.",
        page=article.url,
        logged=str(said),
        shown="0",
    )
