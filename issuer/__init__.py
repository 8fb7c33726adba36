"""The ministry: the register of cards, their life, what is signed for them, and what is published.

`issuer.office.Issuer` is the door for programs, `montrey-issuer` for people.
"""

from issuer.errors import IssuerError

__all__ = ["IssuerError"]
