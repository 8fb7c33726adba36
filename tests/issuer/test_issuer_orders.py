"""Orders: one text, one digest, and signatures that serve for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import Code, outcome

from did import Algorithm, SoftwareSigner
from issuer import duties, orders
from issuer.duties import ALONE, DUTIES, Order, Role
from issuer.errors import IssuerError
from issuer.orders import Decision, Written

SOK = SoftwareSigner(Algorithm.ED25519, b"s" * 32)
DARA = SoftwareSigner(Algorithm.ED25519, b"d" * 32)
TEXT = Written(
    order=Order.APPROVE,
    issuer="https://montrey.example",
    asked_by="sok",
    at=1_790_000_000,
    nonce=bytes(16),
    cards=(1, 2, 3, 7),
    content="00" * 32,
).to_text()


@given(st.sets(st.integers(0, 3000)))
def test_ranges(numbers: set[int]) -> None:
    """Every set of numbers has one text."""
    assert orders.read_ranges(orders.write_ranges(numbers)) == tuple(sorted(numbers))


@pytest.mark.parametrize(
    "text", ["1,2", "3-1", "1-1", "2,1", "-1", "1-", "x", "1, 3", "1-2000000", "01", "1-2,3"]
)
def test_no_ranges(text: str) -> None:
    """What `write_ranges` would not have written is none."""
    with pytest.raises(ValueError, match=r".*"):
        orders.read_ranges(text)


def test_an_order_is_read_as_it_was_written() -> None:
    """Byte for byte, or not at all."""
    assert Written.from_text(TEXT).to_text() == TEXT
    assert Written.from_text(TEXT).cards == (1, 2, 3, 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        TEXT + " ",
        TEXT.replace("approve", "elope"),
        TEXT.replace('"1-3,7"', '"1,2,3,7"'),
        TEXT.replace('"at":', '"at":1,"at":'),
        TEXT.replace("1790000000", "true"),
        TEXT.replace('"nonce":"00', '"nonce":"zz'),
    ],
)
def test_malformed_orders(text: str) -> None:
    """Whatever was changed in a text, it is no order any more."""
    assert outcome(lambda: Written.from_text(text)) == Code("malformed_order")


def test_signatures_serve_for_nothing_else() -> None:
    """Not for another order, decision, person, time, nor for asking."""
    other = TEXT.replace("sok", "sak")
    asked = orders.sign(TEXT, SOK)
    assert orders.is_signed(TEXT, asked, SOK.public_key)
    assert not orders.is_signed(other, asked, SOK.public_key)
    assert not orders.is_signed(TEXT, asked, DARA.public_key)
    said = {"decision": Decision.CONFIRMED, "by": "dara", "at": 5}
    signed = orders.sign(TEXT, DARA, decision=Decision.CONFIRMED, by="dara", at=5)
    assert orders.is_signed(TEXT, signed, DARA.public_key, decision=Decision.CONFIRMED, by="dara", at=5)
    for changed in ({"decision": Decision.DECLINED}, {"by": "sok"}, {"at": 6}):
        told = {**said, **changed}
        assert not orders.is_signed(TEXT, signed, DARA.public_key, **told)  # type: ignore[arg-type]
    assert not orders.is_signed(TEXT, signed, DARA.public_key)
    assert not orders.is_signed(
        TEXT, orders.sign(TEXT, DARA), DARA.public_key, decision=Decision.CONFIRMED, by="dara", at=5
    )


def test_what_takes_two() -> None:
    """As the design has it: all that gives a credential or takes one for good; a suspension acts at once."""
    assert set(Order) == DUTIES.keys()
    assert ALONE.isdisjoint(
        {
            *(Order.APPROVE, Order.OFFER, Order.ACTIVATE, Order.REINSTATE, Order.REPLACE),
            *(Order.REVOKE, Order.REVOKE_WALLET, Order.ADD_STAFF, Order.END_STAFF),
        }
    )
    assert Order.SUSPEND in ALONE


@pytest.mark.parametrize("order", Order)
def test_duties(order: Order) -> None:
    """Nobody asks or confirms whose role is not named; an auditor does neither, ever."""
    for check, allowed in (
        (duties.check_ask, DUTIES[order].ask),
        (duties.check_confirm, DUTIES[order].confirm),
    ):
        for role in Role:
            if role in allowed:
                check(order, [role])
            else:
                with pytest.raises(IssuerError) as caught:
                    check(order, [role])
                assert caught.value.code == "not_their_duty"
        assert Role.AUDITOR not in allowed
