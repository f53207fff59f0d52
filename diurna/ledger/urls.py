"""The log's addresses below `/ledger/`; its page for people is `web`'s."""

from django.urls import path, re_path

from diurna.ledger import views

urlpatterns = [
    path("checkpoint", views.checkpoint, name="ledger-checkpoint"),
    path("key", views.key, name="ledger-key"),
    re_path(
        r"^announcements/(?P<number>[1-9][0-9]{0,5})$",
        views.announcement,
        name="ledger-announcement",
    ),
    re_path(r"^tile/(?P<address>.{1,60})$", views.tile, name="ledger-tile"),
    re_path(r"^proof/(?P<leaf>[0-9a-f]{64})$", views.proof, name="ledger-proof"),
    # No other spelling is anything, and none is a page with a slash at its end.
    re_path(r"^(?:announcements|proof|tile)/", views.nothing_here),
]
