"""Judging what is presented, offline: signature, holder, time, card, status, purpose.

Performs no network activity, opens no file and reads no clock.
"""

from verifier.challenges import Challenges
from verifier.live import verify
from verifier.policy import Kind, Policy
from verifier.replay import ReplayCache
from verifier.sd_jwt import verify_sd_jwt
from verifier.seal import verify_seal
from verifier.verdict import Assurance, CannotTell, Refused, VerificationError, Verified

__all__ = [
    "Assurance",
    "CannotTell",
    "Challenges",
    "Kind",
    "Policy",
    "Refused",
    "ReplayCache",
    "VerificationError",
    "Verified",
    "verify",
    "verify_sd_jwt",
    "verify_seal",
]
