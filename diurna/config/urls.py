from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from diurna.accounts.profile import ProfileView
from diurna.accounts.views import nothing_here, to_sign_in
from diurna.operations.views import healthz, metrics_page, readyz
from diurna.points.views import put_article_vote, put_comment_vote
from diurna.web.answers import answers
from diurna.web.fragment import fragment
from diurna.web.read_later import reading

urlpatterns = [
    # First, since it is asked for a thousand times a second. Only for this site's own pages: no
    # other site's script may send a vote, so nothing here says that it may.
    path("api/v1/articles/<uuid:article_id>/vote", put_article_vote, name="article-vote"),
    path("api/v1/comments/<uuid:comment_id>/vote", put_comment_vote, name="comment-vote"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics_page),
    # Before Wagtail's own: one name instead of two, and sign-in is allauth's.
    path("newsroom/account/", require_admin_access(ProfileView.as_view())),
    path("newsroom/login/", to_sign_in),
    # Decided: no page stands behind a gate yet.
    path("newsroom/pages/<int:page_id>/privacy/", nothing_here),
    path("newsroom/", include(wagtailadmin_urls)),
    # Composed of several apps, as every page of `web` is.
    path("account/fragment/", fragment, name="account_fragment"),
    path("account/answers/", answers, name="account_answers"),
    path("account/reading/", reading, name="account_reading"),
    path("account/votes/", include("diurna.points.my_votes_urls")),
    path("account/comments/", include("diurna.web.comment_own_urls")),
    path("account/reports/", include("diurna.web.reports_urls")),
    path("account/decisions/", include("diurna.web.decisions_urls")),
    path("account/", include("diurna.comments.notification_urls")),
    path("account/", include("diurna.accounts.urls")),
    path("ledger/", include("diurna.ledger.urls")),
    path("", include("diurna.web.urls")),
    path("", include(wagtail_urls)),
]

handler404 = "diurna.web.errors.not_found"
handler429 = "diurna.accounts.throttle.too_many"  # allauth asks for it here
handler500 = "diurna.web.errors.server_error"
