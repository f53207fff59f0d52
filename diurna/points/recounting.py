"""Do the stored figures say what the log says? One statement each, so that votes may go on.

The recount is SQL over the entries' own bytes and shares nothing with `tallies`, whose work it
checks. For `diurna doctor`; outsiders have `diurna verify`.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

FIGURES: Final = ("guest_up", "guest_down", "member_up", "member_down")
# Who has to look at one has to look at all; `diurna ledger recount` puts them right.
_MOST_TOLD: Final = 20


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A target whose stored figures are not what they should be; net points of both."""

    on: str
    stored: int
    counted: int


def differences_to_log() -> list[Difference]:
    """Targets whose logged figures are not what the entries of the log add up to."""
    return _ask(_TO_LOG)


def differences_to_votes() -> list[Difference]:
    """Targets whose shown or logged figures are not the sums over their votes."""
    return _ask(_sums_differ("shown")) or _ask(_sums_differ("logged"))


def _ask(statement: str) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**_dialect(), most=_MOST_TOLD))
        return [_difference(row) for row in cursor.fetchall()]


def _difference(row: Any) -> Difference:
    on, *figures = row
    stored, counted = figures[:4], figures[4:]
    return Difference(on=on, stored=_net(stored), counted=_net(counted))


def _net(figures: list[int]) -> int:
    return figures[0] - figures[1] + figures[2] - figures[3]


def _dialect() -> dict[str, str]:
    """How this database reads a field of an entry, and writes the name of a target."""
    if connection.vendor == "postgresql":
        text = "convert_from(data, 'UTF8')::jsonb"
        return {
            "on": f"{text} ->> 'on'",
            "voter": f"{text} ->> 'voter'",
            "n": f"({text} ->> 'n')::bigint",
            "value": f"({text} ->> 'value')::int",
            "counted": f"({text} ->> 'counted')::boolean",
            "class": f"{text} ->> 'class'",
            "entry": f"({text} ->> 'entry')::bigint",
            "name": "t.kind || ':' || t.uuid::text",
        }
    text = "CAST(data AS TEXT)"
    uuid = "t.uuid"
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    dashed = " || '-' || ".join(f"substr({uuid}, {begin}, {size})" for begin, size in parts)
    fields = ("on", "voter", "n", "value", "counted", "class", "entry")
    return {
        **{name: f"json_extract({text}, '$.{name}')" for name in fields},
        "name": f"t.kind || ':' || {dashed}",
    }


def _columns(alias: str, prefix: str = "") -> str:
    return ", ".join(f"{alias}.{prefix}{name}" for name in FIGURES)


def _sums(who: str, value: str) -> str:
    """The four figures as sums over rows that have a class and a value."""
    return ", ".join(
        f"sum(CASE WHEN {who} = '{name.partition('_')[0]}' AND {value} = "
        f"{1 if name.endswith('_up') else -1} THEN 1 ELSE 0 END) AS {name}"
        for name in FIGURES
    )


def _differ(prefix: str) -> str:
    return " OR ".join(f"t.{prefix}{name} <> coalesce(c.{name}, 0)" for name in FIGURES)


def _zeros(alias: str) -> str:
    return ", ".join(f"coalesce({alias}.{name}, 0)" for name in FIGURES)


_TO_LOG: Final = f"""
WITH said AS (
    SELECT e."index" AS place, {{on}} AS target, {{voter}} AS voter, {{n}} AS n, {{value}} AS value,
        {{counted}} AS counted, {{class}} AS class
    FROM ledger_entry e JOIN ledger_log l ON l.id = e.log_id WHERE l.active AND e.type = 'vote'
), latest AS (
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY target, voter ORDER BY n DESC) AS rank FROM said
    ) AS ranked WHERE rank = 1
), decided AS (
    SELECT * FROM (
        SELECT {{entry}} AS entry, e.type = 'unvoid' AS counted,
            row_number() OVER (PARTITION BY {{entry}} ORDER BY e."index" DESC) AS rank
        FROM ledger_entry e JOIN ledger_log l ON l.id = e.log_id
        WHERE l.active AND e.type IN ('void', 'unvoid')
    ) AS ranked WHERE rank = 1
), held AS (
    SELECT v.target, v.class,
        CASE WHEN coalesce(d.counted, v.counted) THEN v.value ELSE 0 END AS value
    FROM latest v LEFT JOIN decided d ON d.entry = v.place
), counted AS (
    SELECT target, {_sums("class", "value")} FROM held GROUP BY target
), named AS (
    SELECT {{name}} AS target, {_columns("t", "logged_")} FROM points_tally t
)
SELECT t.target, {_columns("t", "logged_")}, {_zeros("c")}
FROM named t LEFT JOIN counted c ON c.target = t.target WHERE {_differ("logged_")}
UNION ALL
SELECT c.target, 0, 0, 0, 0, {_columns("c")} FROM counted c
WHERE NOT EXISTS (SELECT 1 FROM named t WHERE t.target = c.target)
LIMIT {{most}}
"""  # noqa: S608  (names from this file)


def _sums_differ(which: str) -> str:
    prefix = "logged_" if which == "logged" else ""
    return f"""
SELECT {{name}}, {_columns("t", prefix)}, {_zeros("c")} FROM points_tally t LEFT JOIN (
    SELECT tally_id, {_sums(f"{which}_class", f"{which}_value")} FROM points_vote GROUP BY tally_id
) AS c ON c.tally_id = t.id WHERE {_differ(prefix)} LIMIT {{most}}
"""  # noqa: S608  (names from this file)
