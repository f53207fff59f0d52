"""The sections, topics and people that items need: found where they are, else made."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Final, TypeVar
from urllib.parse import quote

from django.db import transaction
from wagtail.models import Page

from diurna.importers.wordpress.addresses import normal_path
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects, own_path
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import SectionPlan, TermPlan, TopicPlan, section_key
from diurna.importers.wordpress.titles import slug_from, term_slug
from diurna.newsroom.models import Contributor, Front, Section, Topic
from diurna.newsroom.slugs import free_slug

MAX_NAME: Final = 200
MAX_KEY: Final = 255
_BATCH: Final = 50

Thing = TypeVar("Thing")


class Places:
    """Finds or makes what an item belongs to. Everything here is made once a run at most."""

    def __init__(
        self,
        records: RecordsKept,
        survey: Survey,
        plan: TermPlan,
        redirects: Redirects,
    ) -> None:
        self._records = records
        self._survey = survey
        self._plan = plan
        self._redirects = redirects
        self._sections: dict[str, Section] = {}
        self._topics: dict[str, Topic] = {}
        self._people: dict[str, Contributor] = {}
        self._archives: dict[str, str] = {}
        # Read once: asking again for each of ten thousand tags would read them all each time.
        self._known_topics = {topic.name.casefold(): topic for topic in Topic.objects.all()}
        self._topic_slugs = {topic.slug for topic in self._known_topics.values()}
        self._section_paths: dict[str, str] = {}

    def archive_path(self, old_path: str) -> str:
        """Where the archive of a term or author is now, by its old `normal_path`; or empty."""
        return self._archives.get(old_path, "")

    def section_at(self, path: str) -> str:
        """The name of the section whose front has this path; empty for none."""
        return self._section_paths.get(normal_path(path), "")

    def make_all(self) -> None:
        """All sections, topics and people of the plan, each with its old addresses.

        In small transactions: thousands of tags must not keep the desk from writing. What the desk
        has deleted since an earlier import is not made again for its own sake.
        """
        sections = [key for key in self._plan.sections if not self._was_deleted("section", key)]
        _in_batches(sections, self.section)
        _in_batches(self._plan.topics.values(), self._topic)
        everybody = self._survey.related.bylines.everybody()
        people = [login for login in everybody if not self._was_deleted("author", login)]
        _in_batches(people, self.person)
        kept = [key for key in self._survey.terms if key[0] in {"category", "post_tag"}]
        _in_batches(kept, self._keep_term)

    def forget(self) -> None:
        """Look people and sections up again: what made one may have been rolled back."""
        self._people.clear()
        self._sections.clear()

    def front(self) -> Front:
        """The newsroom's front."""
        return Front.objects.get()

    def section(self, key: str) -> Section:
        """The section of the plan with this key."""
        if key in self._sections:
            return self._sections[key]
        plan = self._plan.sections.get(key, self._plan.default)
        found = self._found_section(plan)
        section = found or self._new_section(plan)
        self._sections[key] = section
        self._section_paths[normal_path(own_path(section))] = section.title
        record = self._records.get(_key("section", plan.key))
        if record is None or record.page_id != section.pk:
            name = _key("section", plan.key)
            self._records.save(name, "section", page=section, is_made=found is None)
        return section

    def topics(self, keys: tuple[str, ...]) -> list[Topic]:
        """The topics with these keys, in order, without those that the desk has deleted."""
        found = [self._topic(self._plan.topics[key]) for key in keys if key in self._plan.topics]
        return [topic for topic in found if topic is not None]

    def person(self, login: str) -> Contributor:
        """The contributor for the key of a by-line: an account's login, or a name without one."""
        if login in self._people:
            return self._people[login]
        record = self._records.get(_key("author", login))
        person = record.contributor if record else None
        is_made = False
        if person is None:
            name = self._survey.related.bylines.name_of(login)[:MAX_NAME]
            person = Contributor.objects.filter(name__iexact=name).first()
            is_made = person is None
            if person is None:
                taken = set(Contributor.objects.values_list("slug", flat=True))
                wanted = slug_from(login.partition(":")[2] or login, name, "author")
                slug = free_slug(wanted, at_root=False, taken=taken)
                biography = self._survey.related.bylines.biography_of(login)
                person = Contributor.objects.create(
                    name=name, slug=slug, biography=escape(biography, quote=False)
                )
        if record is None:
            author = self._survey.authors.get(login)
            self._records.save(
                _key("author", login),
                "author",
                contributor=person,
                is_made=is_made,
                legacy_number=_number(author.source_id if author else ""),
            )
        self._people[login] = person
        self._lead(f"author/{slug_from(login.partition(':')[2] or login)}", person_path(person))
        return person

    def _found_section(self, plan: SectionPlan) -> Section | None:
        record = self._records.get(_key("section", plan.key))
        if record is not None and record.page is not None:
            found = Section.objects.filter(pk=record.page.pk).first()
            if found is not None:
                return found
        for section in Section.objects.live():
            if section_key(section.title) == plan.key:
                return section
        return None

    def _new_section(self, plan: SectionPlan) -> Section:
        above = self.section(plan.parent) if plan.parent else self.front()
        taken = set(above.get_children().values_list("slug", flat=True))
        wanted = term_slug(plan.category, plan.name) or "section"
        slug = free_slug(wanted, at_root=not plan.parent, taken=taken)
        section = Section(
            title=plan.name[:MAX_NAME], slug=slug, description=plan.description, live=True
        )
        above.add_child(instance=section)
        return section

    def _was_deleted(self, kind: str, name: str) -> bool:
        """Whether an earlier import brought this, and it is gone now."""
        record = self._records.get(_key(kind, name))
        return record is not None and not record.kind_of_target()

    def _topic(self, plan: TopicPlan) -> Topic | None:
        if plan.key in self._topics:
            return self._topics[plan.key]
        if self._was_deleted("topic", plan.key):
            return None
        record = self._records.get(_key("topic", plan.key))
        topic = record.topic if record else None
        if topic is None:
            topic = self._known_topics.get(plan.name.casefold())
            is_made = topic is None
            if topic is None:
                wanted = term_slug(plan.slug, plan.name) or "topic"
                slug = free_slug(wanted, at_root=False, taken=self._topic_slugs)
                topic = Topic.objects.create(
                    name=plan.name[:MAX_NAME], slug=slug, description=plan.description
                )
                self._topic_slugs.add(slug)
            if record is None:
                name = _key("topic", plan.key)
                self._records.save(name, "topic", topic=topic, is_made=is_made)
        self._topics[plan.key] = topic
        return topic

    def _keep_term(self, key: tuple[str, str]) -> None:
        """A record and the old archive address of a category or tag."""
        taxonomy, slug = key
        base = "category" if taxonomy == "category" else "tag"
        section = self._own_section(slug) if base == "category" else None
        topic = self._topic_of(taxonomy, slug)
        for path in {f"{base}/{slug}", f"{base}/{self._full_path(taxonomy, slug)}"}:
            if section is not None:
                self._lead(path, section)
            else:
                self._lead(path, topic_path(topic) if topic else "/latest/")
        if self._records.get(_key(base, slug)) is None:
            term = self._survey.terms[key]
            self._records.save(
                _key(base, slug),
                base,
                page=section,
                topic=topic if section is None else None,
                is_made=False,
                legacy_number=_number(term.source_id),
                payload={"name": term.name, "parent": term.parent},
            )

    def _own_section(self, slug: str) -> Section | None:
        """The section that this category became; a topic's parent section is not meant."""
        key = self._plan.category_section.get(slug)
        if not key or slug in self._plan.category_topic or self._was_deleted("section", key):
            return None
        return self.section(key)

    def _topic_of(self, taxonomy: str, slug: str) -> Topic | None:
        table = self._plan.category_topic if taxonomy == "category" else self._plan.tag_topic
        return self._topic(self._plan.topics[table[slug]]) if slug in table else None

    def _full_path(self, taxonomy: str, slug: str) -> str:
        parts, seen = [slug], {slug}
        while (term := self._survey.terms.get((taxonomy, parts[0]))) is not None:
            if not term.parent or term.parent in seen:
                break
            parts.insert(0, term.parent)
            seen.add(term.parent)
        return "/".join(parts)

    def _lead(self, path: str, target: Page | str) -> None:
        old = f"{self._survey.old_site.base_path}/{path}"
        if isinstance(target, str):
            self._redirects.to_path(old, target)
        else:
            self._redirects.to_page(old, target)
        new = target if isinstance(target, str) else quote(own_path(target))
        self._archives.setdefault(normal_path(old), new)


def _key(kind: str, name: str) -> str:
    """Under which source id a term, person or section is recorded."""
    return f"{kind}:{name}"[:MAX_KEY]


def _in_batches(things: Iterable[Thing], do: Callable[[Thing], object]) -> None:
    waiting = list(things)
    for start in range(0, len(waiting), _BATCH):
        with transaction.atomic():
            for thing in waiting[start : start + _BATCH]:
                do(thing)


def person_path(person: Contributor) -> str:
    """The path of a contributor's page (the public contract in `docs/reference`)."""
    return f"/people/{quote(person.slug)}/"


def topic_path(topic: Topic) -> str:
    """The path of a topic's page (the public contract in `docs/reference`)."""
    return f"/topics/{quote(topic.slug)}/"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None
