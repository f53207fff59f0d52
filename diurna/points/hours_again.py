"""The sums of votes by hour: made again from the votes, and compared with them."""

from typing import Final

from django.db import connection, transaction

_EPOCH_HOUR: Final = {
    "sqlite": "CAST(strftime('%s', {hour}) AS INTEGER) / 3600",
    "postgresql": "(extract(epoch FROM {hour}) / 3600)::integer",
}
# A vote that was pressed again since it was shown has the hour of the press that is shown.
_SHOWN_HOUR: Final = (
    "COALESCE((SELECT c.hour FROM points_cast c WHERE c.vote_id = v.id AND c.n = v.shown_n),"
    " v.hour)"
)
_SUMS: Final = (
    "SELECT v.tally_id AS tally_id, {its_hour} AS hour,"
    " sum(CASE WHEN v.shown_value > 0 THEN 1 ELSE 0 END) AS up,"
    " sum(CASE WHEN v.shown_value < 0 THEN 1 ELSE 0 END) AS down"
    " FROM points_vote v JOIN points_tally t ON t.id = v.tally_id"
    " WHERE t.kind = 'article' AND v.shown_value <> 0 GROUP BY v.tally_id, {its_hour}"
)


def sum_again() -> None:
    """Replace all sums by what the votes add up to; in one transaction, in which nobody votes."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE points_vote, points_hoursum IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM points_hoursum")
        cursor.execute(f"INSERT INTO points_hoursum (tally_id, hour, up, down) {_sums()}")


def differing() -> int:
    """How many sums of an hour, up to twenty, are not what the votes add up to; one statement."""
    both = (
        "SELECT tally_id, hour, up, down FROM points_hoursum WHERE up <> 0 OR down <> 0"  # noqa: S608  (names and signs of our own)
        f" UNION ALL {_sums()}"
    )
    # Each that is right is there twice.
    odd = f"SELECT 1 FROM ({both}) AS b GROUP BY tally_id, hour, up, down HAVING count(*) = 1"  # noqa: S608  (names and signs of our own)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({odd} LIMIT 20) AS o")  # noqa: S608  (names and signs of our own)
        return int(cursor.fetchone()[0])


def _sums() -> str:
    return _SUMS.format(its_hour=_EPOCH_HOUR[connection.vendor].format(hour=_SHOWN_HOUR))
