"""Categories as sections or topics, tags as topics: chosen once, for the whole export.

The automatic choice: the most used top-level categories become sections, at most eight, each with
at least two published posts; every other category becomes a topic. A post goes into the section
of its most particular category: the deepest, of these the least used. Posts without one go into
the default section.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from diurna.importers.wordpress.map_file import CategoryFate, ImportMap
from diurna.importers.wordpress.records import Term, TermLink
from diurna.importers.wordpress.survey import Survey

# A masthead holds about this many sections on a phone before they wrap into a list.
MAX_SECTIONS: Final = 8
MIN_POSTS: Final = 2
DEFAULT_SECTION: Final = "News"
# WordPress gives this category to whatever got none.
_NO_CATEGORY: Final = "uncategorized"


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section to be there; `category` is the slug it came from, empty for the default.

    `parent` is the key of the section it lies in, empty for one of its own.
    """

    key: str
    name: str
    description: str = ""
    category: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic to be there; the key is its name, case folded."""

    key: str
    name: str
    slug: str
    description: str = ""


@dataclass(slots=True)
class TermPlan:
    """What every category and tag becomes."""

    default: SectionPlan
    sections: dict[str, SectionPlan] = field(default_factory=dict)
    topics: dict[str, TopicPlan] = field(default_factory=dict)
    category_section: dict[str, str] = field(default_factory=dict)
    category_topic: dict[str, str] = field(default_factory=dict)
    tag_topic: dict[str, str] = field(default_factory=dict)
    rank: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    # The slug of a category by its term id, by which plug-ins name the main one of a post.
    by_number: dict[str, str] = field(default_factory=dict)

    def section_for(self, categories: Iterable[str], primary: str = "") -> str:
        """The key of the section for a post in these categories.

        The category with the term id `primary`, the editor's own choice, goes before the others.
        """
        categories = tuple(categories)
        slug = self.by_number.get(primary, "")
        if slug in categories and slug in self.category_section:
            return self.category_section[slug]
        chosen = [slug for slug in categories if slug in self.category_section]
        if not chosen:
            return self.default.key
        return self.category_section[min(chosen, key=lambda s: self.rank.get(s, (0, 0, s)))]

    def topics_for(self, links: Iterable[TermLink]) -> tuple[str, ...]:
        """The keys of the topics of an item, in the order of its terms, each once."""
        keys = []
        for link in links:
            table = self.category_topic if link.taxonomy == "category" else self.tag_topic
            if link.taxonomy in {"category", "post_tag"} and link.slug in table:
                keys.append(table[link.slug])
        return tuple(dict.fromkeys(keys))


def section_key(name: str) -> str:
    """What two spellings of the same section's name have in common."""
    return " ".join(name.split()).casefold()


def plan_terms(survey: Survey, chosen: ImportMap) -> TermPlan:
    """What every category and tag becomes, by the map file and else by the automatic choice."""
    name = chosen.default_section or DEFAULT_SECTION
    plan = TermPlan(SectionPlan(section_key(name), name))
    categories = {slug: term for (kind, slug), term in survey.terms.items() if kind == "category"}
    plan.rank = {
        slug: (-_depth(slug, categories), survey.category_use[slug], slug) for slug in categories
    }
    fates = _fates(survey, categories, chosen)
    plan.by_number = {term.source_id: slug for slug, term in categories.items() if term.source_id}
    # From the top down: a section inside another needs that one's key.
    for slug in sorted(fates, key=lambda slug: _depth(slug, categories)):
        if fates[slug].fate == "section":
            parent = "" if fates[slug].name else _section_above(plan, slug, categories)
            _add_section(plan, categories[slug], fates[slug].name, parent)
    for slug in categories:
        _inherit_section(plan, slug, categories, fates)
    _drop_empty_sections(plan, survey, chosen)
    for slug, term in categories.items():
        used = survey.category_use[slug] > 0
        is_section = slug in plan.category_section and fates[slug].fate == "section"
        if fates[slug].fate != "drop" and not is_section and used:
            plan.category_topic[slug] = _add_topic(plan, term)
    for (kind, slug), term in survey.terms.items():
        if kind == "post_tag" and survey.tag_use[slug]:
            plan.tag_topic[slug] = _add_topic(plan, term)
    if _needs_default(plan, survey):
        plan.sections.setdefault(plan.default.key, plan.default)
    return plan


