"""In a published table no small cell can be found out, neither by itself nor from the sums, nor by who knows a city."""

import random

import numpy as np
import pytest

from jinfuyun.supervision.rules import hidden, is_small, with_sums


def given_away(table, gone):
    """Hidden cells that the sums determine, by linear algebra: every line's cells less its sum make zero."""
    cells, rows, columns = sorted(gone), len(table), len(table[0])
    equations = np.zeros((rows + columns, len(cells)))
    for at, (r, c) in enumerate(cells):
        equations[r, at] = -1 if c == columns - 1 else 1
        equations[rows + c, at] = -1 if r == rows - 1 else 1
    rank = np.linalg.matrix_rank(equations)
    return [cell for at, cell in enumerate(cells)
            if np.linalg.matrix_rank(np.vstack([equations, np.eye(len(cells))[at]])) == rank]  # fmt: skip


def test_a_lone_small_cell_takes_others_with_it():
    table = with_sums([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    gone = hidden(table)
    assert (0, 0) in gone and len(gone) == 6, "in its row two others, for who knows one of them"
    assert given_away(table, {(0, 0)}) == [(0, 0)], "the oracle sees what hiding it alone would give away"
    assert given_away(table, gone) == []


def test_who_knows_a_city_does_not_find_its_neighbour():
    """Two cells of a row alone would do for everybody else: their sum less the own one is the other."""
    table = with_sums([[3, 20, 30], [3, 20, 30]])
    gone = hidden(table)
    assert given_away(table, gone & {(r, c) for r in range(3) for c in (0, 1, 3)}) == []
    assert {(0, 2), (1, 2)} <= gone


def test_who_knows_a_city_does_not_find_a_small_sum_of_the_others():
    """3, 1 and 2 together are no small number; to who knows the 3, the others would be three enterprises."""
    assert (0, 3) in hidden(with_sums([[3, 1, 2, 40, 50], [60, 70, 80, 90, 99]]))


def test_two_small_cells_whose_sum_is_small_are_not_left_alone():
    table = with_sums([[1, 1, 30], [40, 50, 60], [70, 80, 90]])
    assert (0, 2) in hidden(table)


def test_nothing_is_hidden_where_nothing_is_small():
    assert hidden(with_sums([[5, 0], [9, 12]])) == set()


@pytest.mark.parametrize("seed", range(60))
def test_no_table_gives_a_small_cell_away(seed):
    lot = random.Random(seed)
    shape = lot.randint(2, 7), lot.randint(2, 10)
    odds = lot.choice(((0, 3, 9, 40), (0, 0, 0, 2, 50), (6, 7, 8, 90, 4), (1, 100)))
    table = with_sums([[lot.choice(odds) for _ in range(shape[1])] for _ in range(shape[0])])
    gone = hidden(table)
    assert all((r, c) in gone for r, row in enumerate(table) for c, count in enumerate(row) if is_small(count))
    lost = given_away(table, gone)
    for known in range(shape[1]):
        rest = {cell for cell in gone if cell[1] != known}
        lost += [(r, c) for r, c in given_away(table, rest) if c < shape[1] and is_small(table[r][c])]
    for r, c in lost:
        line_is_bare = all((r, other) in gone or not count for other, count in enumerate(table[r])) or all(
            (other, c) in gone or not row[c] for other, row in enumerate(table)
        )
        assert line_is_bare, "only where nothing is left to hide it behind"
