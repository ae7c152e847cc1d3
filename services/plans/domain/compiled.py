"""Plans made ready to be asked often: each expression as a function, and what it said in short.

Published versions never change, so a plan is made ready once and asked for each change of facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain import condition, logic
from services.plans.domain.activation import Activation
from services.plans.domain.condition import Answer, Leaf, Response, When
from services.plans.domain.evaluation import ConditionResult, Findings
from services.plans.domain.logic import Asked, Atom, Opaque
from services.plans.domain.plan import Plan, conditions, names

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Question:
    """One expression as a function, with the figures that it reads in the order of its text.

    `atom` when it is nothing but one figure beside one limit, as most are.
    """

    asked: Asked
    reads: tuple[str, ...]
    atom: Atom | None

    def answer(self, values: Values) -> Answer:
        """What it says of the values."""
        holds = self.asked(values)
        missing = [name for name in self.reads if values.get(name) is None] if holds is None else ()
        return Answer(holds, tuple(missing))


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPlan:
    """A plan version made ready; two are the same only if they are the same object.

    `indicators` are all that it reads, `responses` the emergency types whose responses it reads.
    `atoms` and `others` are its expressions by their texts.
    """

    plan: Plan
    indicators: frozenset[str]
    responses: tuple[str, ...]
    atoms: Mapping[str, Question]
    others: Mapping[str, Question]

    def read(self, leaf: Leaf, values: Values) -> Answer:
        """What `condition.read` says of the expression."""
        question = self.atoms.get(leaf.text) or self.others[leaf.text]
        return question.answer(values)

    def gist(self, states: str, values: Values) -> str:
        """What the plan says of the values, in short: `states` is what its atoms say.

        Version, a letter an atom, then the others: 1 true, 0 false, ? undetermined for want of
        what stands behind it.
        """
        told = [_state(one.answer(values)) for one in self.others.values()]
        return " ".join([self.plan.plan_version, states, *told])

    def gist_of(self, findings: Findings) -> str:
        """What the findings say in short.

        Two of one gist at one instant differ in nothing but the values that led to them.
        """
        said = {one.text: one for one in findings.conditions}
        states = "".join(_state(_answer(said[text]))[0] for text in self.atoms)
        told = [_state(_answer(said[text])) for text in self.others]
        return " ".join([self.plan.plan_version, states, *told])


@dataclass(frozen=True, slots=True)
class Last:
    """What the plan's rules last found, in short; `gist` None: recorded before it was kept."""

    id: str
    gist: str | None
    look_again_at: datetime | None


def compiled(plan: Plan) -> CompiledPlan:
    """The plan made ready. Raises `ExpressionInvalid` for one that never was imported."""
    leaves = {leaf.text: leaf for leaf in conditions(plan)}
    questions = {text: _question(leaf) for text, leaf in leaves.items()}
    kinds = {leaf.emergency_type for leaf in leaves.values() if isinstance(leaf, Response)}
    return CompiledPlan(
        plan=plan,
        indicators=frozenset(names(plan)),
        responses=tuple(sorted(kinds)),
        atoms={text: one for text, one in questions.items() if one.atom is not None},
        others={text: one for text, one in questions.items() if one.atom is None},
    )


def is_settled(
    gist: str, *, last: Last | None, activation: Activation | None, now: datetime
) -> bool:
    """Whether weighing a plan upon nothing but changed facts would find and decide what stands.

    Every expression says what it said when last weighed, none has become sustained meanwhile, and
    no hold-down runs.
    """
    if last is None or (last.look_again_at is not None and last.look_again_at <= now):
        return False
    if activation is not None and (activation.slack_since or activation.proposal_slack_since):
        return False
    return last.gist == gist


def _question(leaf: Leaf) -> Question:
    # how long it must hold is asked of findings
    at_once = When(leaf.text) if isinstance(leaf, When) else leaf
    formula = logic.formula_of(at_once)
    return Question(
        logic.compiled(formula, _outside),
        condition.reads(leaf),
        formula if isinstance(formula, Atom) else None,
    )


def _outside(opaque: Opaque) -> Asked:
    leaf = When(opaque.text)

    def asked(values: Values) -> bool | None:
        return condition.read(leaf, values).holds

    return asked


def _answer(result: ConditionResult) -> Answer:
    if result.met is None:
        return Answer(None, result.missing)
    return Answer(result.holds_since is not None, ())


def _state(answer: Answer) -> str:
    if answer.holds is None:
        return f"?{','.join(answer.missing)}"
    return "1" if answer.holds else "0"
