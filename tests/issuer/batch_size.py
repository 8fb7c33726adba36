"""Seals and opens a large batch in this process alone, and prints what it took: run by a test, and by hand.

python tests/issuer/batch_size.py CARDS PHOTO_KB FOLDER
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path

from batch_desk import BANK, MINISTRY, batch, numbers, qr

from issuer import batch_file, opened_batch
from issuer.batch import BatchCard, CardFiles
from issuer.whole_output import new_file


def peak() -> int:
    """The most memory this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(count: int, photo_bytes: int, folder: Path) -> dict[str, float]:
    """Seconds, and bytes of memory beyond those at the start."""
    made, (svg, png) = batch(count), qr()
    draw = random.Random(1)

    def pictures(card: BatchCard) -> CardFiles:
        noise = draw.randbytes(photo_bytes)
        photo = b"\x89PNG\r\n\x1a\n" + photo_bytes.to_bytes(4, "big") + b"IDAT" + noise + bytes(4)
        return CardFiles(photo=photo, qr_svg=svg, qr_png=png)

    path, before, start = folder / "large.mbatch", peak(), time.perf_counter()
    with new_file(path) as out:
        batch_file.seal(out, made, pictures, signer=MINISTRY, bank=BANK.public.encryption)
    sealed, size, after_sealing = time.perf_counter(), path.stat().st_size, peak()
    with path.open("rb") as source:
        opened_batch.open_batch(
            source, folder / "opened", bank=BANK.to_decrypt(), ministry=[MINISTRY.public_key]
        )
    end = time.perf_counter()
    assert len(list((folder / "opened" / "photos").iterdir())) == count == len(numbers(count))
    return {
        "bytes": size,
        "sealing_seconds": round(sealed - start, 2),
        "opening_seconds": round(end - sealed, 2),
        "sealing_memory": after_sealing - before,
        "opening_memory": peak() - before,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]) << 10, Path(sys.argv[3]))))
