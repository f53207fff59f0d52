"""What others ask of a newsroom: the Trust Project's eight indicators and JTI's eighteen clauses.

Sources: https://thetrustproject.org (the indicators and what they are made of), and CEN Workshop
Agreement CWA 17493:2019, the Journalism Trust Initiative (its clauses). What each asks is told here
in words of our own, and shortly: whoever wants to be a member of the one or certified by the other
works from their documents.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scheme(StrEnum):
    """Who asks."""

    TRUST = "trust"
    JTI = "jti"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One point of a scheme. `by_itself` is what Diurna does for it without anybody writing.

    `reference` is how the scheme itself counts it; `place` is a named address of Diurna's that
    shows it, without arguments, or nothing.
    """

    key: str
    scheme: Scheme
    reference: str | Promise
    title: str | Promise
    meaning: str | Promise
    by_itself: str | Promise = ""
    place: str = ""


_ON_EACH_STORY: Final = "latest"
_BEST: Final = _("1, best practices")

TRUST: Final = (
    Indicator(
        key="trust-practices-ethics",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Ethics"),
        meaning=_("Public rules, independence, and what happens where interests collide."),
    ),
    Indicator(
        key="trust-practices-mission",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Mission and what is covered first"),
        meaning=_("What the newsroom is for, and how it chooses."),
    ),
    Indicator(
        key="trust-practices-verification",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Checking of facts"),
        meaning=_("How it is made sure that what is published is true."),
    ),
    Indicator(
        key="trust-practices-corrections",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Corrections"),
        meaning=_("How errors are reported, set right and shown."),
        by_itself=_(
            "Every version of a story is kept with its differences, corrections stand in the story"
            " and on a page of their own, and readers report errors without an account."
        ),
        place="corrections",
    ),
    Indicator(
        key="trust-practices-unnamed",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Unnamed sources"),
        meaning=_("When they are used, who approves it, what readers are told."),
        by_itself=_(
            "A source that is not named has a printed reason and an approval, and no field that"
            " could hold the name."
        ),
        place="diurna_sources",
    ),
    Indicator(
        key="trust-practices-diversity",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Diversity of the staff"),
        meaning=_("Who works in the newsroom, with figures where there are any."),
    ),
    Indicator(
        key="trust-practices-ownership",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Ownership and funding"),
        meaning=_("Who owns it, who pays, which grants there are."),
    ),
    Indicator(
        key="trust-practices-founded",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("When it was founded"),
        meaning=_("The year is enough."),
    ),
    Indicator(
        key="trust-practices-masthead",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("Masthead"),
        meaning=_("Who leads the newsroom."),
    ),
    Indicator(
        key="trust-practices-contact",
        scheme=Scheme.TRUST,
        reference=_BEST,
        title=_("How to reach the newsroom"),
        meaning=_("An address where somebody answers."),
    ),
    Indicator(
        key="trust-expertise",
        scheme=Scheme.TRUST,
        reference=_("2, expertise of the journalists"),
        title=_("Who made it, and what they know"),
        meaning=_("Names, and for each name what the person knows, speaks, and wrote before."),
        by_itself=_(
            "Each contributor has a page with biography, subjects, places, languages, contact,"
            " interests and stories; each story says who did what."
        ),
        place="wagtailsnippets_newsroom_contributor:list",
    ),
    Indicator(
        key="trust-labels",
        scheme=Scheme.TRUST,
        reference=_("3, labels"),
        title=_("What kind of work it is"),
        meaning=_("News, analysis, opinion and what is paid for are told apart."),
        by_itself=_("Each story says its type of work at its top and in its structured data."),
        place=_ON_EACH_STORY,
    ),
    Indicator(
        key="trust-references",
        scheme=Scheme.TRUST,
        reference=_("4, references"),
        title=_("Where it is known from"),
        meaning=_("Sources that a reader can look at, tied to what they are for."),
        by_itself=_(
            "Notes beside the words, a list of sources with their state, and kept copies of what"
            " was cited. A check before publication names attributions without a source."
        ),
        place="diurna_sources",
    ),
    Indicator(
        key="trust-methods",
        scheme=Scheme.TRUST,
        reference=_("5, methods"),
        title=_("How it was made"),
        meaning=_("Why the story was taken up, and how it was found out."),
        by_itself=_("“How we reported this” is a field of every story."),
        place=_ON_EACH_STORY,
    ),
    Indicator(
        key="trust-local",
        scheme=Scheme.TRUST,
        reference=_("6, locally sourced"),
        title=_("Who was there"),
        meaning=_("Whether somebody was on the spot, and knows the place."),
        by_itself=_("“On the scene” is a kind of source, with the contributor and the place."),
        place="diurna_sources",
    ),
    Indicator(
        key="trust-voices",
        scheme=Scheme.TRUST,
        reference=_("7, diverse voices"),
        title=_("Who is asked"),
        meaning=_("How the newsroom finds voices that are easily left out."),
    ),
    Indicator(
        key="trust-feedback",
        scheme=Scheme.TRUST,
        reference=_("8, actionable feedback"),
        title=_("What readers can do"),
        meaning=_("How readers take part, and what comes of it."),
        by_itself=_(
            "Comments, reports of errors with an answer, and “Your comment changed this article”."
        ),
        place="corrections",
    ),
)

