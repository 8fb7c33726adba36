"""The QR code of a live text drawn, and seals for print; read from a file and from two camera frames."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import zxingcpp

from bench import live, ministry
from bench.measure import Effort, Figure, compare
from credential import qr_draw, seal_picture
from credential.qr_read import read_frame, read_image
from examples.photograph import MODERATE, Conditions, photograph

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def figures(effort: Effort) -> Iterator[Figure]:
    """Drawing and reading; and a frame's whole way to a verdict, over the decoder alone."""
    text = live.text(ministry.key("holder"))
    note = f"version {qr_draw.version_of(text)}-L, {len(text)} characters"
    yield compare("draw PNG", partial(qr_draw.png, text), effort=effort, note=note)
    yield compare("draw SVG", partial(qr_draw.svg, text, error="L"), effort=effort, note=note)
    yield compare("draw terminal text", partial(qr_draw.terminal, text), effort=effort, note=note)
    yield from _printing(effort)
    yield compare("read PNG", partial(read_image, qr_draw.png(text)), effort=effort, note=note)
    for name, conditions in (("clean", Conditions()), ("photographed", MODERATE)):
        grey = photograph(text, conditions).tobytes()
        size = {"width": conditions.width, "height": conditions.height}
        pixels = memoryview(grey).cast("B", (conditions.height, conditions.width))
        floor = partial(zxingcpp.read_barcodes, pixels, _QR, try_invert=False)
        work = partial(_judge_frame, grey, **size)
        subject, note = f"frame to verdict, {name}", "1280×720; floor: zxing-cpp alone"
        yield compare(subject, work, floor, effort=effort, aim="floor + 15 ms", note=note)


def _printing(effort: Effort) -> Iterator[Figure]:
    """A seal as the printer gets it, over what zxing-cpp alone takes to draw it."""
    text = live.text(ministry.key("holder"))[:250]
    note = f"version {qr_draw.version_of(text, 'M')}-M, {len(text)} characters; floor: zxing-cpp alone"
    floor = partial(zxingcpp.create_barcode, text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    for name, work in (
        ("seal SVG", partial(seal_picture.seal_svg, text)),
        ("seal PNG, 600 dpi", partial(seal_picture.seal_png, text)),
    ):
        yield compare(name, work, floor, effort=effort, aim="497 of both in 4 s", note=note)


def _judge_frame(grey: bytes, *, width: int, height: int) -> None:
    [text] = read_frame(grey, width=width, height=height)
    live.judge(text, trust=ministry.trust())
