"""What a camera sees when people hold their phones before it, as a film for Chromium's fake camera.

A webcam with a field of view of 65 degrees looks at a phone 15 cm away whose
code is 60 mm wide. Hands move and tilt it; lens and focus blur, the sensor
adds noise, lamps are uneven and mirror in the glass. Everything comes from a
seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Self

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from credential import qr_draw

SIZES = ((640, 480), (1280, 720))
FPS = 15
"""A cheap webcam under office lamps; 30 would give a gate twice the tries."""
VIEW = 65.0
CODE, DISTANCE = 60.0, 150.0
SCREEN, BODY = (66.0, 136.0), (72.0, 150.0)
"""Millimetres: the code without its light border, how far away it is, the phone's glass and the phone."""
_WALL, _DARK, _LIGHT = 95, 28, 215
"""Shades of the wall behind, of a dark and of a light pixel of the phone."""
MARK = 24
"""Pixels of the corner square whose shade tells a test which presentation a frame belongs to."""


@dataclass(frozen=True)
class Pose:
    """How a phone is held: tilts and turn in degrees, where its middle is in millimetres, how far away."""

    tilt_x: float = 0
    tilt_y: float = 0
    turn: float = 0
    x: float = 0
    y: float = 0
    distance: float = DISTANCE

    @classmethod
    def drawn(cls, rng: random.Random) -> Self:
        """Tilted each way, turned a little, not quite in the middle, a little nearer or farther."""
        return cls(
            tilt_x=rng.uniform(-12, 12),
            tilt_y=rng.uniform(-12, 12),
            turn=rng.uniform(-18, 18),
            x=rng.uniform(-12, 12),
            y=rng.uniform(-8, 8),
            distance=rng.uniform(0.95, 1.05) * DISTANCE,
        )

    def moved(self, rng: random.Random) -> Self:
        """A frame later in a hand that is not quite still; never beyond 14 degrees."""
        tilts = {
            name: max(-14, min(14, getattr(self, name) + rng.gauss(0, 0.8))) for name in ("tilt_x", "tilt_y")
        }
        return replace(
            self,
            **tilts,
            turn=self.turn + rng.gauss(0, 0.6),
            x=self.x + rng.gauss(0, 0.7),
            y=self.y + rng.gauss(0, 0.7),
            distance=max(140, min(165, self.distance + rng.gauss(0, 0.8))),
        )


@dataclass(frozen=True)
class Light:
    """A camera's view: blur (sigma, pixels), noise (sigma, shades), a lamp's mirror image, uneven light."""

    blur: float = 0.8
    noise: float = 4
    glare: float = 0
    glare_at: tuple[float, float] = (0.5, 0.5)
    shade: float = 1.0
    """How light the darker side is, of the lighter one's 1."""
    shade_turn: int = 0

    @classmethod
    def drawn(cls, rng: random.Random) -> Self:
        """Noise 4 to 10, glare 0 to 80, one side down to 0.6; the blur is the focus's."""
        return cls(
            noise=rng.uniform(4, 10),
            glare=rng.uniform(0, 80),
            glare_at=(rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75)),
            shade=rng.uniform(0.6, 1.0),
            shade_turn=rng.randrange(360),
        )

    def moved(self, rng: random.Random) -> Self:
        """A frame later: the mirror image wanders."""
        x, y = self.glare_at
        return replace(self, glare_at=(x + rng.gauss(0, 0.01), y + rng.gauss(0, 0.01)))


@dataclass(frozen=True)
class Focus:
    """A focus that hunts between two blurs, `period` frames to and fro.

    Of a code of 53 modules a camera of 640 by 480 reads nothing above 1.6, so
    how much is read in a second depends on this more than on anything else: at
    its sharpest it is 1.4 or better.
    """

    sharp: float
    soft: float
    period: float
    phase: float

    @classmethod
    def drawn(cls, rng: random.Random) -> Self:
        """Between 0.8 and 1.9, once or twice a second."""
        sharp = rng.uniform(0.8, 1.4)
        return cls(sharp, rng.uniform(sharp, 1.9), rng.uniform(0.5, 1) * FPS, rng.uniform(0, math.tau))

    def blur(self, frame: int) -> float:
        """Of a frame, counted from 0."""
        soft = (1 - math.cos(self.phase + math.tau * frame / self.period)) / 2
        return self.sharp + (self.soft - self.sharp) * soft


