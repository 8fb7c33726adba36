"""What a register knows of people beside what a card shows: to be looked for where it may not be."""

from __future__ import annotations

from datetime import date
from typing import Any

from issuer.default_codes import DEFAULT_CODES


def people_by_card(desk: Any) -> dict[str, dict[str, str]]:
    """Every column of every person with a card, as text."""
    query = "SELECT person.*, card.number, card.valid_until FROM person JOIN card ON person.id = person_id"
    with desk.engine.connect() as connection:
        found = connection.exec_driver_sql(query).mappings().all()
    return {row["number"]: {name: str(value) for name, value in row.items() if value} for row in found}


def other_values(person: dict[str, str]) -> list[str]:
    """What the register knows of a person that a card does not show, in the ways it may be written."""
    born = date.fromisoformat(person["date_of_birth"])
    ministry = DEFAULT_CODES.ministries[int(person["ministry"])]
    grade = DEFAULT_CODES.grades[int(person["grade"])]
    values = [person["employee_id"], person["employee_id"].lstrip("0"), ministry.km, ministry.en]
    values += [text for text in (grade.km, grade.en) if len(text) > 3]  # one letter stands in many names
    values += [born.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d", "%d%m%Y")]
    if "position_code" in person:
        values.append(DEFAULT_CODES.positions[int(person["position_code"])].km)
    return values + [person[name] for name in ("position_text", "agency") if name in person]
