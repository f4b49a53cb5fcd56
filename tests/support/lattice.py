"""Lattice reduction in whole numbers: the algorithm of Lenstra, Lenstra and Lovász, without rounding."""

from __future__ import annotations

Vector = list[int]


def reduced(basis: list[Vector]) -> list[Vector]:
    """Give an LLL-reduced basis of the lattice of linearly independent vectors, with delta 3/4.

    Gram-Schmidt coefficients are kept as whole numbers: `dets` are the Gram determinants of the first vectors, and
    `scaled[i][j]` is the coefficient of vector i along j, times dets[j + 1].
    """
    rows = [list(vector) for vector in basis]
    size = len(rows)
    dets = [1] + [0] * size
    scaled = [[0] * size for _ in rows]
    for index in range(size):
        _orthogonalise(rows, dets, scaled, index)
    index = 1
    while index < size:
        _shorten(rows, dets, scaled, index, index - 1)
        below = scaled[index][index - 1]
        if 4 * (dets[index + 1] * dets[index - 1] + below * below) < 3 * dets[index] * dets[index]:
            _swap(rows, dets, scaled, index)
            index = max(1, index - 1)
        else:
            for other in range(index - 2, -1, -1):
                _shorten(rows, dets, scaled, index, other)
            index += 1
    return rows


def _orthogonalise(rows: list[Vector], dets: list[int], scaled: list[Vector], index: int) -> None:
    for other in range(index + 1):
        value = sum(one * two for one, two in zip(rows[index], rows[other], strict=True))
        for step in range(other):
            value = (dets[step + 1] * value - scaled[index][step] * scaled[other][step]) // dets[step]
        if other < index:
            scaled[index][other] = value
        else:
            assert value, "the vectors are linearly dependent"
            dets[index + 1] = value


def _shorten(rows: list[Vector], dets: list[int], scaled: list[Vector], index: int, other: int) -> None:
    """Subtract another vector as often as makes a vector shortest."""
    times = (2 * scaled[index][other] + dets[other + 1]) // (2 * dets[other + 1])
    if times:
        rows[index] = [one - times * two for one, two in zip(rows[index], rows[other], strict=True)]
        scaled[index][other] -= times * dets[other + 1]
        for step in range(other):
            scaled[index][step] -= times * scaled[other][step]


def _swap(rows: list[Vector], dets: list[int], scaled: list[Vector], index: int) -> None:
    """Exchange a vector with the one before it."""
    rows[index - 1], rows[index] = rows[index], rows[index - 1]
    for step in range(index - 1):
        scaled[index - 1][step], scaled[index][step] = scaled[index][step], scaled[index - 1][step]
    below = scaled[index][index - 1]
    det = (dets[index - 1] * dets[index + 1] + below * below) // dets[index]
    for later in range(index + 1, len(rows)):
        value = scaled[later][index]
        scaled[later][index] = (dets[index + 1] * scaled[later][index - 1] - below * value) // dets[index]
        scaled[later][index - 1] = (det * value + below * scaled[later][index]) // dets[index + 1]
    dets[index] = det
