"""A scanner on a serial line: every ending, every length, noise, a pulled plug; over real lines (pty)."""

from __future__ import annotations

import os
import pty
import queue
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from gate_client import Client, Page
from gate_program import gate_program
from gate_town import Town
from hypothesis import given
from hypothesis import strategies as st

from verifier.gate import scanner
from verifier.gate.errors import GateError
from verifier.gate.scanner import MAX_TEXT, Scanners, SerialScanner, Texts

PATIENCE = 10.0
"""Seconds that a test waits for what has to come."""


class Line:
    """The other end of a serial line, and what a gate's scanner told."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.texts: queue.Queue[str] = queue.Queue()
        self.states: queue.Queue[bool] = queue.Queue()
        self.master = -1

    def plug(self) -> None:
        """Puts the scanner in, under the same name as before."""
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(slave))
        self._slave = slave

    def pull(self) -> None:
        """Pulls it out."""
        os.close(self.master)
        os.close(self._slave)
        self.link.unlink()

    def send(self, data: bytes) -> None:
        """What a scanner sends in one go."""
        while data:
            data = data[os.write(self.master, data) :]

    def text(self) -> str:
        """The next text that was told."""
        return self.texts.get(timeout=PATIENCE)

    def state(self) -> bool:
        """The next state that was told."""
        return self.states.get(timeout=PATIENCE)


@contextmanager
def listening(line: Line, *, plugged: bool = True) -> Iterator[Line]:
    """A gate that listens to this line."""
    if plugged:
        line.plug()
    listener = SerialScanner(str(line.link), line.texts.put, line.states.put)
    listener.start()
    try:
        assert line.state() is plugged
        yield line
    finally:
        listener.close()
        assert not listener._thread.is_alive()


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a gate wait for the rest of a text as long as a test may take to send it."""
    monkeypatch.setattr(scanner, "AGAIN", 0.05)
    monkeypatch.setattr(scanner, "QUIET", PATIENCE)
    monkeypatch.setattr(scanner, "PAUSE", PATIENCE)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A line into which nothing is plugged yet; no silence of this machine's ends a text."""
    patient(monkeypatch)
    return Line(tmp_path / "scanner")


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r", b"\r\r\n\n"])
def test_every_ending(line: Line, end: bytes) -> None:
    """CR, LF, both or several: the same texts, one after another, and no empty ones."""
    with listening(line):
        for number in range(3):
            line.send(b"MQ1:%d" % number + end)
            assert line.text() == f"MQ1:{number}"
        assert line.texts.empty()


def test_silence_ends_a_text(tmp_path: Path) -> None:
    """A scanner that sends no line ends is heard as well: 50 ms without a byte are an end."""
    with listening(Line(tmp_path / "scanner")) as line:
        for number in range(3):
            line.send(b"MQ1:%d" % number)
            assert line.text() == f"MQ1:{number}"
        assert line.texts.empty()


def test_a_line_that_stutters_is_waited_for() -> None:
    """Whoever has ended a text with a line end will do so again: a longer silence is no end then."""
    texts = Texts()
    assert texts.patience == scanner.QUIET
    assert [*texts.came(b"MQ1:A\rMQ1:")] == ["MQ1:A"]
    assert texts.patience == scanner.PAUSE > scanner.QUIET
    assert [*texts.ended()] == ["MQ1:"]
    assert [*texts.ended()] == []


def test_two_texts_at_once_and_one_in_pieces(line: Line) -> None:
    """What comes in one go is taken apart, what comes in pieces is put together, over a CR and LF in two."""
    with listening(line):
        line.send(b"MQ1:A\r\nMQ1:B\r\nMQ1:")
        line.send(b"C\r")
        line.send(b"\nMQ1:D\r\n")
        assert [line.text() for _ in range(4)] == ["MQ1:A", "MQ1:B", "MQ1:C", "MQ1:D"]


def test_a_large_code(line: Line) -> None:
    """The longest text of a QR code (4,296 characters) comes whole."""
    with listening(line):
        line.send(b"MS1:" + b"X" * 4292 + b"\r")
        assert line.text() == "MS1:" + "X" * 4292


def test_without_end_nothing_is_kept(line: Line) -> None:
    """What is too long for any code is told as one empty text, and the next one is heard."""
    with listening(line):
        line.send(b"X" * (3 * MAX_TEXT) + b"\rMQ1:A\r")
        assert [line.text(), line.text()] == ["", "MQ1:A"]


def test_noise_is_text_that_is_no_code(line: Line) -> None:
    """A wrong speed gives any bytes: they are told with marks in their place, and what follows is heard."""
    with listening(line):
        line.send(bytes(range(128, 256)) + b"\rMQ1:A\r")
        assert line.text() == "\N{REPLACEMENT CHARACTER}" * 128
        assert line.text() == "MQ1:A"


def test_unplugged_and_plugged_in_again(line: Line) -> None:
    """Told both times; half a text from before is not put before the next one."""
    with listening(line):
        for number in range(3):
            line.send(b"MQ1:%d\rMQ1:half" % number)
            assert line.text() == f"MQ1:{number}"
            line.pull()
            assert line.state() is False
            line.plug()
            assert line.state() is True
        line.send(b"MQ1:whole\r")
        assert line.text() == "MQ1:whole"
        assert line.texts.empty()
        assert line.states.empty()


def test_no_scanner_yet(line: Line) -> None:
    """A gate begins without one, says so once, and hears it when it is there."""
    with listening(line, plugged=False):
        line.plug()
        assert line.state() is True
        line.send(b"MQ1:A\r")
        assert line.text() == "MQ1:A"


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_something_else_under_that_name(line: Line, make: object) -> None:
    """A folder or a file is no line: told as not there, and the gate goes on."""
    make(line.link)  # type: ignore[operator]
    with listening(line, plugged=False):
        if line.link.is_dir():
            line.link.rmdir()
        line.plug()
        assert line.state() is True


