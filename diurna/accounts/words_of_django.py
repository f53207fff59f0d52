"""Sentences of Django's forms that some of its own catalogs have not, Arabic among them.

Named here they stand in ours, which are asked first. Nothing calls them.
"""

from typing import Final

from django.utils.translation import gettext_noop, ngettext_lazy

# django.contrib.auth.password_validation
TOO_SHORT: Final = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)
# django.core.validators
NO_ADDRESS: Final = gettext_noop("Enter a valid %(protocol)s address.")
NO_DOMAIN: Final = gettext_noop("Enter a valid domain name.")
