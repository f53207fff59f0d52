"""Votes, what they add up to, and what was decided about them."""

from diurna.points.models.burst import Burst, Ruling
from diurna.points.models.choices import Mark, Reason, TargetKind, VoterClass, Voters
from diurna.points.models.settings import PointsSettings
from diurna.points.models.standing import Edition, HourSum, StaleStanding, Standing
from diurna.points.models.tally import Tally
from diurna.points.models.vote import Cast, Vote

__all__ = [
    "Burst",
    "Cast",
    "Edition",
    "HourSum",
    "Mark",
    "PointsSettings",
    "Reason",
    "Ruling",
    "StaleStanding",
    "Standing",
    "Tally",
    "TargetKind",
    "Vote",
    "VoterClass",
    "Voters",
]
