"""Nearly all votes from one address: a proxy in front that nobody named, and that says nothing.

Behind such a proxy all readers share its address, and the rules about networks would count ten of
them an hour. So they rest.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from diurna.accounts.network_keys import began_at
from diurna.accounts.network_models import RestReason
from diurna.accounts.network_rests import let_rules_rest

WINDOW: Final = timedelta(hours=1)
# Fewer may well be one office where an article is talked about.
LEAST_VOTES: Final = 50
MORE_THAN_PERCENT: Final = 90
# The latest votes tell as much as all of a busy hour, and reading them takes milliseconds.
_MOST_VOTES: Final = 5_000

# The latest by their number: only networks and targets have an index by time.
_COUNT: Final = """
    SELECT SUM(votes), MAX(CASE WHEN address IS NULL THEN 0 ELSE votes END) FROM (
        SELECT address, COUNT(*) AS votes FROM (
            SELECT address, at FROM points_cast ORDER BY id DESC LIMIT %s
        ) AS latest
        WHERE at >= %s AND at <= %s
        GROUP BY address
    ) AS counted
"""


def look_for_one_address(now: datetime) -> bool:
    """Let the rules about networks rest if one address has nearly all votes of the last hour.

    Whether it has: more than 90 % of at least 50 (of the last 5,000, where there are more).
    """
    # Under another key the same address has another name.
    since = max(now - WINDOW, began_at(now))
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [_MOST_VOTES, *(connection.ops.adapt_datetimefield_value(at) for at in (since, now))],
        )
        total, most = (int(count or 0) for count in cursor.fetchone() or (0, 0))
    if total < LEAST_VOTES or 100 * most <= MORE_THAN_PERCENT * total:
        return False
    let_rules_rest(RestReason.ONE_ADDRESS, now)
    return True
