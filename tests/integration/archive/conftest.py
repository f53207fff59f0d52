"""A cited site on loopback, and a home without kept copies."""

import shutil
from collections.abc import Iterator

import pytest

from diurna.newsroom.archive import files
from tests.factories.cited_site import CitedSite, cited_site


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CitedSite]:
    with cited_site(monkeypatch) as found:
        yield found


@pytest.fixture(autouse=True)
def no_copies() -> Iterator[None]:
    yield
    shutil.rmtree(files.folder(), ignore_errors=True)
