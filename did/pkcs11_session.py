"""A PKCS #11 module, its tokens, and the one session this process has with each.

PKCS #11 v2.40 §6.7.4: a login is the whole process's. So all that use one
token share its session. The library initialises a module without locks
(§5.4: `C_Initialize(NULL)`), so one lock of the process stands around
every call. A fork waits for the call that runs; the child inherits no login,
and opens a session of its own when it first signs.

A PIN is kept in memory for as long as its session, because a token that was
pulled out and put back wants it again. A PIN that a token refused is never
sent to it twice: tokens lock.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import sleep
from typing import TypeVar

import pkcs11 as cryptoki
from pkcs11 import PKCS11Error, Session, TokenFlag, exceptions
from pkcs11 import Token as Found

from did.errors import DidError

T = TypeVar("T")
_MAX_PIN = 255
_PAUSES = (0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each new beginning, while a token is not there."""
_LOST = (
    exceptions.DeviceError,
    exceptions.DeviceRemoved,
    exceptions.FunctionFailed,
    exceptions.GeneralError,
    exceptions.KeyHandleInvalid,
    exceptions.ObjectHandleInvalid,
    exceptions.SessionClosed,
    exceptions.SessionHandleInvalid,
    exceptions.SlotIDInvalid,
    exceptions.TokenNotPresent,
    exceptions.TokenNotRecognised,
    exceptions.UserNotLoggedIn,
)
"""What a call says when the token was pulled out, reset, or the network to it broke.

So does `PKCS11Error` itself, which stands for every code that the library has no name for:
CKR_CRYPTOKI_NOT_INITIALIZED, and what a vendor adds.
"""


class _Module:
    """A loaded module; `era` counts its initialisations, each of which ends all sessions."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.library = cryptoki.lib(str(path))
        except (PKCS11Error, OSError) as error:
            raise DidError(
                "hsm_missing", f"{path} is no PKCS #11 module that can be loaded: see docs/keys-hsm.md"
            ) from error
        self.era = 0
        self.process = os.getpid()

    def restart(self) -> None:
        """Begins anew: after a fork, and after a token was lost."""
        with suppress(PKCS11Error):
            self.library.finalize()
        self.library.initialize()
        self.era += 1
        self.process = os.getpid()

    def follow_fork(self) -> None:
        """In a child process: what the parent opened is the parent's (§6.7.5)."""
        if self.process != os.getpid():
            self.restart()

    def look_for(self, label: str, serial: str | None) -> Found:
        """As `find`, and after new beginnings: some modules see only then what was plugged in.

        A token may be away for a moment: one on USB that was just plugged in, and
        SoftHSM2's while another process logs in to it, which writes its file anew.
        """
        try:
            return self.find(label, serial)
        except DidError as error:
            if error.code != "token_missing":
                raise
        for pause in _PAUSES:
            sleep(pause)
            with suppress(DidError, PKCS11Error):
                self.restart()
                return self.find(label, serial)
        self.restart()
        return self.find(label, serial)

    def find(self, label: str, serial: str | None) -> Found:
        """The token of this label, and of this serial number where one is named."""
        found = []
        for slot in self.library.get_slots():
            with suppress(PKCS11Error, UnicodeError):  # an empty reader, or a broken one, hides no other
                token = slot.get_token()
                if TokenFlag.TOKEN_INITIALIZED & token.flags and token.label == label:
                    found.append(token)
        matching = [token for token in found if serial is None or serial_of(token) == serial]
        if not matching:
            other = "; one of that name has another serial number" if found else ""
            raise DidError("token_missing", f"no token is called {label!r}{other}: is it plugged in, and on?")
        if len(matching) > 1:
            raise DidError("token_ambiguous", f"several tokens are called {label!r}: name the serial number")
        return matching[0]


