"""A scanner on a serial line (or one that pretends to be, over USB): its texts, one by one, in a thread."""

from __future__ import annotations

import re
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from verifier.gate.errors import GateError

QUIET, PAUSE = 0.05, 0.3
"""Seconds of silence that end a text: of a scanner that sends no line ends, and of one that does.

The latter's silence is a line that stutters (Bluetooth) sooner than an end.
"""
MAX_TEXT = 1 << 13
"""Bytes of a text: above those of the largest QR code."""
AGAIN = 1.0
"""Seconds until a line that is gone is tried again."""
_BAUD, _MAX_BAUD = 9600, 4_000_000
_CLOSING = 2.0
_FAILURES = (OSError, ValueError, termios.error)
_END = re.compile(rb"[\r\n]+")


class Texts:
    """Cuts what comes over a line into texts.

    A text ends with CR, LF, both, or silence. What is no ASCII has U+FFFD in
    its place, so that no verdict but "some other code" comes of it. Of what is
    longer than `MAX_TEXT` nothing is kept, and at its end there is one empty text.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._too_long = False
        self._ends_lines = False

    @property
    def patience(self) -> float:
        """How long a silence has to be to end a text."""
        return PAUSE if self._ends_lines else QUIET

    def came(self, data: bytes) -> Iterator[str]:
        """The texts that end with or in what came."""
        *ended, rest = _END.split(data)
        for part in ended:
            self._ends_lines = True
            self._keep(part)
            yield from self.ended()
        self._keep(rest)

    def ended(self) -> Iterator[str]:
        """The text that has come so far, which is now complete."""
        rest, too_long, self._rest, self._too_long = self._rest, self._too_long, b"", False
        if rest or too_long:
            yield "" if too_long else rest.decode("ascii", errors="replace")

    def _keep(self, data: bytes) -> None:
        self._too_long = self._too_long or len(self._rest) + len(data) > MAX_TEXT
        self._rest = b"" if self._too_long else self._rest + data


class Scanners:
    """The state of several scanners as one: `on_state` hears whether all of them are open."""

    def __init__(self, on_state: Callable[[bool], object]) -> None:
        self._on_state = on_state
        self._lock = threading.Lock()
        self._open: list[bool] = []

    def another(self) -> Callable[[bool], None]:
        """The `on_state` of one more scanner, which is not missed before it has told anything."""
        with self._lock:
            place = len(self._open)
            self._open.append(True)

        def told(is_open: bool) -> None:
            with self._lock:  # told in the order of what happened
                self._open[place] = is_open
                self._on_state(all(self._open))

        return told


class SerialScanner:
    """Listens to `device`, a path such as `/dev/ttyACM0`, or `/dev/ttyUSB0@115200` with its speed.

    `on_text` is called with each text (see `Texts`; "" says that there was one
    of impossible length), `on_state` with whether the line is open, at first
    and whenever that changes; both in the scanner's own thread. A scanner that
    is unplugged is looked for again each second; half a text is forgotten then.

    Raises:
        GateError: `serial_unavailable` when pyserial is not installed, or the speed is none.
    """

    def __init__(
        self,
        device: str,
        on_text: Callable[[str], object],
        on_state: Callable[[bool], object] = lambda _: None,
        *,
        open_port: Callable[[str, int], Any] | None = None,
    ) -> None:
        self._device, self._baud = _with_speed(device)
        self._on_text, self._on_state = on_text, on_state
        self._open = open_port or _opener()
        self._is_open: bool | None = None
        self._port: Any = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="montrey-scanner", daemon=True)

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()

    def close(self) -> None:
        """Listens no more."""
        self._stop.set()
        if self._port is not None:
            with suppress(*_FAILURES, TypeError):  # it may be going at this very moment
                self._port.cancel_read()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_CLOSING)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._open(self._device, self._baud) as port:
                    self._port = port
                    self._state(True)
                    self._read(port)
            except _FAILURES:
                self._state(False)
                self._stop.wait(AGAIN)

    def _read(self, port: Any) -> None:
        texts = Texts()
        while not self._stop.is_set():
            if port.timeout != texts.patience:  # pyserial sets up the whole line anew
                port.timeout = texts.patience
            data = port.read(1)
            if data:
                data += port.read(min(port.in_waiting, MAX_TEXT))
            for text in texts.came(data) if data else texts.ended():
                self._call(self._on_text, text)

    def _state(self, is_open: bool) -> None:
        if self._is_open is not is_open:
            self._is_open = is_open
            self._call(self._on_state, is_open)

    def _call(self, function: Callable[[Any], object], value: object) -> None:
        try:
            function(value)
        except Exception as error:  # noqa: BLE001 (the next text is listened to; none is repeated here)
            sys.stderr.write(f"a scanner's news was not taken: {type(error).__name__}\n")


def _with_speed(device: str) -> tuple[str, int]:
    path, at, speed = device.rpartition("@")
    if not at or not speed.isdecimal():
        return device, _BAUD
    if not 0 < int(speed[:10]) <= _MAX_BAUD:
        raise GateError("serial_unavailable", "a serial line has no such speed")
    return path, int(speed)


def _opener() -> Callable[[str, int], Any]:
    try:
        import serial  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise GateError(
            "serial_unavailable", "a scanner on a serial line needs pyserial: install montrey[serial]"
        ) from error

    def opened(device: str, baud: int) -> Any:
        # Exclusively: what two programs read of one line is half a text each.
        return serial.Serial(device, baud, timeout=QUIET, exclusive=True)

    return opened
