from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "diurna.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's users, with Diurna's forms: one name, and no passwords chosen for others."""

    user_viewset = "diurna.accounts.people.PeopleViewSet"