class Connection:
    """A token, logged in: one a process, shared by all who named the same token and PIN."""

    def __init__(self, module: _Module, token: Found, pin: str) -> None:
        self.module = module
        self.label = token.label
        self.serial = serial_of(token)
        self._pin = pin
        self._era = -1
        self._session: Session | None = None

    def use(self, work: Callable[[Session], T]) -> T:
        """What `work` makes of the session; once more in a new session, if the token was lost meanwhile.

        Raises:
            DidError: `token_missing`, `wrong_pin`, `pin_locked`, `hsm_failed`, and what `work` raises.
        """
        with _LOCK, told():
            self.module.follow_fork()
            try:
                return work(self._current())
            except PKCS11Error as error:
                if not (isinstance(error, _LOST) or type(error) is PKCS11Error):
                    raise
                self.module.restart()
                return work(self._current())

    def check(self, pin: str) -> None:
        """Refuses another PIN than the token has taken, without asking the token."""
        if not hmac.compare_digest(pin.encode(), self._pin.encode()):
            raise DidError("wrong_pin", "this token was opened with another PIN; nothing was tried")

    def log_in(self) -> None:
        """Opens the session."""
        self._current()

    def _current(self) -> Session:
        if self._session is None or self._era != self.module.era:
            self._session = None
            token = self.module.look_for(self.label, self.serial)
            try:
                self._session = _log_in(token, self._pin)
            except DidError:
                _CONNECTIONS.pop((self.module.path, self.serial), None)  # another PIN may be right
                raise
            self._era = self.module.era
        return self._session

    def __repr__(self) -> str:
        return f"Connection({self.label!r}, {self.serial!r})"  # never the PIN


def connect(module: Path, label: str, *, serial: str | None, pin: str) -> Connection:
    """Logs in to a token, or joins who has.

    Raises:
        DidError: `hsm_missing`, `token_missing`, `token_ambiguous`, `wrong_pin`, `pin_locked`, `hsm_failed`.
    """
    if not 0 < len(pin.encode()) <= _MAX_PIN:
        raise DidError("wrong_pin", f"a PIN has 1 to {_MAX_PIN} bytes; nothing was tried")
    module = Path(os.path.realpath(module))  # by two names it would be begun twice, which it refuses
    with _LOCK, told():
        if module not in _MODULES:
            _MODULES[module] = _Module(module)
        loaded = _MODULES[module]
        loaded.follow_fork()
        token = loaded.look_for(label, serial)
        known = _CONNECTIONS.get((module, serial_of(token)))
        if known is not None:
            known.check(pin)
            return known
        made = Connection(loaded, token, pin)
        made.log_in()
        _CONNECTIONS[module, made.serial] = made
        return made


def close() -> None:
    """Logs out of every token and forgets every PIN of this process; a module can be opened again."""
    with _LOCK:
        _CONNECTIONS.clear()
        _REFUSED.clear()
        for module in _MODULES.values():
            with suppress(PKCS11Error):
                module.restart()


def serial_of(token: Found) -> str:
    """A token's serial number, as text."""
    return token.serial.decode("ascii", "backslashreplace").strip()


@contextmanager
def told() -> Iterator[None]:
    """What the library complains of, as an error of ours; the library's own name for it and nothing else.

    Raises:
        DidError: `hsm_failed`.
    """
    try:
        yield
    except (PKCS11Error, UnicodeError) as error:
        what = type(error).__name__
        raise DidError("hsm_failed", f"the token could not do it ({what}): see docs/keys-hsm.md") from error


def _log_in(token: Found, pin: str) -> Session:
    tried = (serial_of(token), hashlib.sha256(pin.encode()).digest())
    if tried in _REFUSED:
        raise DidError("wrong_pin", "the token has refused this PIN before; it was not tried again")
    if TokenFlag.USER_PIN_LOCKED & token.flags:
        raise _locked()
    try:
        return token.open(user_pin=pin)
    except exceptions.PinLocked as error:
        raise _locked() from error
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        _REFUSED.add(tried)
        raise DidError("wrong_pin", f"the token refuses the PIN. {_tries_left(token)}") from error


def _locked() -> DidError:
    return DidError("pin_locked", "the token is locked after wrong PINs: its security officer can unlock it")


def _tries_left(token: Found) -> str:
    """What a token tells of the tries that are left (PKCS #11 v2.40, table 6: it may tell nothing)."""
    flags = token.flags
    with suppress(PKCS11Error):
        flags = token.slot.get_token().flags
    if TokenFlag.USER_PIN_LOCKED & flags:
        return "It is locked now: its security officer can unlock it."
    if TokenFlag.USER_PIN_FINAL_TRY & flags:
        return "One try is left: another wrong PIN locks it."
    if TokenFlag.USER_PIN_COUNT_LOW & flags:
        return "Few tries are left: after some more wrong PINs it locks."
    return "It does not say how many tries are left; tokens lock after a few."


_LOCK = Lock()
_MODULES: dict[Path, _Module] = {}
_CONNECTIONS: dict[tuple[Path, str], Connection] = {}
_REFUSED: set[tuple[str, bytes]] = set()
# No fork while a module is in the middle of something; in the child the lock is free again.
os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)
