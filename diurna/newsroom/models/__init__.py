"""The models of the newsroom, one file an aspect."""

from diurna.newsroom.models.article import Article, ArticleQuerySet, RelatedArticle
from diurna.newsroom.models.contributor import Byline, BylineRole, Contributor
from diurna.newsroom.models.file_digest import FileDigest
from diurna.newsroom.models.front import Front, InformationPage
from diurna.newsroom.models.photograph import Photograph, PhotographRendition
from diurna.newsroom.models.public_page import PublicPage
from diurna.newsroom.models.removed import RemovedAddress
from diurna.newsroom.models.revision import PublicRevision, RevisionKind
from diurna.newsroom.models.section import Section
from diurna.newsroom.models.settings import NavigationItem, NewsroomSettings
from diurna.newsroom.models.topic import Series, Topic
from diurna.newsroom.models.work_type import CommentsMode, PointsMode, WorkType, WorkTypeRule

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Byline",
    "BylineRole",
    "CommentsMode",
    "Contributor",
    "FileDigest",
    "Front",
    "InformationPage",
    "NavigationItem",
    "NewsroomSettings",
    "Photograph",
    "PhotographRendition",
    "PointsMode",
    "PublicPage",
    "PublicRevision",
    "RelatedArticle",
    "RemovedAddress",
    "RevisionKind",
    "Section",
    "Series",
    "Topic",
    "WorkType",
    "WorkTypeRule",
]
