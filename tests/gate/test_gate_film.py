"""The film before the gate's camera: what is in it, and how well it can be read frame by frame."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from film import FPS, MARK, SIZES, Camera, Film, Light, Pose
from layouts import BASE45
from PIL import Image

from credential import qr_draw
from credential.qr_read import read_frame

PHONES = int(os.environ.get("MONTREY_FILM", "4"))
LENGTH = 310
"""Characters of a live code of names of the usual length."""
FLOOR = {(640, 480): 0.75, (1280, 720): 0.95}
"""Of a hundred frames so many are readable at least; a presentation has fifteen in its first second."""


def some_code(rng: random.Random) -> str:
    """A text as long and as mixed as a live code's."""
    return "MQ1:" + "".join(rng.choice(BASE45) for _ in range(LENGTH - 4))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_frames_can_be_read(size: tuple[int, int]) -> None:
    """Most frames of a moving phone can be read, and what is read is what was shown."""
    read = total = first = 0
    phones = max(8, PHONES)
    for seed in range(phones):
        rng = random.Random(seed)
        text, camera = some_code(rng), Camera(size, rng)
        found = [
            read_frame(frame.tobytes(), width=size[0], height=size[1]) for frame in camera.frames(text, 8)
        ]
        assert all(texts in ([], [text]) for texts in found)
        read, total, first = read + sum(map(bool, found)), total + len(found), first + bool(found[0])
    print(f"\n{size[0]}x{size[1]}: {read} of {total} frames read, the first frame of {first} of {phones}")
    assert read / total >= FLOOR[size]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_found_where_nobody_is(size: tuple[int, int]) -> None:
    """A wall under any light, and noise as strong as it gets, hold no code."""
    camera = Camera(size, random.Random(1))
    frames = [*camera.frames(None, 4), camera.take(None, Pose(), Light(noise=80))]
    for frame in frames:
        assert read_frame(frame.tobytes(), width=size[0], height=size[1]) == []


def test_geometry() -> None:
    """Seen straight the code is 60 mm wide at 15 cm: 201 pixels of 640; tilts make trapezes of it."""
    text = some_code(random.Random(3))
    camera, still = Camera((640, 480), random.Random(3)), Light(blur=0, noise=0)
    straight = camera.take(text, Pose(), still)
    dark = straight.crop((225, 140, 415, 340)).point([255] * 100 + [0] * 156).getbbox()
    assert camera.focal == pytest.approx(502, abs=1)
    assert dark is not None
    row = straight.crop((0, 240, 640, 241)).tobytes()
    light = [x for x, value in enumerate(row) if value > 180]
    assert light[-1] - light[0] == pytest.approx(66 * 502 / 150, abs=3)  # the phone's glass
    assert len(qr_draw.modules(text, error="L", border=0)) == 53
    for pose in (Pose(tilt_x=14), Pose(tilt_y=-14), Pose(turn=90), Pose(distance=165, x=9)):
        frame = camera.take(text, pose, still)
        assert frame.tobytes() != straight.tobytes()
        assert read_frame(frame.tobytes(), width=640, height=480) == [text]


def test_same_seed_same_film(tmp_path: Path) -> None:
    """A film is as long as its frames, ends with the last one, and comes again from its seed."""
    size = SIZES[0]
    for name in ("one.y4m", "two.y4m"):
        camera, film = Camera(size, random.Random(9)), Film(tmp_path / name, size)
        for frame in (*camera.frames(None, 2), *camera.frames("MQ1:A", 3)):
            film.add(frame, mark=77)
        film.close()
        assert film.frames == 5
    data = (tmp_path / "one.y4m").read_bytes()
    assert data == (tmp_path / "two.y4m").read_bytes()
    header, _, rest = data.partition(b"\n")
    assert header.split()[:4] == [b"YUV4MPEG2", b"W640", b"H480", b"F%d:1" % FPS]
    assert len(rest) == 5 * (6 + 640 * 480 * 3 // 2)
    first = Image.frombytes("L", size, rest[6:])
    assert set(first.crop((0, 0, MARK, MARK)).tobytes()) == {round(16 + 77 * 219 / 255)}
