"""What an export of WordPress never carries, told before the import starts.

WordPress exports posts, their meta, comments, terms and menus; not options, not widgets, not the
profiles of accounts, and no table that a plug-in made for itself
(`wp-admin/includes/export.php`). Which tables matter here is read from the traces in the file.
"""

from typing import Final

from diurna.importers.wordpress.fates import unmapped_types
from diurna.importers.wordpress.survey import Survey
from diurna.newsroom.generic_names import is_generic_name

_ALWAYS: Final = (
    "An export of WordPress never carries its settings, its widgets, where its menus stood, the "
    "passwords and profiles of its accounts, or the tables of its plug-ins.",
)
_BY_TRACE: Final = {
    "snax": "Of the votes in Snax only the counts are in the export, not who voted: they are kept "
    "as votes of the old site, which nobody can recount.",
    "snax_fake": "Snax adds made-up votes to what it shows. Those of single posts are reported and "
    "dropped; the base for all others is in an option that no export carries, so the numbers that "
    "readers saw may have been higher than those that are kept.",
    "snax_polls": "Answers to polls and quizzes are in tables of Snax, which no export carries; "
    "the texts of questions and answers are kept with the import records.",
    "bimber": "How Bimber showed a post is in the theme's options; its made-up counts of views and "
    "votes are dropped.",
    "commentace": "Who voted on a comment is in a table of CommentAce; the counts are in the "
    "export, and are kept as votes of the old site, which nobody can recount. Reports of comments "
    "are not brought in.",
    "yoast": "Redirects, and titles and descriptions of sections, of Yoast SEO are in options and "
    "tables; only those of single posts come over.",
    "rank_math": "Redirects, and titles and descriptions of sections, of Rank Math are in options "
    "and tables; only those of single posts come over.",
    "aioseo": "All in One SEO from version 4 keeps titles and descriptions in a table; only those "
    "in the meta data of posts come over.",
    "seopress": "The title patterns of SEOPress are in options; only those of single posts come "
    "over.",
    "redirects": "Redirects of plug-ins are in tables or options; export them there, and add them "
    "under Redirects at the desk.",
    "nextgen": "NextGEN galleries are in tables of their own: neither the pictures nor their order "
    "are in the export. Copy the gallery folder, and set the galleries anew.",
    "polls": "Polls and their answers are in tables of their plug-in; only the shortcode is left.",
    "forms": "Forms and what readers sent with them are in tables of their plug-in.",
    "tablepress": "Tables of TablePress come only with an export of its type of posts.",
    "newsletter": "Subscribers to newsletters are in tables of their plug-in, or with the service "
    "that sends them; export them there.",
    "subscribers": "Who subscribed to comments is in tables or in meta data that is not kept.",
    "views": "Counts of views are kept with the import records as meta data, and shown nowhere.",
    "postratings": "Ratings by stars are kept as meta data with the import records, not as points.",
    "likes": "Likes of plug-ins are kept as meta data with the import records, not as points.",
    "reactions": "Who reacted is in a table of the plug-in; the reactions are kept as terms.",
    "wpml": "WPML keeps languages and translations in tables; without its “Export and Import” the "
    "language of a text is told by its letters alone.",
    "polylang": "The names and order of Polylang's languages are in options; the language and the "
    "translations of each post are kept.",
    "wpdiscuz": "Who voted on a comment is in a table of wpDiscuz; the counts are in the export, "
    "and are kept as votes of the old site, which nobody can recount. Before its version 5 that is "
    "their sum alone. Its subscribers, and files beside comments, are not brought in.",
    "disqus": "Comments that stayed with Disqus are not in the export; export them there.",
    "jetpack": "Likes, statistics and subscribers of Jetpack are with its service.",
    "shop": "Orders and customers of the shop are not brought in.",
    "membership": "Members, subscriptions and payments are in tables of their plug-in.",
    "points": "Points of readers are in tables of their plug-in.",
    "sliders": "Slides are in tables of their plug-in; only the shortcode is left.",
    "elementor": "Templates of Elementor come only with its own export; the text of a page does.",
    "newspack": "Settings of Newspack, its campaigns, advertisements and donors are not in the "
    "export.",
    "coauthors": "Who of several authors did what is not in the export: every by-line says "
    "“writing”.",
}


_MAX_NAMED: Final = 5


def told_before(survey: Survey) -> tuple[str, ...]:
    """What a person should know of an export before anything is written, as sentences."""
    return (*never_exported(survey), *_unmapped(survey), *_nameless(survey))


def _unmapped(survey: Survey) -> tuple[str, ...]:
    types = unmapped_types(survey.kinds, survey.related.types)
    if not types:
        return ()
    listed = ", ".join(f"{survey.kinds[kind]} {kind}" for kind in types)
    return (
        f"Types of plug-ins that have no counterpart here: {listed}. Their texts are kept with the "
        f"import records; to bring them in, write for instance `{_key(types[0])} = "
        '"article"` below [types] in a map file (--map).',
    )


def _nameless(survey: Survey) -> tuple[str, ...]:
    bylines = survey.related.bylines
    names = [bylines.name_of(key) for key in bylines.everybody()]
    hollow = [name for name in names if is_generic_name(name)]
    if not hollow:
        return ()
    more = f" and {len(hollow) - _MAX_NAMED} more" if len(hollow) > _MAX_NAMED else ""
    return (
        f"By-lines that name nobody: {', '.join(hollow[:_MAX_NAMED])}{more}. They stay as the "
        "export says; give names by login below [authors] in a map file (--map).",
    )


def _key(kind: str) -> str:
    return kind if kind.replace("-", "_").isidentifier() else f'"{kind}"'


def never_exported(survey: Survey) -> tuple[str, ...]:
    """Sentences about what is not in this export, the general one first, each once.

    Those about plug-ins follow in the order of how many items show a trace of them.
    """
    counts = survey.related.traces.counts
    if counts["snax"] and not counts["snax_fake"]:
        # The base works on every post without a number of its own.
        counts = counts + type(counts)(snax_fake=1)
    found = sorted(counts, key=lambda trace: (-counts[trace], trace))
    return (*_ALWAYS, *(_BY_TRACE[trace] for trace in found if trace in _BY_TRACE))
