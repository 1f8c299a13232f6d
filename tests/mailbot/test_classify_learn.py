"""Features reckoned by how much they tell."""

import numpy as np
import pytest
from scipy import sparse

from mailbot.classify.training import learn

ASKED = np.array([True, True, True, False, False, False])
# asked alone, both alike, not asked alone
STANDS = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1], [0, 1, 1]], dtype=float)


def test_what_stands_on_one_side_alone_is_made_longer_than_what_stands_on_both() -> None:
    one, both, other = learn._lengths(sparse.csr_matrix(STANDS), ASKED)
    assert one == pytest.approx(other)
    assert one > 1.0 > both


def test_letters_stay_as_long_as_they_were_on_average() -> None:
    lengths = learn._lengths(sparse.csr_matrix(STANDS), ASKED)
    assert ((STANDS * lengths) ** 2).sum() == pytest.approx((STANDS**2).sum())


def test_weights_fit_letters_of_the_old_lengths() -> None:
    weights, bias = learn._telling(sparse.csr_matrix(STANDS), ASKED, 60.0)
    assert ((STANDS @ weights + bias > 0) == ASKED).all()


def test_nothing_to_tell_apart_is_no_error() -> None:
    alike = sparse.csr_matrix(np.ones((6, 2)))
    for y in (ASKED, np.ones(6, dtype=bool), np.zeros(6, dtype=bool)):
        weights, bias = learn._telling(alike, y, 60.0)
        assert np.isfinite(weights).all()
        assert np.isfinite(bias)
