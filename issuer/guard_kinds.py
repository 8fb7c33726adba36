"""The kinds of rules that the register holds (`issuer.guards`)."""

from __future__ import annotations

from dataclasses import dataclass

from issuer.guards_number import Spelt
from revocation.status_list import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One thing that is refused, before it is done: `event` on a row of `table`, when `when` holds.

    `settle` is a SELECT that PostgreSQL, where several write at once, runs
    first: it locks the row of another table that `when` speaks of, so that
    nobody changes it at this very time. SQLite has one writer. Unless `given`
    holds, of the row alone, `when` does not: PostgreSQL then asks no further.
    `together`: where many rows come at once, PostgreSQL looks at all of them
    after the statement; its `settle` then locks the rows that any of them names.
    """

    name: str
    event: str
    table: str
    when: str | Spelt
    message: str
    settle: str = ""
    given: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """The indices of a row of `table` whose `column` changes get `status`, but for those that are INVALID.

    `owner` is the column of `status_index` that names the row.
    """

    name: str
    column: str
    table: str
    when: str
    status: Status
    owner: str

    @property
    def update(self) -> str:
        """What is done to the indices."""
        kept = ", ".join(str(int(value)) for value in sorted({self.status, Status.INVALID}))
        change = f"UPDATE status_index SET status = {int(self.status)}"  # noqa: S608
        return f"{change} WHERE {self.owner} = NEW.id AND status NOT IN ({kept})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Each column holds what its type says, and what `SHAPES` says of the table."""

    name: str
    event: str
    table: str
    message: str = "this is no row of the table"


Rule = Refusal | Follower | Form
