import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from jinfuyun.institutions.rules import why_not_propose
from jinfuyun.kit.lending import Tenor
from jinfuyun.products.rules import Ground, why_not_publish
from jinfuyun.sandbox import institutions, products

REGISTRY = Path(__file__).parents[3] / "shared/data/registry/fujian_20000.csv.gz"
GROUND = Ground(on=date(2026, 3, 2), lpr_bp={Tenor.ONE_YEAR: 300, Tenor.FIVE_YEARS: 350})


def everything():
    return [(draft, list(products.products(draft, n))) for n, draft in enumerate(institutions.drafts())]


def test_forty_institutions_that_may_be_proposed_with_codes_names_and_licences_of_their_own():
    drafts = institutions.drafts()
    assert len({draft.code for draft in drafts}) == len({draft.name for draft in drafts}) == 40
    assert len({draft.licence_number for draft in drafts}) == 40
    assert [why_not_propose(draft) for draft in drafts] == [{}] * 40


@pytest.mark.skipif(not REGISTRY.exists(), reason="skipped: no real data")
def test_no_institution_bears_a_real_name():
    with gzip.open(REGISTRY, "rt", encoding="utf-8") as lines:
        real = "\n".join(row["企业名称"] for row in csv.DictReader(lines))
    assert [draft.name for draft in institutions.drafts() if draft.name in real] == []


def test_about_three_hundred_products_that_may_be_published():
    offered = [terms for _, terms in everything()]
    count = sum(len(terms) for terms in offered)
    assert 280 <= count <= 320
    assert [why_not_publish(terms, GROUND) for house in offered for terms in house] == [[]] * count


def test_no_institution_offers_two_products_of_one_name():
    for draft, offered in everything():
        names = [terms.name for terms in offered]
        assert len(set(names)) == len(names), draft.name
