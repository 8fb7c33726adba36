"""The check of card numbers in SQL: as `card_number.is_valid` says, for SQLite and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from credential import card_number


@dataclass(frozen=True, slots=True)
class Spelt:
    """One condition in the words of each database."""

    sqlite: str
    postgresql: str


def _expression() -> str:
    """SQLite has no functions of one's own. In two steps, because its parser is no deeper than that."""
    digits = card_number.DIGITS
    half = _interim("0", range(1, digits // 2 + 1))
    whole = _interim("half", range(digits // 2 + 1, digits + 1))
    rows = " || ".join(f"'{row}'" for row in card_number.QUASIGROUP)
    check = f"(SELECT {whole} FROM (SELECT rows, {half} AS half FROM (SELECT {rows} AS rows)))"  # noqa: S608
    return f"length(NEW.number) <> {digits} OR NEW.number GLOB '*[^0-9]*' OR {check} <> '0'"


def _interim(interim: str, places: Iterable[int]) -> str:
    """What Damm's check has come to behind these digits."""
    for place in places:
        interim = f"substr(rows, 1 + 10 * {interim} + substr(NEW.number, {place}, 1), 1)"
    return interim


BAD_NUMBER = Spelt(_expression(), "NOT card_number_is_valid(NEW.number)")
"""An application, without a number, has no bad one: of NULL both are NULL."""

POSTGRES_FUNCTION = f"""
CREATE FUNCTION card_number_is_valid(number text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
    rows constant text := '{"".join("".join(str(cell) for cell in row) for row in card_number.QUASIGROUP)}';
    interim integer := 0;
BEGIN
    IF number COLLATE "C" !~ '^[0-9]{{{card_number.DIGITS}}}$' THEN
        RETURN false;
    END IF;
    FOR place IN 1..{card_number.DIGITS} LOOP
        interim := substr(rows, 1 + 10 * interim + substr(number, place, 1)::integer, 1)::integer;
    END LOOP;
    RETURN interim = 0;
END $$
"""
