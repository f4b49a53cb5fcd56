"""Numbers are drawn within bounds and keep every relation; what has no solution is said to have none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattice import reduced
from wireshape.disguise import linear, solver
from wireshape.disguise.draws import Draws
from wireshape.disguise.linear import Contradiction, Expression, Linear, Term
from wireshape.disguise.solver import Unknown


def _unknown(low: int = 1, high: int = 10**6, step: int = 1, level: int = 0) -> Unknown:
    return Unknown(least=step, most=10**12 * step, step=step, low=low * step, high=high * step, rows=1, level=level)


def _sum(*times: int, least: int | None = 0, most: int | None = 0) -> Linear:
    terms = tuple(Term(each, index) for index, each in enumerate(times) if each)
    return Linear(terms=terms, least=least, most=most)


def _solved(unknowns: list[Unknown], *relations: Linear, seed: bytes = b"seed", **known: int) -> list[int]:
    draws = Draws(seed)
    fixed = {int(name.removeprefix("x")): value for name, value in known.items()}
    values = solver.solve(unknowns, relations, fixed, lambda index, least, most: draws.between(least, most, index))
    for relation in relations:
        total = sum(times * values[unknown] for times, unknown in relation.terms)
        assert relation.least is None or total >= relation.least
        assert relation.most is None or total <= relation.most
    for value, unknown in zip(values, unknowns, strict=True):
        assert unknown.least <= value <= unknown.most
        assert value % unknown.step == 0
    return values


@given(st.binary(min_size=1, max_size=8))
def test_a_sum_is_that_of_its_parts(seed: bytes) -> None:
    _solved([_unknown(level=1), _unknown(), _unknown()], _sum(1, -1, -1), seed=seed)


@given(st.binary(min_size=1, max_size=8))
def test_what_is_written_coarsely_is_drawn_first(seed: bytes) -> None:
    total, *_ = _solved([_unknown(step=1000), _unknown(), _unknown()], _sum(1, -1, -1), seed=seed)
    assert total % 1000 == 0


@given(st.binary(min_size=1, max_size=8))
def test_relations_in_a_circle_have_a_solution(seed: bytes) -> None:
    unknowns = [_unknown(level=1), _unknown(level=1), _unknown(), _unknown(), _unknown()]
    _solved(
        unknowns, _sum(1, 0, -1, -1, 0), _sum(0, 1, -1, -1, 0), _sum(1, -1), _sum(0, 0, 1, 0, -1, most=None), seed=seed
    )


def test_a_known_number_stays() -> None:
    assert _solved([_unknown(level=1), _unknown(), _unknown()], _sum(1, -1, -1), x0=100)[0] == 100


def test_a_negative_number_is_drawn_like_a_positive_one() -> None:
    negative = Unknown(least=-(10**12), most=-1, step=1, low=-500, high=-100, rows=1, level=0)
    value, other = _solved([negative, _unknown()], _sum(1, 1, least=1, most=None))
    assert -500 <= value <= -100
    assert other > -value


@pytest.mark.parametrize(
    "relations",
    [
        [_sum(1, -1, least=5, most=5), _sum(1, -1, least=6, most=6)],
        [_sum(1, -1, least=1, most=None), _sum(1, -1, least=None, most=-1)],
        [_sum(2, 2, least=3, most=3)],
        [_sum(2, 3, least=0, most=0)],
        [_sum(1, 1, least=0, most=0)],
    ],
)
def test_what_contradicts_itself_has_no_solution(relations: list[Linear]) -> None:
    with pytest.raises(Contradiction):
        _solved([_unknown(), _unknown()], *relations)


def test_what_is_known_may_leave_nothing() -> None:
    with pytest.raises(Contradiction):
        _solved([_unknown(level=1), _unknown(), _unknown()], _sum(1, -1, -1), x0=10, x1=20)


def test_an_expression_is_substituted_wherever_it_counts() -> None:
    found = linear.eliminated([_sum(1, -1), _sum(0, 1, -1, -1)], {3: 5}, lambda index: (index,))
    assert found[0] == found[1] == Expression(terms={2: 1}, constant=5)
    assert found[0].value({2: 7}) == 12


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.binary(min_size=1, max_size=8))
def test_a_draw_is_within_its_bounds(least: int, more: int, seed: bytes) -> None:
    assert least <= Draws(seed).between(least, least + more, "amount") <= least + more


def test_every_magnitude_is_as_likely_as_any_other() -> None:
    drawn = [len(str(Draws(b"seed").between(1, 10**6 - 1, number))) for number in range(3000)]
    assert all(350 < drawn.count(digits) < 650 for digits in range(1, 7))


def _determinant(rows: list[list[int]]) -> int:
    if len(rows) == 1:
        return rows[0][0]
    minors = ([row[:column] + row[column + 1 :] for row in rows[1:]] for column in range(len(rows)))
    return sum((-1) ** column * rows[0][column] * _determinant(minor) for column, minor in enumerate(minors))


@given(st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=4, max_size=4), min_size=4, max_size=4))
def test_the_attack_reduces_a_lattice(basis: list[list[int]]) -> None:
    before = abs(_determinant(basis))
    if before:
        made = reduced(basis)
        assert abs(_determinant(made)) == before
        # The bound that reduction promises for the first vector of a basis of four.
        assert sum(each * each for each in made[0]) ** 2 <= 8 * before
