"""Addresses below `/account/votes/`."""

from django.urls import path

from diurna.points import my_votes

urlpatterns = [
    path("", my_votes.votes, name="account_votes"),
    path("<int:number>/take-back/", my_votes.take_back, name="account_vote_take_back"),
    path("<int:number>/receipt/", my_votes.receipt, name="account_vote_receipt"),
]
