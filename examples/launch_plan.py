"""The launch as it was told: 17 agencies, 1,859 applications, three banks, 497 cards handed over.

Only these figures are public. Which agencies they were, and what each had at
which stage, is invented; so is everybody in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from credential.codes import Name
from issuer.rejection_reasons import RejectionReason

BANKS = ("ACLEDA", "Canadia", "Wing")
PHOTOGRAPHED = 4
"""The agency that sends photographs: its cards are drawn for eyes."""
APPLICATIONS, AGENCIES, HANDED, HANDED_AGENCIES = 1859, 17, 497, 11


class Way(StrEnum):
    """How far an agency's cards come on the day."""

    HANDED = "handed"
    PRINTED = "printed"
    AT_BANK = "at_bank"
    APPROVED = "approved"
    LATE = "late"
    """Its file came after the approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency: how many people it applies for, and how many of their cards are `handed` over."""

    number: int
    name: Name
    people: int
    way: Way
    handed: int

    @property
    def label(self) -> str:
        """As its files are called."""
        return f"{self.number:02d}"

    @property
    def photos(self) -> bool:
        """Whether it sends a photograph of everybody: one does, drawing them takes its time."""
        return self.number == PHOTOGRAPHED

    @property
    def is_spreadsheet(self) -> bool:
        """Whether it sends XLSX; the others send CSV."""
        return self.number % 2 == 0


LAUNCH = tuple(
    Agency(number=number, name=name, people=people, way=way, handed=handed)
    for number, (name, people, way, handed) in enumerate(
        (
            (Name("អគ្គនាយកដ្ឋានបុគ្គលិក", "General Department of Personnel"), 130, Way.HANDED, 92),
            (Name("អគ្គនាយកដ្ឋានរដ្ឋបាល", "General Department of Administration"), 104, Way.HANDED, 71),
            (Name("អគ្គនាយកដ្ឋានហិរញ្ញវត្ថុ", "General Department of Finance"), 96, Way.HANDED, 64),
            (Name("នាយកដ្ឋានបច្ចេកវិទ្យាព័ត៌មាន", "Department of Information Technology"), 48, Way.HANDED, 38),
            (Name("នាយកដ្ឋានផែនការ និងស្ថិតិ", "Department of Planning and Statistics"), 52, Way.HANDED, 35),
            (Name("នាយកដ្ឋានសវនកម្មផ្ទៃក្នុង", "Department of Internal Audit"), 34, Way.HANDED, 22),
            (Name("នាយកដ្ឋានកិច្ចការច្បាប់", "Department of Legal Affairs"), 71, Way.HANDED, 47),
            (Name("នាយកដ្ឋានបណ្តុះបណ្តាល", "Department of Training"), 43, Way.HANDED, 28),
            (Name("នាយកដ្ឋានទំនាក់ទំនងសាធារណៈ", "Department of Public Relations"), 62, Way.HANDED, 43),
            (Name("នាយកដ្ឋានលទ្ធកម្ម", "Department of Procurement"), 39, Way.HANDED, 23),
            (Name("អគ្គាធិការដ្ឋាន", "General Inspectorate"), 51, Way.HANDED, 34),
            (Name("នាយកដ្ឋានសហប្រតិបត្តិការ", "Department of Cooperation"), 88, Way.PRINTED, 0),
            (Name("វិទ្យាស្ថានស្រាវជ្រាវ", "Research Institute"), 117, Way.AT_BANK, 0),
            (Name("សាលារដ្ឋបាលខេត្តកំពត", "Provincial Administration, Kampot"), 262, Way.APPROVED, 0),
            (Name("សាលារដ្ឋបាលខេត្តបាត់ដំបង", "Provincial Administration, Battambang"), 318, Way.APPROVED, 0),
            (Name("សាលារដ្ឋបាលខេត្តសៀមរាប", "Provincial Administration, Siem Reap"), 196, Way.LATE, 0),
            (Name("សាលារដ្ឋបាលខេត្តតាកែវ", "Provincial Administration, Takeo"), 148, Way.LATE, 0),
        ),
        start=1,
    )
)

REJECTED: tuple[tuple[int, int, RejectionReason], ...] = (
    (1, 2, RejectionReason.LEFT_SERVICE),
    (3, 3, RejectionReason.DATA_WRONG),
    (7, 1, RejectionReason.DUPLICATE),
    (9, 2, RejectionReason.NOT_A_CIVIL_SERVANT),
    (12, 1, RejectionReason.OTHER),
    (14, 9, RejectionReason.LEFT_SERVICE),
    (15, 7, RejectionReason.DATA_WRONG),
)
"""(agency, how many of its applications, why)."""

TWINS: tuple[tuple[int, int], ...] = ((2, 9), (5, 14), (7, 15), (12, 10))
"""Agencies that apply for one person, under two employee numbers: nobody approves these unseen."""
