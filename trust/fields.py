"""What trust documents are made of: strict JSON, plain texts, names in two languages, whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from credential.claims import check_text
from credential.codes import Name
from did import strict_json
from did.errors import IdentityError
from trust.errors import TrustError

MAX_BYTES = 1 << 20
"""Of a trust document; a real one has some kilobytes."""
MAX_TEXT = 200


@contextmanager
def reading(document: str) -> Iterator[None]:
    """Names the document that an error from a layer below was found in.

    Raises:
        TrustError: `malformed_document` in place of any other error of the project.
    """
    try:
        yield
    except TrustError:
        raise
    except IdentityError as error:
        raise TrustError("malformed_document", f"{document}: {error}") from error


def malformed(document: str) -> TrustError:
    """The refusal of a document that is JSON but not what it should be."""
    return TrustError("malformed_document", f"{document} does not hold what it should")


def load_object(data: bytes, document: str) -> dict[str, Any]:
    """The JSON object in `data`."""
    value = strict_json.loads(data, max_bytes=MAX_BYTES)
    if not isinstance(value, dict):
        raise malformed(document)
    return value


def load_array(data: bytes, document: str) -> list[Any]:
    """The JSON array in `data`."""
    value = strict_json.loads(data, max_bytes=MAX_BYTES)
    if not isinstance(value, list):
        raise malformed(document)
    return value


def is_plain(text: object) -> bool:
    """Whether `text` is 1 to 200 printable ASCII characters, none of them a space."""
    return (
        isinstance(text, str)
        and 0 < len(text) <= MAX_TEXT
        and text.isascii()
        and text.isprintable()
        and " " not in text
    )


def is_whole(value: object, least: int, most: int) -> bool:
    """Whether `value` is an integer in that range, and not a JSON true or false."""
    return type(value) is int and least <= value <= most


def texts(values: Any, document: str) -> frozenset[str]:
    """A JSON array of plain texts, none twice."""
    if not isinstance(values, list) or not all(map(is_plain, values)) or len(set(values)) < len(values):
        raise malformed(document)
    return frozenset(values)


def check_title(title: Name) -> Name:
    """A title that shows as it is written and draws no line of its own: custodians sign what they see.

    Raises:
        CredentialError: `bad_claim`, as for a name on a card: no longer, no run
            of spaces that a terminal would wrap, nothing invisible.
    """
    check_text("title", title.km)
    check_text("title", title.en)
    return title


def name(value: Any, document: str) -> Name:
    """A name in Khmer and English, as code tables write it."""
    match value:
        case [str(km), str(en)]:
            return check_title(Name(km, en))
    raise malformed(document)
