from diurna.moderation.models.akismet import AkismetAsked, AkismetCheck, AkismetVerdict
from diurna.moderation.models.appeal import Appeal
from diurna.moderation.models.choices import (
    AppealOutcome,
    MeasureKind,
    MeasureOn,
    NoticeOutcome,
    ReportOutcome,
    WordList,
)
from diurna.moderation.models.claim import Claim
from diurna.moderation.models.measure import Measure, Statement
from diurna.moderation.models.report import Notice, Report
from diurna.moderation.models.rule import HouseRule
from diurna.moderation.models.settings import ModerationSettings
from diurna.moderation.models.spam import SpamLesson, SpamToken
from diurna.moderation.models.word import Word

__all__ = [
    "AkismetAsked",
    "AkismetCheck",
    "AkismetVerdict",
    "Appeal",
    "AppealOutcome",
    "Claim",
    "HouseRule",
    "Measure",
    "MeasureKind",
    "MeasureOn",
    "ModerationSettings",
    "Notice",
    "NoticeOutcome",
    "Report",
    "ReportOutcome",
    "SpamLesson",
    "SpamToken",
    "Statement",
    "Word",
    "WordList",
]
