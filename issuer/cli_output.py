"""What `montrey-issuer` prints, in which nothing out of a file or register can steer the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TextIO

from credential.claims import is_hidden


def print_json(document: object) -> None:
    """Prints one JSON object."""
    for line in json.dumps(document, ensure_ascii=False, indent=2, default=str).split("\n"):
        tell(line)


def tell(text: str, file: TextIO | None = None) -> None:
    """Prints one line, in which nothing out of a file or register can steer the terminal."""
    print(visible(text), file=file)


def visible(text: str) -> str:
    """`text` with every hidden character (`claims.is_hidden`) written out, as JSON writes it.

    So an escape sequence or a line break in a name neither hides nor adds a line.
    """
    if text.isprintable():
        return text
    return "".join(json.dumps(each)[1:-1] if is_hidden(each) else each for each in text)


def print_json_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """Prints a JSON array, one object a line: it may have a hundred thousand."""
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    tell("[")
    last = None
    for row in rows:
        if last is not None:
            tell(last + ",")
        last = encode(row)
    if last is not None:
        tell(last)
    tell("]")
