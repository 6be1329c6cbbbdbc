"""In a new sandbox the market has something for most who signed: what nobody told of them is known to be nothing."""

from collections import Counter

import pytest

from jinfuyun.consents.models import Consent
from jinfuyun.data import door
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.conditions import Verdict
from jinfuyun.matching import actions, queries
from jinfuyun.matching.rules import match
from jinfuyun.sandbox import seed
from tests.data.conftest import opened, plane, serving_schema  # noqa: F401  fixtures
from tests.sandbox.test_seed import AT, state  # noqa: F401  a fixture


@pytest.mark.deep
@pytest.mark.timeout(600)
def test_most_enterprises_find_products_that_fit(committed_db, opened, state):  # noqa: F811  the fixtures
    def send_lists():
        for feed in door.consented_feeds():
            door.send_authorised(feed, at=AT)

    def deliver(feed, file, covers_until):
        door.deliver(feed, file, covers_until=covers_until, at=AT)

    seed.fill(state=state, send_lists=send_lists, deliver=deliver, at=AT)
    door.nightly(at=AT)
    catalogue = queries.catalogue(AT.date())
    fits, lacking = {}, Counter()
    for consent in Consent.objects.all():
        owner = enterprises.owner_of(consent.enterprise_id)
        values = actions.look(uscc=consent.enterprise_id, by=owner, at=AT)
        found = match(catalogue, values)
        fits[consent.enterprise_id] = sum(one.verdict is Verdict.MET for one in found)
        for one in found:
            for each in one.against:
                if each.verdict is Verdict.UNKNOWN:
                    lacking[each.condition.subject] += 1
    assert sum(count >= 5 for count in fits.values()) > len(fits) / 2, (fits, lacking)
