"""Weights by pairwise comparison: Saaty's published matrix, cases by hand, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from layers.errors import UsageError
from zsgis.analysis.suitability.ahp import matrix_of, random_indices, weigh

TABLE = random_indices()


@pytest.mark.real_data
def test_saatys_drinks_get_the_weights_he_printed(shared_data: Path) -> None:
    document = json.loads((shared_data / "ahp" / "saaty.json").read_text(encoding="utf-8"))
    for published in document["matrices"]:
        found = weigh(np.array(published["matrix"]), TABLE)
        printed = [published["weights"][name] for name in published["names"]]
        assert found.weights.tolist() == pytest.approx(printed, abs=published["tolerance"])
        assert found.largest_eigenvalue == pytest.approx(published["lambda_max_computed"])
        # the article divides by Saaty's own index of seven, which is not that of Chinese textbooks
        ratio = found.consistency_index / published["implied_RI"]
        assert ratio == pytest.approx(published["consistency_ratio"], abs=5e-4)


def test_comparisons_that_agree_give_their_own_weights_and_no_contradiction() -> None:
    # weights 4 : 2 : 1 compare as 2, 4 and 2; their principal eigenvalue is 3
    found = weigh(matrix_of("2 4; 2"), TABLE)
    assert found.weights.tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert found.largest_eigenvalue == pytest.approx(3.0)
    assert found.consistency_ratio == pytest.approx(0.0, abs=1e-12)
    assert found.consistent


def test_comparisons_in_a_circle_contradict_each_other() -> None:
    # a over b, b over c and c over a, each twice: by symmetry equal weights; a row adds up to 1 + 2 + 1/2
    found = weigh(np.array([[1, 2, 0.5], [0.5, 1, 2], [2, 0.5, 1]]), TABLE)
    assert found.weights.tolist() == pytest.approx([1 / 3] * 3)
    assert found.largest_eigenvalue == pytest.approx(3.5)
    # CI = 0.5 / 2 = 0.25, RI of three is 0.58
    assert found.consistency_ratio == pytest.approx(0.25 / 0.58)
    assert not found.consistent


@pytest.mark.parametrize("matrix", [np.ones((1, 1)), np.array([[1, 5], [0.2, 1]])])
def test_one_or_two_criteria_cannot_contradict_each_other(matrix: np.ndarray) -> None:
    assert weigh(matrix, TABLE).consistency_ratio == 0.0


def test_the_order_of_criteria_only_reorders_the_weights() -> None:
    matrix = matrix_of("3 5 1/2; 2 1/3; 1/4")
    order = [2, 0, 3, 1]
    turned = weigh(matrix[np.ix_(order, order)], TABLE)
    assert turned.weights.tolist() == pytest.approx(weigh(matrix, TABLE).weights[order].tolist())


def test_the_table_holds_what_textbooks_agree_on_and_states_it() -> None:
    assert TABLE.random_index[:10] == (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
    assert TABLE.agreed_up_to == 10
    assert "模拟" in TABLE.source


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        (np.array([[1, 10], [0.1, 1]]), "1/9"),
        (np.array([[1, 2], [2, 1]]), "倒数"),
        (np.array([[1, np.nan], [1, 1]]), "1/9"),
        (np.ones((2, 3)), "行列数"),
        (np.ones((16, 16)), "16"),
    ],
)
def test_a_matrix_that_cannot_be_is_refused_with_its_pair(matrix: np.ndarray, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        weigh(matrix, TABLE)


@pytest.mark.parametrize("text", ["3 5", "3; 5", "", "a 5; 2", "3 0; 2", "-3 5; 2", "1/0 2; 3"])
def test_text_that_is_no_triangle_of_comparisons_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        matrix_of(text)


def test_chinese_commas_and_semicolons_are_read() -> None:
    assert matrix_of("2，4；2").tolist() == matrix_of("2 4; 2").tolist()
