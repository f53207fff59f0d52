"""Which by-lines hide who did the work."""

import pytest

from diurna.newsroom.generic_names import is_generic_name


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "webadmin",
        "Web-Admin",
        "editor",
        "editor2",
        "the editors"[4:],
        "admin@x.example",
    ],
)
def test_names_nobody(name: str) -> None:
    assert is_generic_name(name)


@pytest.mark.parametrize("name", ["Ada Lovelace", "Editora Silva", "", "管理", "Root Vegetable"])
def test_names_somebody(name: str) -> None:
    assert not is_generic_name(name)
