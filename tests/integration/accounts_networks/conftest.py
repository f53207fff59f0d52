"""Each test begins without what an earlier one's process remembers of networks."""

from collections.abc import Iterator

import pytest

from diurna.accounts import network_keys, network_rests


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither keys nor rests, before and after."""
    monkeypatch.setattr(network_keys, "_kept", None)
    network_rests.forget_what_was_seen()
    yield
    network_rests.forget_what_was_seen()
