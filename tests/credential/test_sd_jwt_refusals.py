"""What RFC 9901 §7 says must be rejected, one token each; nothing here is rejected for a signature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from outcomes import Code, outcome

from credential import sd_jwt
from credential.disclosures import MAX_BYTES, digest
from did import Algorithm, SoftwareSigner, base64url, jws

ISSUER = SoftwareSigner(Algorithm.ED25519, b"i" * 32)
HOLDER = SoftwareSigner(Algorithm.P256, b"h" * 32)
MALFORMED = Code("malformed_sd_jwt")
SALT = "A" * 22
BOUND = {"aud": "https://bank.example", "nonce": "n", "iat": 1, "sd_hash": "x"}


def disclosure(*content: Any) -> str:
    """A disclosure of anything at all."""
    return base64url.encode(json.dumps(list(content)).encode())


NAME = disclosure(SALT, "name", "Sok")
OTHER = disclosure(SALT, "agency", "Budget")


def token(payload: Any, disclosures: Sequence[str] = (), last: str = "") -> str:
    """An SD-JWT with this payload, or these very bytes, signed."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return "~".join((jws.sign({"typ": "dc+sd-jwt"}, data, ISSUER), *disclosures, last))


def bound(claims: Any, typ: object = "kb+jwt") -> str:
    """A token with a KB-JWT of these claims."""
    return token({}, last=jws.sign({"typ": typ}, json.dumps(claims).encode(), HOLDER))


def nested(depth: int) -> tuple[dict[str, Any], list[str]]:
    """A payload whose one claim is disclosed in `depth` steps, each inside the one before."""
    text = disclosure(SALT, "end", 1)
    chain = [text]
    for _ in range(depth - 1):
        text = disclosure(SALT, "in", {"_sd": [digest(text)]})
        chain.append(text)
    return {"_sd": [digest(text)]}, chain


TWICE = {"_sd": [digest(NAME)], "in": {"_sd": [digest(NAME)]}}
INNER = disclosure(SALT, "in", {"_sd": [digest(NAME)]})
WRONG: dict[str, str] = {
    "empty": "",
    "no-tilde": token({})[:-1],
    "only-tildes": "~~",
    "not-ascii": token({}) + "ក~",
    "line-end": token({}) + "\n",
    "space-before": " " + token({}),
    "too-long": token({"x": "x" * MAX_BYTES}),
    "too-many-disclosures": token(
        {"_sd": [digest(disclosure(SALT, str(i), 1)) for i in range(201)]},
        [disclosure(SALT, str(i), 1) for i in range(201)],
    ),
    "four-parts": "a.b.c.d~",
    "payload-is-a-list": token([]),
    "payload-is-no-json": token(b"{"),
    "name-twice": token(b'{"iss":"a","iss":"b"}'),
    "nan": token(b'{"iat":NaN}'),
    "huge-number": token(b'{"iat":' + b"9" * 5000 + b"}"),
    "surrogate": token(b'{"iss":"\\ud800"}'),
    "deep": token(b'{"a":' * 40 + b"1" + b"}" * 40),
    "unknown-hash": token({"_sd": [digest(NAME)], "_sd_alg": "sha-384"}, [NAME]),
    "hash-name-no-text": token({"_sd_alg": None}),
    "hash-name-nested": token({"in": {"_sd_alg": "sha-256"}}),
    "sd-no-array": token({"_sd": digest(NAME)}, [NAME]),
    "sd-null": token({"_sd": None}),
    "sd-false": token({"_sd": False}),
    "sd-object": token({"_sd": {}}),
    "sd-of-numbers": token({"_sd": [1]}),
    "sd-of-arrays": token({"_sd": [[]]}),
    "digest-twice": token({"_sd": [digest(NAME)] * 2}, [NAME]),
    "digest-in-two-places": token(TWICE, [NAME]),
    "decoy-twice": token({"_sd": ["decoy", "decoy"]}),
    "decoy-in-two-places": token({"_sd": ["decoy"], "list": [{"...": "decoy"}]}),
    "digest-repeated-in-a-disclosure": token({"_sd": [digest(INNER), digest(NAME)]}, [INNER, NAME]),
    "disclosure-twice": token({"_sd": [digest(NAME)]}, [NAME, NAME]),
    "disclosure-unreferenced": token({"_sd": [digest(NAME)]}, [NAME, OTHER]),
    "disclosure-empty": token({"_sd": [digest("")]}, [""]),
    "disclosure-of-a-hidden-one": token({"_sd": [digest(INNER)]}, [NAME]),
    "element-for-a-member": token({"_sd": [digest(disclosure(SALT, 1))]}, [disclosure(SALT, 1)]),
    "member-for-an-element": token({"l": [{"...": digest(NAME)}]}, [NAME]),
    "element-not-alone": token({"l": [{"...": "decoy", "x": 1}]}),
    "element-of-number": token({"l": [{"...": 1}]}),
    "dots-as-a-claim": token({"...": "decoy"}),
    "dots-in-an-object": token({"in": {"...": "decoy"}}),
    "key-binding-no-jwt": token({}, last="x"),
    "key-binding-list": bound([]),
    "key-binding-other-type": bound(BOUND, typ="jwt"),
    "key-binding-no-type": bound(BOUND, typ=None),
}
for label, content in {
    "no-array": {"a": 1},
    "empty-array": [],
    "four": [SALT, "name", "Sok", 1],
    "salt-number": [1, "name", "Sok"],
    "name-number": [SALT, 1, "Sok"],
    "name-sd": [SALT, "_sd", []],
    "name-dots": [SALT, "...", "x"],
    "name-alg": [SALT, "_sd_alg", "sha-256"],
    "name-taken": [SALT, "taken", 1],
    "value-with-dots": [SALT, "x", {"...": "decoy"}],
    "value-with-sd": [SALT, "x", {"_sd": "decoy"}],
}.items():
    text = base64url.encode(json.dumps(content).encode())
    WRONG[f"disclosure-{label}"] = token({"taken": 1, "_sd": [digest(text)]}, [text])
