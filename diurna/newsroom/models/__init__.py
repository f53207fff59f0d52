"""The models of the newsroom, one file an aspect."""

from diurna.newsroom.models.archived_copy import ArchivedCopy, LinkCheck
from diurna.newsroom.models.article import Article, RelatedArticle
from diurna.newsroom.models.article_queries import ArticleQuerySet
from diurna.newsroom.models.citation import Bearing, Citation, CitationQuerySet, Claim
from diurna.newsroom.models.contributor import Byline, BylineRole, Contributor
from diurna.newsroom.models.correction import (
    Correction,
    CorrectionKind,
    CorrectionQuerySet,
    FoundBy,
    Severity,
)
from diurna.newsroom.models.error_report import ErrorOutcome, ErrorReport
from diurna.newsroom.models.file_digest import FileDigest
from diurna.newsroom.models.front import Front, InformationPage, PlannedFront
from diurna.newsroom.models.outlet import Outlet
from diurna.newsroom.models.photograph import Photograph, PhotographRendition
from diurna.newsroom.models.prepublish import Level, Overruling, PrepublishSettings, SeenFindings
from diurna.newsroom.models.public_page import PublicPage
from diurna.newsroom.models.read_later import ReadLater
from diurna.newsroom.models.related_story import RelatedDue, RelatedStory, Why
from diurna.newsroom.models.removed import RemovedAddress
from diurna.newsroom.models.revision import PublicRevision, RevisionKind
from diurna.newsroom.models.search import SearchFilling, SearchSkipped, SearchSpelling
from diurna.newsroom.models.section import Section
from diurna.newsroom.models.section_lead import SectionLead
from diurna.newsroom.models.settings import NavigationItem, NewsroomSettings
from diurna.newsroom.models.source import Anonymity, Source, SourceKind, SourceState
from diurna.newsroom.models.standard import Standard, StandardKind, StandardVersion
from diurna.newsroom.models.topic import Series, Topic
from diurna.newsroom.models.work_type import CommentsMode, PointsMode, WorkType, WorkTypeRule

__all__ = [
    "Anonymity",
    "ArchivedCopy",
    "Article",
    "ArticleQuerySet",
    "Bearing",
    "Byline",
    "BylineRole",
    "Citation",
    "CitationQuerySet",
    "Claim",
    "CommentsMode",
    "Contributor",
    "Correction",
    "CorrectionKind",
    "CorrectionQuerySet",
    "ErrorOutcome",
    "ErrorReport",
    "FileDigest",
    "FoundBy",
    "Front",
    "InformationPage",
    "Level",
    "LinkCheck",
    "NavigationItem",
    "NewsroomSettings",
    "Outlet",
    "Overruling",
    "Photograph",
    "PhotographRendition",
    "PlannedFront",
    "PointsMode",
    "PrepublishSettings",
    "PublicPage",
    "PublicRevision",
    "ReadLater",
    "RelatedArticle",
    "RelatedDue",
    "RelatedStory",
    "RemovedAddress",
    "RevisionKind",
    "SearchFilling",
    "SearchSkipped",
    "SearchSpelling",
    "Section",
    "SectionLead",
    "SeenFindings",
    "Series",
    "Severity",
    "Source",
    "SourceKind",
    "SourceState",
    "Standard",
    "StandardKind",
    "StandardVersion",
    "Topic",
    "Why",
    "WorkType",
    "WorkTypeRule",
]
