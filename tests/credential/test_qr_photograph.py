"""Codes as a camera sees them: the sizes this project promises are read."""

from __future__ import annotations

import pytest

from credential.qr_read import read_frame
from examples.photograph import MODERATE, Conditions, photograph

LIVE = "MQ1:" + ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 8)[:331]
SEAL = LIVE[:250]
SMALL_CAMERA = Conditions(
    width=640, height=480, pixels=3.6, yaw=10, pitch=-8, roll=5, blur=1.0, noise=6, glare=50
)


def read(text: str, conditions: Conditions, *, error: str, seed: int) -> list[str]:
    """What is read from one simulated frame."""
    frame = photograph(text, conditions, error=error, seed=seed)
    assert (frame.mode, frame.size) == ("L", (conditions.width, conditions.height))
    return read_frame(frame.tobytes(), width=conditions.width, height=conditions.height)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("text", "error"), [(LIVE, "L"), (SEAL, "M")])
def test_read_by_a_small_camera(text: str, error: str, seed: int) -> None:
    """640×480, tilted, a little blurred, with noise and glare."""
    assert read(text, SMALL_CAMERA, error=error, seed=seed) == [text]


def test_read_at_a_gate() -> None:
    """1280×720 under moderate conditions."""
    assert read(LIVE, MODERATE, error="L", seed=0) == [LIVE]


def test_too_far_away_is_not_misread() -> None:
    """Beyond the cliff nothing is read, rather than something else."""
    far = Conditions(width=640, height=480, pixels=1.2, blur=1.5, noise=12)
    assert read(LIVE, far, error="L", seed=0) == []


def test_one_seed_one_picture() -> None:
    """The same seed gives the same bytes, another seed others."""
    small = Conditions(width=160, height=120, pixels=2, noise=5, glare=40)
    first, second, other = (photograph("MC1:A", small, seed=seed).tobytes() for seed in (1, 1, 2))
    assert first == second != other


def test_tilt_goes_the_right_way() -> None:
    """A code turned to the side is narrower there and stays in the middle; a straight one is a square."""

    def box(conditions: Conditions) -> tuple[int, int, int, int]:
        frame = photograph("MC1:A", conditions)
        found = frame.point(lambda value: 255 if value > 150 else 0).getbbox()
        assert found is not None
        return found

    flat, turned = box(Conditions(pixels=8)), box(Conditions(pixels=8, yaw=50))
    assert abs((flat[2] - flat[0]) - 29 * 8) <= 2
    assert abs((flat[3] - flat[1]) - 29 * 8) <= 2
    assert 0.5 < (turned[2] - turned[0]) / (flat[2] - flat[0]) < 0.75
    assert abs((turned[0] + turned[2]) / 2 - 640) < 20