JTI: Final = (
    Indicator(
        key="jti-1",
        scheme=Scheme.JTI,
        reference="A 1",
        title=_("Who the outlet is"),
        meaning=_("Name, legal form, address, founding, kind of work."),
    ),
    Indicator(
        key="jti-2",
        scheme=Scheme.JTI,
        reference="A 2",
        title=_("Editorial mission"),
        meaning=_("What it sets out to do, in public."),
    ),
    Indicator(
        key="jti-3",
        scheme=Scheme.JTI,
        reference="A 3",
        title=_("Public service media"),
        meaning=_(
            "Mandate and independence of those who have one; others say that they have none."
        ),
    ),
    Indicator(
        key="jti-4",
        scheme=Scheme.JTI,
        reference="A 4",
        title=_("Type of ownership"),
        meaning=_("Private, public, of its members, of its staff, of a foundation."),
    ),
    Indicator(
        key="jti-5",
        scheme=Scheme.JTI,
        reference="A 5",
        title=_("Who the owners are"),
        meaning=_("Names and shares, up to the people in the end."),
    ),
    Indicator(
        key="jti-6",
        scheme=Scheme.JTI,
        reference="A 6",
        title=_("Management and where it sits"),
        meaning=_("Who leads house and newsroom, and from where."),
    ),
    Indicator(
        key="jti-7",
        scheme=Scheme.JTI,
        reference="A 7",
        title=_("Editorial contact"),
        meaning=_("How to reach those who write."),
    ),
    Indicator(
        key="jti-8",
        scheme=Scheme.JTI,
        reference="A 8",
        title=_("Revenue, and data of readers"),
        meaning=_("Where money comes from, and what is collected about those who read."),
        by_itself=_(
            "Readers are not tracked, and a reader’s page asks no other site for anything."
        ),
    ),
    Indicator(
        key="jti-9",
        scheme=Scheme.JTI,
        reference="B 9",
        title=_("Principles of journalism"),
        meaning=_("Which principles it works by, and who answers for them."),
    ),
    Indicator(
        key="jti-10",
        scheme=Scheme.JTI,
        reference="B 10",
        title=_("Accuracy"),
        meaning=_("Checking before, correcting after, and what programs do in between."),
        by_itself=_(
            "A check before publication, corrections as facts of their own, and the rank of every"
            " list explained where it stands."
        ),
        place="corrections",
    ),
    Indicator(
        key="jti-11",
        scheme=Scheme.JTI,
        reference="B 11",
        title=_("What the public sends in"),
        meaning=_("How contributions of readers are checked, and comments looked after."),
        by_itself=_("House rules, a log of every decision about comments, appeals, and figures."),
        place="moderation-rules",
    ),
    Indicator(
        key="jti-12",
        scheme=Scheme.JTI,
        reference="B 12",
        title=_("Sources"),
        meaning=_("How sources are named, left unnamed, and protected."),
        by_itself=_("Sources are rows, and one that is unnamed has no field for who it is."),
        place="diurna_sources",
    ),
    Indicator(
        key="jti-13",
        scheme=Scheme.JTI,
        reference="B 13",
        title=_("Affiliations"),
        meaning=_("Opinion, advertising and interests are told apart from news."),
        by_itself=_("Type of work, and a line about interests on each story and contributor."),
        place=_ON_EACH_STORY,
    ),
    Indicator(
        key="jti-14",
        scheme=Scheme.JTI,
        reference="B 14",
        title=_("Accountability inside"),
        meaning=_("Who inside the house sees to it that the rules are kept."),
    ),
    Indicator(
        key="jti-15",
        scheme=Scheme.JTI,
        reference="B 15",
        title=_("Accountability outside"),
        meaning=_("Complaints, replies, corrections, and a body outside the house."),
        by_itself=_("Reports of errors get a receipt and an outcome; corrections are on one page."),
        place="corrections",
    ),
    Indicator(
        key="jti-16",
        scheme=Scheme.JTI,
        reference="B 16",
        title=_("Professional conditions"),
        meaning=_("Under which conditions people work here."),
    ),
    Indicator(
        key="jti-17",
        scheme=Scheme.JTI,
        reference="B 17",
        title=_("Training"),
        meaning=_("How they learn, and what."),
    ),
    Indicator(
        key="jti-18",
        scheme=Scheme.JTI,
        reference="B 18",
        title=_("Publication of the self-assessment"),
        meaning=_("That the answers themselves are public, and who looked at them."),
    ),
)

INDICATORS: Final = {one.key: one for one in (*TRUST, *JTI)}
