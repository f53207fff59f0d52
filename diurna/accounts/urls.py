"""Addresses under `/account/`: Diurna's own, then allauth's."""

from django.urls import include, path

from diurna.accounts import views

urlpatterns = [
    path("", views.overview, name="account_home"),
    path("second-factor/", views.second_factor, name="account_second_factor"),
    path("welcome/<str:account>/<str:token>/", views.welcome, name="account_welcome"),
    path("", include("allauth.urls")),
]
