"""`diurna doctor` says when a planned front has not appeared."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from diurna.accounts.roles import Role
from diurna.newsroom.front_composing import plan_front
from diurna.newsroom.models import PlannedFront
from diurna.operations.fronts import examine_fronts, publish_planned
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db


def test_a_planned_front_that_is_late_is_told_with_its_reason() -> None:
    make_front()
    at = timezone.now() + timedelta(minutes=2)
    planned = plan_front(blocks=[], actor=make_person(Role.EDITOR), at=at)
    (finding,) = examine_fronts()
    assert finding.well
    with time_machine.travel(at + timedelta(minutes=4), tick=False):
        (finding,) = examine_fronts()
        assert not finding.well
        assert "no clock has tried" in finding.sentence
        PlannedFront.objects.filter(pk=planned.pk).update(composition=5)
        publish_planned()
        (finding,) = examine_fronts()
        assert not finding.well
        assert "TypeError" in finding.sentence
        PlannedFront.objects.filter(pk=planned.pk).update(composition=[], failed_at=None)
        publish_planned()
        (finding,) = examine_fronts()
        assert finding.well
