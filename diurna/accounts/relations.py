"""Handlers of personal data for columns that name an account: said in a table, not in code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from diurna.accounts.models import User
from diurna.accounts.personal_data import Handler, Reader


class Fate(Enum):
    """What becomes of a column that names an account when the account is erased."""

    STAYS = "the newsroom's own work; the account's row stays, emptied"
    EMPTIED = "the row stays and names nobody"
    GOES = "the row is deleted"


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A column that names an account, as `app.Model.field`.

    `shows` are the fields of its row that the account's export lists; `emptied_with` are written
    when the column is emptied.
    """

    column: str
    fate: Fate
    shows: tuple[str, ...]
    emptied_with: dict[str, Any] = field(default_factory=dict)

    def rows(self, user: User) -> QuerySet[Any]:
        """The rows that name the account, in the order in which they were made."""
        label, _dot, name = self.column.rpartition(".")
        model = apps.get_model(label)
        return model._base_manager.filter(**{name: user.pk}).order_by("pk")

    def export(self, user: User) -> list[dict[str, Any]]:
        """What the rows say."""
        return list(self.rows(user).values(*self.shows))

    def erase(self, user: User) -> None:
        """Let go of the account, unless the row is the newsroom's work."""
        if self.fate is Fate.EMPTIED:
            name = self.column.rpartition(".")[2]
            self.rows(user).update(**{name: None, **self.emptied_with})
        elif self.fate is Fate.GOES:
            self.rows(user).delete()


def relation_handler(name: str, relations: Sequence[Relation]) -> Handler:
    """The handler of these columns; guests have none of them."""

    def export(reader: Reader) -> dict[str, Any]:
        if not isinstance(reader, User):
            return {}
        found = {relation.column: relation.export(reader) for relation in relations}
        return {column: rows for column, rows in found.items() if rows}

    def erase(reader: Reader) -> None:
        if isinstance(reader, User):
            for relation in relations:
                relation.erase(reader)

    def keeps(user: User) -> bool:
        return any(
            relation.rows(user).exists() for relation in relations if relation.fate is Fate.STAYS
        )

    return Handler(
        name=name,
        holds=frozenset(relation.column for relation in relations),
        export=export,
        erase=erase,
        keeps=keeps,
    )