def _fates(
    survey: Survey, categories: dict[str, Term], chosen: ImportMap
) -> dict[str, CategoryFate]:
    automatic = set(_most_used(survey, categories, chosen))
    fates = {}
    for slug in categories:
        fate = chosen.categories.get(slug)
        if fate is None and slug == _NO_CATEGORY:
            fate = CategoryFate("drop")
        fates[slug] = fate or CategoryFate("section" if slug in automatic else "topic")
    return fates


def _most_used(survey: Survey, categories: dict[str, Term], chosen: ImportMap) -> list[str]:
    """The top-level categories with most posts, those of their children counted too."""
    use: Counter[str] = Counter()
    for slug, count in survey.category_use.items():
        if slug in categories:
            use[_root(slug, categories)] += count
    free = MAX_SECTIONS - sum(fate.fate == "section" for fate in chosen.categories.values())
    ranked = sorted(
        (slug for slug, count in use.items() if count >= MIN_POSTS and slug != _NO_CATEGORY),
        key=lambda slug: (-use[slug], slug),
    )
    return [slug for slug in ranked if slug not in chosen.categories][: max(0, free)]


def _depth(slug: str, categories: dict[str, Term]) -> int:
    depth, seen = 0, {slug}
    while (parent := categories[slug].parent) in categories and parent not in seen:
        seen.add(parent)
        slug = parent
        depth += 1
    return depth


def _root(slug: str, categories: dict[str, Term]) -> str:
    seen = {slug}
    while (parent := categories[slug].parent) in categories and parent not in seen:
        seen.add(parent)
        slug = parent
    return slug


def _section_above(plan: TermPlan, slug: str, categories: dict[str, Term]) -> str:
    """The key of the nearest section above a category; empty when there is none."""
    seen = {slug}
    while (parent := categories[slug].parent) in categories and parent not in seen:
        if parent in plan.category_section:
            return plan.category_section[parent]
        seen.add(parent)
        slug = parent
    return ""


def _add_section(plan: TermPlan, term: Term, name: str, parent: str) -> None:
    name = name or term.name or term.slug
    key = section_key(name)
    above = parent if parent != key else ""
    plan.sections.setdefault(key, SectionPlan(key, name, term.description, term.slug, above))
    plan.category_section[term.slug] = key


def _inherit_section(
    plan: TermPlan, slug: str, categories: dict[str, Term], fates: dict[str, CategoryFate]
) -> None:
    """A category below a section's belongs to that section too, beside being a topic."""
    if slug in plan.category_section or fates[slug].fate == "drop":
        return
    seen, current = {slug}, slug
    while (parent := categories[current].parent) in categories and parent not in seen:
        if fates[parent].fate == "section":
            plan.category_section[slug] = plan.category_section[parent]
            return
        seen.add(parent)
        current = parent


def _drop_empty_sections(plan: TermPlan, survey: Survey, chosen: ImportMap) -> None:
    """A section that the automatic choice would leave without a single post becomes a topic."""
    used = {
        plan.section_for(stub.categories) for stub in survey.stubs.values() if stub.kind == "post"
    }
    asked = {section_key(fate.name) for fate in chosen.categories.values() if fate.name}
    asked |= {plan.category_section.get(slug, "") for slug in chosen.categories}
    # Chosen by an editor for a post, whatever the other categories of that post say.
    asked |= {
        plan.category_section.get(plan.by_number.get(number, ""), "")
        for number in survey.related.primaries
    }
    # What lies in a section needs it, even when no post is in that one itself.
    asked |= {plan.sections[key].parent for key in used | asked if key in plan.sections}
    for key in [key for key in plan.sections if key not in used | asked]:
        del plan.sections[key]
        for slug in [slug for slug, own in plan.category_section.items() if own == key]:
            del plan.category_section[slug]


def _add_topic(plan: TermPlan, term: Term) -> str:
    name = " ".join((term.name or term.slug).split())
    key = name.casefold()
    known = plan.topics.get(key)
    if known is None or len(term.slug) < len(known.slug):
        description = term.description or (known.description if known else "")
        plan.topics[key] = TopicPlan(key, known.name if known else name, term.slug, description)
    return key


def _needs_default(plan: TermPlan, survey: Survey) -> bool:
    return any(
        stub.kind == "post" and plan.section_for(stub.categories) == plan.default.key
        for stub in survey.stubs.values()
    )
