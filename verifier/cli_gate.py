"""`gate`: the guard's screen, served on this machine for this machine alone."""

from __future__ import annotations

import fcntl
import getpass
import os
import socket
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from verifier.cli_program import UsageError
from verifier.cli_wording import say
from verifier.gate.errors import GateError

PIN_FILE = "MONTREY_GATE_PIN_FILE"
ADDRESS = "127.0.0.1"
_MAX_PIN_FILE = 100
_BACKLOG = 16


def gate(options: Namespace, clock: Callable[[], datetime]) -> int:
    """Serves the guard's screen until it is interrupted; with `--set-pin` sets the supervisor's PIN."""
    if options.set_pin:
        return _set_pin(options)
    try:
        import uvicorn  # noqa: PLC0415 (an extra)

        from verifier.gate.scanner import SerialScanner  # noqa: PLC0415
        from verifier.gate.service import service  # noqa: PLC0415
        from verifier.gate.station import MAX_MESSAGE, Station  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("needs_gate", module=error.name) from error
    with _alone(options.home), _listening(options.port) as listener:
        station = Station(options.home, clock=clock, folders=options.stick or ())
        scanners = [SerialScanner(d, station.serial_text, station.serial_state) for d in options.serial or ()]
        port = int(listener.getsockname()[1])
        url = f"http://{ADDRESS}:{port}/?lang={options.lang}"
        config = uvicorn.Config(
            service(station, port=port),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            ws="websockets-sansio",
            ws_max_size=MAX_MESSAGE,
            ws_per_message_deflate=False,
            limit_concurrency=200,
            timeout_graceful_shutdown=2,
        )
        try:
            station.start()
            for scanner in scanners:
                scanner.start()
            print(say(options.lang, "gate_open", url=url), flush=True)
            if options.open:
                webbrowser.open(url)
            uvicorn.Server(config).run(sockets=[listener])
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
    """Holds the home: two gates over one would each accept a code once."""
    from trust.home import pinned_root  # noqa: PLC0415

    pinned_root(home)
    (home / "gate").mkdir(mode=0o700, exist_ok=True)
    with (home / "gate" / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GateError("gate_busy", "a gate is at work over this home already") from error
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except (OSError, OverflowError) as error:
            raise UsageError("port_taken", port=port) from error
        listener.listen(_BACKLOG)
        yield listener
