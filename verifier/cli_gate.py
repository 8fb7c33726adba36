"""`gate`: the guard's screen, served on this machine for this machine alone."""

from __future__ import annotations

import fcntl
import getpass
import os
import signal
import socket
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from verifier.cli_program import UsageError
from verifier.cli_wording import say
from verifier.gate.errors import GateError

PIN_FILE = "MONTREY_GATE_PIN_FILE"
ADDRESS = "127.0.0.1"
_MAX_PIN_FILE = 100
_BACKLOG = 16
_LAST_PORT = 65535


def gate(options: Namespace, clock: Callable[[], datetime]) -> int:
    """Serves the guard's screen until it is interrupted; with `--set-pin` sets the supervisor's PIN."""
    if not 0 <= options.port <= _LAST_PORT:
        raise UsageError("usage_value", names="--port")
    if options.set_pin:
        return _set_pin(options)
    try:
        from verifier.gate.scanner import Scanners, SerialScanner  # noqa: PLC0415 (an extra, as what follows)
        from verifier.gate.service import service  # noqa: PLC0415
        from verifier.gate.service_connections import server  # noqa: PLC0415
        from verifier.gate.station import MAX_MESSAGE, Station  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("needs_gate", module=error.name) from error
    with _alone(options.home), _listening(options.port) as listener:
        station = Station(options.home, clock=clock, folders=options.stick or ())
        states = Scanners(station.serial_state)
        devices = options.serial or ()
        scanners = [SerialScanner(device, station.serial_text, states.another()) for device in devices]
        port = int(listener.getsockname()[1])
        url = f"http://{ADDRESS}:{port}/?lang={options.lang}"
        try:
            station.start()
            for scanner in scanners:
                scanner.start()
            print(say(options.lang, "gate_open", url=url), flush=True)
            if options.open:
                Thread(target=webbrowser.open, args=(url,), daemon=True).start()  # some return at their end
            serving = server(service(station, port=port, language=options.lang), max_message=MAX_MESSAGE)
            # uvicorn raises a signal once more behind its end; being told to end is no failure here.
            serving.capture_signals = lambda: _ends_on_signal(serving.handle_exit)  # type: ignore[method-assign]
            serving.run(sockets=[listener])
        finally:
            for scanner in scanners:
                scanner.close()
            station.close()
    return 0


def _set_pin(options: Namespace) -> int:
    from trust.home import pinned_root  # noqa: PLC0415
    from verifier.gate.pin import Pin  # noqa: PLC0415

    pinned_root(options.home)  # a PIN belongs to a home
    file = os.environ.get(PIN_FILE)
    if file:
        first = second = _read_pin(Path(file))
    elif sys.stdin.isatty():
        first = getpass.getpass(say(options.lang, "pin_ask") + " ")
        second = getpass.getpass(say(options.lang, "pin_again") + " ")
    else:
        raise UsageError("pin_needs")
    if first != second:
        raise UsageError("pin_differs")
    Pin(options.home / "gate").set(first)
    print(say(options.lang, "pin_is_set"))
    return 0


def _read_pin(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_PIN_FILE).decode("utf-8", errors="replace").strip()
    except OSError as error:
        raise UsageError("unreadable", option=PIN_FILE, reason=error.strerror) from error


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Holds the home: two gates over one would each accept a code once.

    It is the folder that is held, so that a disk that takes nothing keeps no gate from starting.
    """
    from trust.home import pinned_root  # noqa: PLC0415

    pinned_root(home)
    descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise GateError("gate_busy", "a gate is at work over this home already") from error
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _ends_on_signal(end: Callable[[int, Any], None]) -> Iterator[None]:
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:  # for TCP_NODELAY
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except (OSError, OverflowError) as error:
            raise UsageError("port_taken", port=port) from error
        listener.listen(_BACKLOG)
        yield listener
