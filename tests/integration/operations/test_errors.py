"""What `diurna doctor` says of error reports."""

from datetime import timedelta

import pytest
import time_machine

from diurna.newsroom.error_reports import decline
from diurna.operations.errors import ANSWERED_WITHIN, examine_reports
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER
from tests.factories.errors import reported_error
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


def test_counts_what_waits_and_says_when_one_waits_too_long() -> None:
    article = make_article("Crane")
    late = A_WEEK_LATER + ANSWERED_WITHIN
    reports = [reported_error(article, f"{number}") for number in range(2)]
    with time_machine.travel(late - timedelta(seconds=1), tick=False):
        [finding] = examine_reports()
        assert (finding.code, finding.well) == ("D025", True)
        assert finding.sentence == "2 wait for an answer."
    with time_machine.travel(late, tick=False):
        [finding] = examine_reports()
        assert not finding.well
        assert "2 of them for more than 30 days" in finding.sentence
        for report in reports:
            decline(report=report, actor=make_person("publisher"), answer="It is right.")
        [finding] = examine_reports()
        assert (finding.well, finding.sentence) == (True, "0 wait for an answer.")
