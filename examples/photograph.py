"""A simulated photograph of a QR code: tilted, blurred, noisy, with glare; one seed gives one picture.

Good for ranking codes and readers and for finding cliffs, not for promising a
rate: no lens distorts here, and no screen flickers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import cos, radians, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from credential.qr_draw import modules

_FOCAL = 1000.0
_SCALE = 8
_DARK, _LIGHT, _BEHIND = 38, 214, 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How the photograph is taken.

    `pixels` a module at the centre of the frame; `yaw`, `pitch` and `roll` in
    degrees; `blur` is the radius of a Gaussian in pixels; `noise` the standard
    deviation of the sensor's noise in grey levels (0 to 255); `glare` what a
    reflected lamp adds at its centre, in grey levels.
    """

    width: int = 1280
    height: int = 720
    pixels: float = 5.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    glare: int = 0


MODERATE = Conditions(yaw=12, pitch=-9, roll=7, blur=1.2, noise=8, glare=60)
"""A hurried person at a gate."""


def photograph(
    text: str, conditions: Conditions = MODERATE, *, error: str = "L", seed: int = 0
) -> Image.Image:
    """A grey camera frame that shows the QR code of `text`; `tobytes()` is what a camera hands over.

    Raises:
        CredentialError: `qr_too_long`.
    """
    chance = random.Random(seed)
    code = _code(text, error)
    frame = _project(code, conditions, chance)
    if conditions.glare:
        frame = ImageChops.add(frame, _glare(frame.size, conditions.glare, chance))
    frame = frame.filter(ImageFilter.GaussianBlur(conditions.blur))
    return _with_noise(frame, conditions.noise, chance) if conditions.noise else frame


def _code(text: str, error: str) -> Image.Image:
    rows = modules(text, error=error)
    grey = b"".join(bytes(_DARK if dark else _LIGHT for dark in row) for row in rows)
    size = len(rows)
    image = Image.frombytes("L", (size, size), grey)
    return image.resize((size * _SCALE, size * _SCALE), Image.Resampling.NEAREST)


def _project(code: Image.Image, conditions: Conditions, chance: random.Random) -> Image.Image:
    """The code as a pinhole camera sees it, a random fraction of a pixel off the centre."""
    centre_x = conditions.width / 2 + chance.uniform(-4, 4)
    centre_y = conditions.height / 2 + chance.uniform(-4, 4)
    size = (conditions.width, conditions.height)
    return code.transform(
        size,
        Image.Transform.PERSPECTIVE,
        _to_code(conditions, code.width / 2, centre_x, centre_y),
        resample=Image.Resampling.BICUBIC,
        fillcolor=_BEHIND,
    )


def _to_code(conditions: Conditions, middle: float, centre_x: float, centre_y: float) -> list[float]:
    """The homography from the frame to the code's image, as Pillow takes it: its last coefficient is 1."""
    yaw, pitch, roll = (radians(angle) for angle in (conditions.yaw, conditions.pitch, conditions.roll))
    # Where the code's two axes point after roll, pitch and yaw, in this order.
    right = _turn((cos(roll), sin(roll), 0.0), pitch, yaw)
    down = _turn((-sin(roll), cos(roll), 0.0), pitch, yaw)
    scale = conditions.pixels / _SCALE
    rows = [
        [_FOCAL * scale * right[0], _FOCAL * scale * down[0], 0.0],
        [_FOCAL * scale * right[1], _FOCAL * scale * down[1], 0.0],
        [scale * right[2], scale * down[2], _FOCAL],
    ]
    for axis, centre in ((0, centre_x), (1, centre_y)):
        rows[axis] = [a + centre * b for a, b in zip(rows[axis], rows[2], strict=True)]
    inverse = _inverse(rows)
    for axis in (0, 1):
        inverse[axis] = [a + middle * b for a, b in zip(inverse[axis], inverse[2], strict=True)]
    last = inverse[2][2]
    return [value / last for row in inverse for value in row][:8]


def _turn(axis: tuple[float, float, float], pitch: float, yaw: float) -> tuple[float, float, float]:
    x, y, z = axis
    y, z = y * cos(pitch) - z * sin(pitch), y * sin(pitch) + z * cos(pitch)
    return x * cos(yaw) + z * sin(yaw), y, z * cos(yaw) - x * sin(yaw)


def _inverse(m: list[list[float]]) -> list[list[float]]:
    """Up to a factor, which a homography does not notice: the adjugate."""

    def minor(row: int, column: int) -> float:
        a, b = (row + 1) % 3, (row + 2) % 3
        c, d = (column + 1) % 3, (column + 2) % 3
        return m[a][c] * m[b][d] - m[a][d] * m[b][c]

    return [[minor(column, row) for column in range(3)] for row in range(3)]


def _glare(size: tuple[int, int], strength: int, chance: random.Random) -> Image.Image:
    """A soft bright spot somewhere near the middle."""
    width, height = size
    x, y = chance.uniform(0.35, 0.65) * width, chance.uniform(0.35, 0.65) * height
    radius = 0.16 * height
    light = Image.new("L", size, 0)
    ImageDraw.Draw(light).ellipse((x - radius, y - radius, x + radius, y + radius), fill=strength)
    return light.filter(ImageFilter.GaussianBlur(radius / 2))


def _with_noise(frame: Image.Image, deviation: float, chance: random.Random) -> Image.Image:
    """Adds the sum of four even distributions, near enough to a Gaussian."""
    count = frame.width * frame.height
    each = deviation / 73.9 / 2  # a byte deviates by 73.9, the sum of four by twice that
    for _ in range(4):
        noise = Image.frombytes("L", frame.size, chance.randbytes(count)).point(lambda value: value * each)
        frame = ImageChops.add(frame, noise, offset=-round(127.5 * each))
    return frame
