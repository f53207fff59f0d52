"""What the newsroom's tables hold of people with an account.

By-lines are no personal data of an account: they name a contributor, in public, and stay with the
articles. Only the tie between the two is the account's.
"""

from diurna.accounts.relations import Fate, Relation, relation_handler

HANDLER = relation_handler(
    "newsroom",
    [
        Relation(
            column="newsroom.Contributor.user",
            fate=Fate.EMPTIED,
            shows=("uuid", "name", "slug"),
        ),
        Relation(
            column="newsroom.Article.published_by",
            fate=Fate.STAYS,
            shows=("uuid", "title", "first_published_at"),
        ),
        Relation(
            column="newsroom.PublicRevision.published_by",
            fate=Fate.STAYS,
            shows=("article_uuid", "number", "kind", "at"),
        ),
        Relation(
            column="newsroom.PlannedFront.planned_by",
            fate=Fate.STAYS,
            shows=("at", "planned_at"),
        ),
        Relation(
            column="newsroom.SectionLead.pinned_by",
            fate=Fate.STAYS,
            shows=("section__title", "article__title", "pinned_at"),
        ),
        Relation(
            column="newsroom.Photograph.uploaded_by_user",
            fate=Fate.STAYS,
            shows=("title", "file", "created_at"),
        ),
        Relation(
            column="newsroom.ReadLater.user",
            fate=Fate.GOES,
            shows=("article__uuid", "article__title", "at"),
        ),
        Relation(
            column="newsroom.Source.created_by",
            fate=Fate.STAYS,
            shows=("uuid", "title", "created_at"),
        ),
        Relation(
            column="newsroom.Source.approved_by",
            fate=Fate.STAYS,
            shows=("uuid", "title", "approved_at"),
        ),
        Relation(
            column="newsroom.Source.worded_by",
            fate=Fate.STAYS,
            shows=("uuid", "title"),
        ),
        Relation(
            column="newsroom.Citation.created_by",
            fate=Fate.STAYS,
            shows=("uuid", "exact", "created_at"),
        ),
        Relation(
            column="newsroom.Citation.checked_by",
            fate=Fate.STAYS,
            shows=("uuid", "exact", "checked_on"),
        ),
        Relation(
            column="newsroom.Correction.corrected_by",
            fate=Fate.STAYS,
            shows=("article_uuid", "number", "kind", "at"),
        ),
        Relation(
            column="newsroom.StandardVersion.published_by",
            fate=Fate.STAYS,
            shows=("uuid", "number", "at"),
        ),
        Relation(
            column="newsroom.Overruling.by",
            fate=Fate.STAYS,
            shows=("reason", "at"),
        ),
        Relation(
            column="newsroom.ErrorReport.decided_by",
            fate=Fate.STAYS,
            shows=("uuid", "outcome", "decided_at"),
        ),
        Relation(
            column="newsroom.ErrorReport.filed_by",
            fate=Fate.STAYS,
            shows=("uuid", "comment_uuid", "at"),
        ),
    ],
)
