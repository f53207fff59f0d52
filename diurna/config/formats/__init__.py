"""How dates and numbers are written, where it differs from Django's own formats of a language.

Django's own hold for every language that has no folder here; so does each name that a folder does
not give. The names: https://docs.djangoproject.com/en/5.2/topics/i18n/formatting/
"""
