"""Many cards on several processes: the same results in the same order, none lost when one dies."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from issuer_faces import LONGEST, NAMES, face, look, photograph

from credential.qr_read import read_image
from credential.seal_picture import seal_png, seal_svg
from issuer import card_pool
from issuer.card_face import Side, draw
from issuer.card_pictures import draw_cards
from issuer.card_pool import in_parallel
from issuer.errors import IssuerError


def square(number: int) -> int:
    """Something to do."""
    return number * number


def where(_: int) -> int:
    """Which process does it."""
    return os.getpid()


def strict(number: int) -> int:
    """Refuses 13."""
    if number == 13:
        raise IssuerError("unusable_photo", "in another process")
    return number


def dies(parent: int, number: int) -> int:
    """Ends every process but the first one at 11."""
    if number == 11 and os.getpid() != parent:
        os._exit(9)
    return number


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 8, 9, 100])
def test_results_in_order(processes: int, count: int) -> None:
    """However many processes, and progress is told for each."""
    told: list[int] = []
    found = list(in_parallel(square, range(count), processes=processes, progress=told.append))
    assert found == [number * number for number in range(count)]
    assert told == list(range(1, count + 1))


def test_the_work_is_done_elsewhere() -> None:
    """Two processes, neither of them this one; a single one is this one."""
    assert os.getpid() not in set(in_parallel(where, range(40), processes=2))
    assert set(in_parallel(where, range(40), processes=1)) == {os.getpid()}
    assert set(in_parallel(where, range(2))) == {os.getpid()}


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_is_the_works_own(processes: int) -> None:
    """It arrives with its code, after the results before its batch."""
    results = in_parallel(strict, range(40), processes=processes)
    assert [next(results) for _ in range(8)] == list(range(8))
    with pytest.raises(IssuerError) as refused:
        list(results)
    assert refused.value.code == "unusable_photo"


def test_a_process_that_dies() -> None:
    """Killed from outside, or out of memory: the rest is done here, nothing twice and nothing left out."""
    assert list(in_parallel(partial(dies, os.getpid()), range(60), processes=2)) == list(range(60))


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that forbids it."""

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(card_pool, "ProcessPoolExecutor", forbidden)
    assert list(in_parallel(square, range(30), processes=2)) == [number * number for number in range(30)]


def test_cards_are_the_same_from_any_process(tmp_path: Path) -> None:
    """Seal, front and back, byte for byte; and the printed seal reads back."""
    faces = [face(NAMES), face(LONGEST, photo=photograph()), face(seal="MQ1:AB/C")]
    drawn = list(draw_cards(faces * 6, look=look(), processes=2))
    assert len(drawn) == 18
    for card, pictures in zip(faces * 6, drawn, strict=True):
        assert pictures.card_number == card.card_number
        assert (pictures.seal_svg, pictures.seal_png) == (seal_svg(card.seal), seal_png(card.seal))
        assert read_image(pictures.seal_png) == [card.seal]
    for card, pictures in zip(faces, drawn, strict=False):
        assert pictures.front == draw(card, look=look(), side=Side.FRONT)
        assert pictures.back == draw(card, look=look(), side=Side.BACK)