@dataclass
class Camera:
    """A camera of one size; every frame it takes is drawn from `rng`."""

    size: tuple[int, int]
    rng: random.Random

    @property
    def focal(self) -> float:
        """Its focal length in pixels."""
        return float(self.size[0] / 2 / math.tan(math.radians(VIEW / 2)))

    def frames(self, text: str | None, count: int) -> Iterator[Image.Image]:
        """Somebody shows a code for `count` frames; None: nobody is there."""
        pose, light, focus = Pose.drawn(self.rng), Light.drawn(self.rng), Focus.drawn(self.rng)
        for frame in range(count):
            yield self.take(text, pose, replace(light, blur=focus.blur(frame)))
            pose, light = pose.moved(self.rng), light.moved(self.rng)

    def take(self, text: str | None, pose: Pose, light: Light) -> Image.Image:
        """One frame, in shades of grey."""
        image = Image.new("L", self.size, _WALL)
        if text is not None:
            phone, scale = _phone(text, CODE * self.focal / DISTANCE)
            image = phone.transform(
                self.size,
                Image.Transform.PERSPECTIVE,
                self._to_phone(pose, phone.size, scale),
                Image.Resampling.BICUBIC,
                fillcolor=_WALL,
            )
        image = ImageChops.multiply(image, self._uneven(light))
        image = image.filter(ImageFilter.GaussianBlur(light.blur))
        if light.glare:
            spot, corner = self._spot(light)
            glare = Image.new("L", self.size)
            glare.paste(spot, corner)
            image = ImageChops.add(image, glare)
        return ImageChops.add(image, self._grain(light.noise), offset=-128)

    def _to_phone(self, pose: Pose, size: tuple[int, int], scale: float) -> tuple[float, ...]:
        """The homography from the frame to the phone's picture, which has `scale` pixels a millimetre."""
        a, b, c = (math.radians(angle) for angle in (pose.tilt_x, pose.tilt_y, pose.turn))
        # The phone's own axes, turned by c, tilted by b and a: the first two columns of Rx(a) Ry(b) Rz(c).
        across = (
            math.cos(b) * math.cos(c),
            math.sin(a) * math.sin(b) * math.cos(c) + math.cos(a) * math.sin(c),
            math.sin(a) * math.sin(c) - math.cos(a) * math.sin(b) * math.cos(c),
        )
        down = (
            -math.cos(b) * math.sin(c),
            math.cos(a) * math.cos(c) - math.sin(a) * math.sin(b) * math.sin(c),
            math.sin(a) * math.cos(c) + math.cos(a) * math.sin(b) * math.sin(c),
        )
        middle = (pose.x, pose.y, pose.distance)
        f, cx, cy = self.focal, self.size[0] / 2, self.size[1] / 2
        columns = [(f * x + cx * z, f * y + cy * z, z) for x, y, z in (across, down, middle)]
        inverse = _inverse([[column[row] for column in columns] for row in range(3)])
        half = size[0] / 2, size[1] / 2
        to = [
            [scale * inverse[row][i] + half[row] * inverse[2][i] for i in range(3)] if row < 2 else inverse[2]
            for row in range(3)
        ]
        flat = [value / to[2][2] for line in to for value in line]
        return tuple(flat[:8])

    def _uneven(self, light: Light) -> Image.Image:
        side = 2 * max(self.size)
        ramp = Image.linear_gradient("L").point([round(255 - (1 - light.shade) * v) for v in range(256)])
        ramp = ramp.resize((side, side), Image.Resampling.BILINEAR).rotate(light.shade_turn)
        left, top = (side - self.size[0]) // 2, (side - self.size[1]) // 2
        return ramp.crop((left, top, left + self.size[0], top + self.size[1]))

    def _spot(self, light: Light) -> tuple[Image.Image, tuple[int, int]]:
        side = self.size[1] // 2
        table = [round(light.glare * max(0.0, 1 - v / 170) ** 2) for v in range(256)]
        spot = Image.radial_gradient("L").point(table).resize((side, side), Image.Resampling.BILINEAR)
        x, y = light.glare_at
        return spot, (round(x * self.size[0] - side / 2), round(y * self.size[1] - side / 2))

    def _grain(self, sigma: float) -> Image.Image:
        """Normal noise around 128, from the seed: each byte is a 256th of the distribution."""
        width, height = self.size
        grain = Image.frombytes("L", self.size, self.rng.randbytes(width * height))
        return grain.point([round(128 + sigma * quantile) for quantile in _quantiles()])


@cache
def _quantiles() -> tuple[float, ...]:
    return tuple(NormalDist().inv_cdf((i + 0.5) / 256) for i in range(256))


@lru_cache(64)
def _phone(text: str, code_pixels: float) -> tuple[Image.Image, float]:
    """A phone that shows a code, as fine as the camera resolves it, and its pixels a millimetre."""
    rows = qr_draw.modules(text, error="L", border=0)
    unit = max(2, round(code_pixels / len(rows)))
    scale = unit * len(rows) / CODE
    code = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows).translate(_SHADES))
    code = code.resize((unit * len(rows), unit * len(rows)), Image.Resampling.NEAREST)
    phone = Image.new("L", (round(BODY[0] * scale), round(BODY[1] * scale)), _DARK)
    width, height = phone.size
    glass = round(SCREEN[0] * scale / 2), round(SCREEN[1] * scale / 2)
    frame = (width // 2 - glass[0], height // 2 - glass[1], width // 2 + glass[0], height // 2 + glass[1])
    ImageDraw.Draw(phone).rectangle(frame, fill=_LIGHT)
    phone.paste(code, ((width - code.width) // 2, (height - code.height) // 2))
    return phone, scale


_SHADES = bytes((_LIGHT, _DARK)).ljust(256)


def _inverse(m: list[list[float]]) -> list[list[float]]:
    """Of a 3 by 3 matrix, up to a factor: its adjugate."""

    def minor(row: int, column: int) -> float:
        rows = [r for r in range(3) if r != row]
        columns = [c for c in range(3) if c != column]
        (a, b), (c, d) = ([m[r][k] for k in columns] for r in rows)
        return (a * d - b * c) * (-1 if (row + column) % 2 else 1)

    return [[minor(column, row) for column in range(3)] for row in range(3)]


class Film:
    """A Y4M file that is written frame by frame, for `--use-file-for-fake-video-capture`."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self.frames = 0
        self._size = size
        self._file = path.open("wb")
        self._file.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420mpeg2\n" % (*size, FPS))
        width, height = size
        self._grey = bytes([128]) * (2 * (width // 2) * (height // 2))

    def add(self, image: Image.Image, *, mark: int = 0) -> None:
        """One more frame, with the shade `mark` in its corner (0 to 255)."""
        image.paste(mark, (0, 0, MARK, MARK))
        self._file.write(b"FRAME\n" + image.point(_VIDEO).tobytes() + self._grey)
        self.frames += 1

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


_VIDEO = [round(16 + value * 219 / 255) for value in range(256)]
"""Shades as video has them (ITU-R BT.601): black is 16, white 235."""
