"""Copied from the superior: how much of a plan's text stands there, and whether its own risks occur.

Mistake 23 of reference users.md §7: a district plan that is the city's, with the names exchanged.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.plans.domain.finding import Check, Finding, copying
from services.plans.domain.plan import Plan, Text


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of a plan's text is taken over: `share` (0-1) by characters, and texts by number.

    `risks` are those that the plan names as its own, `mentioned` those that its text comes back to.
    """

    share: float
    alike: int
    texts: int
    risks: int
    mentioned: int


def likeness(plan: Plan, superior: Plan) -> Likeness:
    """How much of the plan's titles and texts stands in the superior's, word for word or nearly."""
    mine = tuple(dict.fromkeys(texts(plan)))
    alike, share = _taken_over(mine, tuple(dict.fromkeys(texts(superior))))
    mentioned = sum(_is_mentioned(one, mine) for one in plan.risks)
    return Likeness(share, alike, len(mine), len(plan.risks), mentioned)


def check(superior: Plan, found: Likeness) -> Check:
    """The plan is not copied, or at least says what is at risk here and does something about it."""
    if found.share < copying().share or found.mentioned:
        return None
    return Finding(
        "copied-from-superior",
        ("risks",),
        {
            "superior": superior.plan_id,
            "percent": round(100 * found.share),
            "alike": found.alike,
            "texts": found.texts,
            "risks": found.risks,
            "mentioned": found.mentioned,
        },
    )


def texts(plan: Plan) -> Iterator[Text]:
    """What people read of its steps and measures."""
    for level in plan.levels:
        for step in level.steps:
            yield Text(step.title_zh, step.title_en)
        for measure in level.measures:
            yield Text(measure.text_zh, measure.text_en)


@lru_cache(maxsize=4096)
def _taken_over(mine: tuple[Text, ...], theirs: tuple[Text, ...]) -> tuple[int, float]:
    """How many texts, and which share of the characters."""
    known = set(theirs)
    over = [one for one in mine if one in known or _is_near(one, theirs)]
    characters = sum(map(_length, mine))
    return len(over), sum(map(_length, over)) / characters if characters else 0.0


def _is_near(one: Text, theirs: Sequence[Text]) -> bool:
    return any(_are_alike(one.zh, other.zh) and _are_alike(one.en, other.en) for other in theirs)


def _are_alike(one: str, other: str) -> bool:
    """As alike as `data/quality.yaml` asks; the cheap upper bounds come first."""
    limit, matcher = copying().alike, difflib.SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= limit
        and matcher.quick_ratio() >= limit
        and matcher.ratio() >= limit
    )


def _length(one: Text) -> int:
    return len(one.zh) + len(one.en)


def _is_mentioned(risk: Text, among: Sequence[Text]) -> bool:
    """Whether a text comes back to the risk, in either language."""
    asked = copying()
    return any(
        _shares(risk.zh, one.zh, asked.mentioned_zh) or _shares(risk.en, one.en, asked.mentioned_en)
        for one in among
    )


def _shares(risk: str, text: str, asked: int) -> bool:
    """Whether so many of the risk's characters, or all of a shorter one, stand in the text in a row."""
    width = min(asked, len(risk))
    return any(risk[start : start + width] in text for start in range(len(risk) - width + 1))
