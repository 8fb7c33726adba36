"""What was judged just now repeats its verdict; what never left the camera is not judged again."""

from __future__ import annotations

from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from verifier.gate.recent import Recent

FRAME = 0.1


def look(recent: Recent[str], text: str, now: float) -> str:
    """What the camera's loop does with a frame that holds `text`."""
    if recent.find(text, now) is not None:
        return "repeated"
    if recent.in_view(text, now):
        return "left alone"
    recent.keep(text, "verdict", now)
    return "judged"


def test_hold() -> None:
    """A verdict is repeated for five seconds from when it was given, and repeats do not prolong it."""
    recent = Recent[str]()
    recent.keep("a", "yes", 100)
    assert [recent.find("a", 100 + t) for t in (0, 2.5, 4, 5)] == ["yes"] * 4
    assert recent.find("a", 105.01) is None
    assert recent.find("b", 100) is None


def test_standing_before_the_camera() -> None:
    """Judged once, repeated for 5 s, left alone for as long as it stays; judged again once it was away."""
    recent = Recent[str]()
    seen = [look(recent, "a", 100 + frame * FRAME) for frame in range(600)]
    assert seen[0] == "judged"
    assert set(seen[1:50]) == {"repeated"}
    assert set(seen[52:]) == {"left alone"}
    assert look(recent, "a", 159.9 + 1.4) == "left alone"
    assert look(recent, "a", 161.3 + 1.5) == "judged"


def test_typed_again() -> None:
    """A scanner that types asks `find` alone: after five seconds the text is judged again."""
    recent = Recent[str]()
    recent.keep("a", "yes", 0)
    assert recent.find("a", 4) == "yes"
    assert recent.find("a", 6) is None


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 4).map(lambda gap: round(gap, 1))), max_size=60)
)
def test_against_a_plain_account(steps: list[tuple[str, float]]) -> None:
    """Any order of three codes before the camera: as the sentence of the specification says."""
    recent, now = Recent[str](), 1000.0
    judged: dict[str, float] = {}
    seen: dict[str, float] = {}
    for text, gap in steps:
        now += gap
        if text in judged and now - judged[text] <= 5:
            expected = "repeated"
        elif text in seen and now - seen[text] < 1.5:
            expected = "left alone"
        else:
            expected, judged[text] = "judged", now
        seen[text] = now
        assert look(recent, text, now) == expected


def test_bounded() -> None:
    """Ten thousand codes in a second, or a week of them, leave a few in memory."""
    recent = Recent[int]()
    for number in range(10_000):
        recent.keep(str(number), number, number / 10_000)
        assert len(recent) <= 64
    recent.keep("last", 1, 1_000)
    assert len(recent) == 1


def test_threads() -> None:
    """Scanners and camera ask at once, and nothing raises."""
    recent, wrong = Recent[str](), []

    def ask(name: str) -> None:
        for step in range(2_000):
            text = f"{name if step % 3 else 'all'}{step % 7}"
            recent.keep(text, text, step / 100)
            if recent.find(text, step / 100) not in (text, None):
                wrong.append(text)
            recent.in_view(text, step / 100)

    threads = [Thread(target=ask, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
