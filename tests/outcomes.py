"""What becomes of bytes that may be anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from did.errors import IdentityError

T = TypeVar("T")


class Code(NamedTuple):
    """A refusal: the stable code of the error that left."""

    code: str


def outcome(call: Callable[[], T]) -> T | Code:
    """The value of `call`, or the code it was refused with; every other error passes through."""
    try:
        return call()
    except IdentityError as error:
        return Code(error.code)
