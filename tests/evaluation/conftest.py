import pytest

from jinfuyun.evaluation.queries import schemes
from tests.evaluation import stage


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    """The scheme of the tests stands beside those of the release."""
    monkeypatch.setitem(schemes.SCHEMES, "by_hand", stage.SCHEME)
