"""Addresses below `/account/decisions/`."""

from django.urls import path

from diurna.web import decisions_page

urlpatterns = [
    path("", decisions_page.decisions, name="account_decisions"),
    path("<uuid:uuid>/appeal/", decisions_page.appeal_measure, name="account_decision_appeal"),
]
