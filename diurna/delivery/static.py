"""Static files under hashed names, module imports included."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Django's manifest storage, which also rewrites the imports between ES modules.

    An import map would do the same in the browser, but it has to be inline, and nothing on a
    reader's page is.
    """

    support_js_module_import_aggregation = True
