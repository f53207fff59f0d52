"""The questions about the newsroom, and what of the Trust Project and JTI they leave open."""

from collections import Counter

import pytest
from django.urls import reverse

from diurna.newsroom.models import StandardKind
from diurna.newsroom.standards.catalogue import (
    INTRODUCTIONS,
    QUESTIONS,
    Standing,
    answered,
    points,
)
from diurna.newsroom.standards.indicators import INDICATORS, JTI, TRUST, Scheme

EVERY = [question for questions in QUESTIONS.values() for question in questions]


def test_every_page_has_questions_of_its_own_and_an_introduction() -> None:
    assert set(QUESTIONS) == set(INTRODUCTIONS) == set(StandardKind)
    for kind, questions in QUESTIONS.items():
        assert {one.kind for one in questions} == {kind}
        assert max(Counter(one.key for one in questions).values()) == 1


@pytest.mark.parametrize("question", EVERY, ids=lambda one: f"{one.kind}-{one.key}")
def test_a_question_says_why_it_is_asked_and_what_it_answers(question: object) -> None:
    assert question.items  # type: ignore[attr-defined]
    assert set(question.items) <= set(INDICATORS)  # type: ignore[attr-defined]
    for words in ("question", "heading", "why", "example"):
        assert str(getattr(question, words)).strip()


def test_all_eight_indicators_and_all_eighteen_clauses_are_there() -> None:
    assert {str(one.reference)[0] for one in TRUST} == set("12345678")
    assert [one.key for one in JTI] == [f"jti-{number}" for number in range(1, 19)]


def test_each_point_is_answered_by_a_question_or_by_diurna() -> None:
    asked = {key for question in EVERY for key in question.items}
    assert [
        one.key for one in INDICATORS.values() if one.key not in asked and not one.by_itself
    ] == []


@pytest.mark.parametrize("place", sorted({one.place for one in INDICATORS.values() if one.place}))
def test_what_diurna_does_by_itself_can_be_looked_at(place: str) -> None:
    assert reverse(place).startswith("/")


def test_nothing_is_answered_in_an_empty_newsroom_but_what_diurna_does() -> None:
    found = points({})
    standings = {point.standing for those in found.values() for point in those}
    assert standings == {Standing.OPEN, Standing.BY_ITSELF}
    assert [len(found[scheme]) for scheme in Scheme] == [len(TRUST), len(JTI)]


def test_a_point_is_partly_answered_until_all_its_questions_are() -> None:
    standing = {
        one.indicator.key: one.standing for one in points({"ethics": ["training"]})[Scheme.JTI]
    }
    assert standing["jti-17"] == Standing.ANSWERED
    assert standing["jti-16"] == Standing.PARTLY
    assert standing["jti-2"] == Standing.OPEN
    full = {kind: [one.key for one in questions] for kind, questions in QUESTIONS.items()}
    standings = {point.standing for those in points(full).values() for point in those}
    assert standings <= {Standing.ANSWERED, Standing.BY_ITSELF}


def test_answers_are_counted_in_the_order_of_the_page() -> None:
    assert answered("corrections", {"unchanged": "x", "told": "y", "marked": ""}) == [
        "told",
        "unchanged",
    ]
