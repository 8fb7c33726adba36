"""What a gate's page hears, and what its camera sees."""

from __future__ import annotations

import queue

from credential import qr_draw
from verifier.gate.pages import Message, Pages


class Screen(Pages):
    """A page that keeps what it is told, apart from the state, of which the last counts."""

    def __init__(self) -> None:
        super().__init__()
        self.verdicts: queue.Queue[Message] = queue.Queue()
        self.numbers: queue.Queue[Message] = queue.Queue()
        self.ends: queue.Queue[Message] = queue.Queue()

    def __len__(self) -> int:
        return 1

    def tell(self, message: Message) -> None:
        """Sorts a message in."""
        if message["type"] == "verdict":
            self.verdicts.put(message)
        elif message["type"] == "number":
            self.numbers.put(message)
        elif message["type"] == "update" and message["done"]:
            self.ends.put(message)


def picture(text: str) -> bytes:
    """A camera's frame with a code in it, as the page sends it."""
    rows = qr_draw.modules(text)
    scale = 4
    side = scale * len(rows)
    grey = b"".join(bytes(60 if dark else 200 for dark in row for _ in range(scale)) * scale for row in rows)
    return bytes((8, 0)) + side.to_bytes(2, "little") * 2 + grey
