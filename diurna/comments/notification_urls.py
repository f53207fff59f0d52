"""Addresses below `/account/` about letters: `notifications/` and `unsubscribe/`."""

from django.urls import path

from diurna.comments import notification_pages

urlpatterns = [
    path("notifications/", notification_pages.of_member, name="account_notifications"),
    path(
        "notifications/guest/<str:token>/",
        notification_pages.of_guest,
        name="account_notifications_guest",
    ),
    path(
        "notifications/confirm/<str:token>/",
        notification_pages.confirm,
        name="account_notifications_confirm",
    ),
    path("unsubscribe/<str:token>/", notification_pages.unsubscribe, name="account_unsubscribe"),
]
