"""What imports hold of people with an account: who decided, who took a run back."""

from diurna.accounts.relations import Fate, Relation, relation_handler

HANDLER = relation_handler(
    "imports",
    [
        Relation(
            column="importers.ImportRun.undone_by",
            fate=Fate.STAYS,
            shows=("file_name", "started_at"),
        ),
        Relation(
            column="importers.ImportConflict.decided_by",
            fate=Fate.STAYS,
            shows=("decision", "decided_at"),
        ),
    ],
)