for label, raw in {
    "nan": b'["A","name",NaN]',
    "huge-number": b'["A","name",' + b"9" * 5000 + b"]",
    "name-twice": b'["A","name",{"x":1,"x":2}]',
    "surrogate": b'["A","name","\\udc00"]',
    "not-utf-8": b'["A","name","\xff"]',
    "no-json": b"Sok",
}.items():
    text = base64url.encode(raw)
    WRONG[f"disclosure-{label}"] = token({"_sd": [digest(text)]}, [text])
for text in ("YQ=", "YR", "Y", "Y+Y/", " YQ", "YQ\r"):
    WRONG[f"disclosure-base64url-{text!r}"] = token({"_sd": [digest(text)]}, [text])
for claim, value in BOUND.items():
    WRONG[f"key-binding-without-{claim}"] = bound({k: v for k, v in BOUND.items() if k != claim})
    WRONG[f"key-binding-null-{claim}"] = bound({**BOUND, claim: None})
    WRONG[f"key-binding-list-{claim}"] = bound({**BOUND, claim: [value]})
WRONG["key-binding-iat-true"] = bound({**BOUND, "iat": True})
WRONG["key-binding-iat-float"] = bound({**BOUND, "iat": 1.5})


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    """A typed refusal, whatever is wrong."""
    assert outcome(lambda: sd_jwt.parse(WRONG[name])) == MALFORMED


def test_what_the_refused_tokens_look_like_when_right() -> None:
    """The tokens above are refused for the one thing that is wrong with them."""
    assert sd_jwt.parse(token({"_sd": [digest(NAME)], "_sd_alg": "sha-256"}, [NAME])).claims == {
        "name": "Sok"
    }
    assert sd_jwt.parse(token({"_sd": [digest(INNER)]}, [NAME, INNER])).claims == {"in": {"name": "Sok"}}
    element = disclosure(SALT, {"a": 1})
    payload = {"l": [{"...": digest(element)}, {"...": "decoy"}, "b"], "_sd": [], "in": {"_sd": ["d"]}}
    assert sd_jwt.parse(token(payload, [element])).claims == {"l": [{"a": 1}, "b"], "in": {}}
    binding = sd_jwt.parse(bound(BOUND)).key_binding
    assert binding is not None
    assert (binding.audience, binding.nonce, binding.issued_at) == ("https://bank.example", "n", 1)


def test_nesting_is_bounded_across_disclosures() -> None:
    """Each disclosure is shallow; together they may not be deeper than one document may."""
    payload, chain = nested(30)
    assert sd_jwt.parse(token(payload, chain)).disclosed == {"in"}
    payload, chain = nested(34)
    assert outcome(lambda: sd_jwt.parse(token(payload, chain))) == MALFORMED


def test_no_message_repeats_the_token() -> None:
    """Messages may be logged, so they hold nothing of what was refused."""
    for text in WRONG.values():
        with pytest.raises(Exception) as refused:  # noqa: PT011
            sd_jwt.parse(text)
        assert "Sok" not in str(refused.value)
        assert SALT not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (token({}), "key_binding_missing"),
        (bound({**BOUND, "sd_hash": digest("another~")}), "sd_hash_mismatch"),
        (bound({**BOUND, "sd_hash": digest(token({}))}), "bad_signature"),
    ],
)
def test_key_binding_is_demanded_by_the_caller(text: str, code: str) -> None:
    """`check_key_binding` refuses a token without one: what came never decides (§7.3)."""
    other = SoftwareSigner(Algorithm.P256, b"o" * 32).public_key
    assert outcome(lambda: sd_jwt.check_key_binding(sd_jwt.parse(text), other)) == Code(code)


def test_key_binding_by_another_algorithm() -> None:
    """A key is used with its own algorithm only."""
    text = bound({**BOUND, "sd_hash": digest(token({}))})
    key = SoftwareSigner(Algorithm.ED25519, b"h" * 32).public_key
    assert outcome(lambda: sd_jwt.check_key_binding(sd_jwt.parse(text), key)) == Code("wrong_algorithm")