def test_two_scanners_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line has its own texts, whatever comes between on the other."""
    patient(monkeypatch)
    with listening(Line(tmp_path / "one")) as one, listening(Line(tmp_path / "two")) as two:
        for number in range(50):
            one.send(b"MQ1:O")
            two.send(b"MQ1:TWO")
            one.send(b"ne%d\r\n" % number)
            two.send(b"%d\r\n" % number)
        assert [one.text() for _ in range(50)] == [f"MQ1:One{number}" for number in range(50)]
        assert [two.text() for _ in range(50)] == [f"MQ1:TWO{number}" for number in range(50)]


def test_one_line_has_one_listener(line: Line, tmp_path: Path) -> None:
    """Two programs on one line would have half a text each: the second one is told that it is not free."""
    with listening(line):
        second = Line(line.link)
        with listening(second, plugged=False):
            line.send(b"MQ1:A\r")
            assert line.text() == "MQ1:A"
            assert second.texts.empty()


def test_what_the_gate_raises_ends_nothing(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    """The next text is heard, and of the first one nothing stands in the log."""
    line.plug()
    heard = threading.Event()

    def on_text(text: str) -> None:
        if text == "MQ1:SECRET":
            raise ValueError(text)
        heard.set()

    listener = SerialScanner(str(line.link), on_text, line.states.put)
    listener.start()
    assert line.state() is True
    line.send(b"MQ1:SECRET\rMQ1:B\r")
    assert heard.wait(PATIENCE)
    listener.close()
    assert "SECRET" not in capsys.readouterr().err


def test_closed_at_any_moment(line: Line) -> None:
    """Before its beginning, twice, and while nobody is plugged in."""
    never = SerialScanner(str(line.link), line.texts.put)
    never.close()
    gone = SerialScanner(str(line.link), line.texts.put, line.states.put)
    gone.start()
    assert line.state() is False
    gone.close()
    gone.close()
    assert not gone._thread.is_alive()


def test_one_of_two_scanners_is_missed(line: Line, tmp_path: Path) -> None:
    """While one is unplugged the other's being there hides nothing, whatever either tells and when."""
    other, told = Line(tmp_path / "other"), line.states
    states = Scanners(told.put)
    line.plug()
    listeners = [SerialScanner(str(one.link), one.texts.put, states.another()) for one in (line, other)]
    try:
        listeners[0].start()
        assert line.state() is True  # of the other one nothing is known yet
        listeners[1].start()
        assert line.state() is False
        line.pull()
        assert line.state() is False
        line.plug()
        assert line.state() is False  # it is there again, and the other one is still missing
        other.plug()
        assert line.state() is True
    finally:
        for listener in listeners:
            listener.close()


def test_the_program_misses_one_of_two(line: Line, tmp_path: Path) -> None:
    """The gate that was started with two scanners says that one is missing, while the other one is judged."""
    home = Town(tmp_path, people=1).home(tmp_path / "gate")
    missing = str(tmp_path / "missing")
    line.plug()
    with ExitStack() as stack:
        address = stack.enter_context(gate_program(home, "--serial", missing, "--serial", str(line.link)))
        page = stack.enter_context(Page(address.rstrip("/")))
        client = stack.enter_context(Client(address))
        for _ in range(40):
            line.send(b"MQ1:%s\r" % (b"0" * 40))
            with suppress(TimeoutError):  # the line may not be open yet
                page.hear("verdict", seconds=0.5)
                break
        assert page.verdicts()
        assert "scanner_off" in client.get("/health").json()["notices"]


def test_the_speed_stands_behind_the_name() -> None:
    """9600 bits a second unless it says otherwise; a speed that no line has is refused at once."""
    opened: list[tuple[str, int]] = []
    done = threading.Event()

    def open_port(device: str, baud: int) -> object:
        opened.append((device, baud))
        done.set()
        raise OSError

    for device in ("/dev/ttyS0", "/dev/ttyUSB0@115200", "/dev/serial/by-id/usb-a@b"):
        done.clear()
        listener = SerialScanner(device, lambda _: None, open_port=open_port)
        listener.start()
        assert done.wait(PATIENCE)
        listener.close()
    expected = [("/dev/ttyS0", 9600), ("/dev/ttyUSB0", 115200), ("/dev/serial/by-id/usb-a@b", 9600)]
    assert list(dict.fromkeys(opened)) == expected
    for speed in ("0", "9" * 30):
        with pytest.raises(GateError, match="speed"):
            SerialScanner(f"/dev/ttyS0@{speed}", lambda _: None)


def test_without_pyserial_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not installed is said with what to install."""
    monkeypatch.setitem(sys.modules, "serial", None)
    with pytest.raises(GateError, match=r"montrey\[serial\]") as refusal:
        SerialScanner("/dev/ttyS0", lambda _: None)
    assert refusal.value.code == "serial_unavailable"


@given(st.lists(st.binary(max_size=60), max_size=20), st.data())
def test_any_bytes_in_any_pieces(parts: list[bytes], data: st.DataObject) -> None:
    """However the bytes are cut into reads, the texts are the same, and each is printable or a mark."""
    whole = b"\r".join(parts) + b"\n"
    pieces = []
    rest = whole
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pieces.append(rest[:size])
        rest = rest[size:]
    texts = Texts()
    told = [text for piece in pieces for text in texts.came(piece)]
    assert told == list(Texts().came(whole))
    lines = whole.replace(b"\n", b"\r").split(b"\r")
    assert told == [line.decode("ascii", "replace") for line in lines if line]
