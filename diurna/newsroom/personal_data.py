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
            column="newsroom.Photograph.uploaded_by_user",
            fate=Fate.STAYS,
            shows=("title", "file", "created_at"),
        ),
    ],
)
