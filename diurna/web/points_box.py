"""“What do you think?”: what an article's page shows of its points, and where to vote."""

from dataclasses import dataclass
from urllib.parse import urlencode

from diurna.common.routes import address as address_named
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.figures import Figures, figures_of
from diurna.points.models import TargetKind
from diurna.web.frame import Frame
from diurna.web.participation import points_mode

ANCHOR = "#points"


@dataclass(frozen=True)
class PointsBox:
    """What `components/points.jinja` shows; `mode` is `up_down`, `up` or `off`."""

    figures: Figures
    mode: str
    vote_address: str
    vote_api_address: str
    points_address: str
    sign_in_address: str
    sign_up_address: str

    @property
    def takes_votes(self) -> bool:
        """Whether there is something to press."""
        return self.mode != PointsMode.OFF

    @property
    def takes_down(self) -> bool:
        """Whether a vote may be down."""
        return self.mode == PointsMode.UP_DOWN

    @property
    def has_votes(self) -> bool:
        """Whether there are points to speak of: counted votes, on a story that takes them."""
        return self.takes_votes and self.figures.votes > 0


def points_box(article: Article, frame: Frame) -> PointsBox | None:
    """The box of a published article; None where points are off and nothing was imported."""
    if not article.live:
        return None
    mode = points_mode(article, frame.sections.all)
    figures = figures_of(TargetKind.ARTICLE, article.uuid)
    if mode == PointsMode.OFF and figures.imported is None:
        return None
    address = article.address_path()
    return PointsBox(
        figures=figures,
        mode=mode,
        vote_address=f"{address}vote/",
        vote_api_address=address_named("article-vote", article.uuid),
        points_address=f"{address}points/",
        sign_in_address=sign_in_address(article),
        sign_up_address=_account_address("account_signup", article),
    )


def sign_in_address(article: Article) -> str:
    """Where to sign in, and come back from to the article's points."""
    return _account_address("account_login", article)


def _account_address(name: str, article: Article) -> str:
    return f"{address_named(name)}?{urlencode({'next': article.address_path() + ANCHOR})}"
