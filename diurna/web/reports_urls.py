"""Addresses below `/account/reports/`."""

from django.urls import path

from diurna.web import reports_page

urlpatterns = [
    path("", reports_page.reports, name="account_reports"),
    path("<uuid:uuid>/", reports_page.take_report_back, name="account_report_take_back"),
]
