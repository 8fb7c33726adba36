"""What roots and trust lists say, in the words of the custodian who reads them, in Khmer and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from credential.codes import Name

KINDS: Mapping[str, Name] = MappingProxyType(
    {
        "root": Name("root", "root"),
        "role": Name("តួនាទី", "role"),
        "root key": Name("កូនសោ root", "root key"),
        "targets key": Name("កូនសោ targets", "targets key"),
        "online key": Name("កូនសោអនឡាញ", "online key"),
        "trust list": Name("បញ្ជីទំនុកចិត្ត", "trust list"),
        "file": Name("ឯកសារ", "file"),
        "ministries": Name("ក្រសួង", "ministries"),
        "positions": Name("មុខតំណែង", "positions"),
        "grades": Name("ឋានន្តរស័ក្តិ", "grades"),
        "purpose": Name("គោលបំណង", "purpose"),
        "relying party": Name("ច្រក ឬធនាគារ", "relying party"),
        "template": Name("គំរូ", "template"),
        "key": Name("កូនសោ", "key"),
        "thumbprint": Name("ស្នាមកូនសោ", "thumbprint"),
    }
)
"""By what a statement is about; the English is also what `--json` calls it."""

_FACTS = {
    "version": Name("កំណែ {}", "version {}"),
    "expires": Name("ផុតកំណត់ {}", "expires {}"),
    "threshold": Name("កូនសោ {} ក្នុងចំណោម {}", "{} of {} keys"),
    "permitted": Name("អនុញ្ញាត", "permitted"),
    "not_permitted": Name("មិនអនុញ្ញាត", "NOT permitted"),
    "purposes": Name("សម្រាប់ {}", "for {}"),
    "claims": Name("ឃើញ {}", "sees {}"),
    "validity_days": Name("{} ថ្ងៃ", "{} days"),
    "card_digits": Name("{} ខ្ទង់", "{} digits"),
    "fingerprint": Name("ស្នាមម្រាមដៃ {}", "fingerprint {}"),
}


def fact(label: str, *values: object) -> Name:
    """One thing that is said of something, its blanks filled."""
    said = _FACTS[label]
    return Name(said.km.format(*values), said.en.format(*values))
