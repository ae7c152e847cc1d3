"""An exercise of the flood plan, and what org says of its tasks, orders and obligations."""

from datetime import datetime
from typing import Any

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from contracts.org import v1 as org
from contracts.vocabulary import v1 as shared
from services.plans import commands, domain
from tests.harness import START, Harness
from tests.services.plans.city import CITY, COMMAND, SMALL, minutes
from vocabulary import Mode, ResponseLevel

OFFICE, METRO, DRAINAGE = "org_410100_office", "org_410100_metro", "org_410100_drainage"
DIRECTOR = Caller(
    subject="director",
    organization=OFFICE,
    grants=(Grant(role="planner", area=CITY, organization=OFFICE),),
)
FILE = f"""
type: FUNCTIONAL
title: {{zh: 防汛演练, en: flood exercise}}
plan: flood-410100
version: "2021.1"
jurisdiction: "{CITY}"
organization: {OFFICE}
participants: [{COMMAND}, {DRAINAGE}]
starts_at: 2026-06-01T16:00:00+08:00
ends_at: 2026-06-01T20:00:00+08:00
objectives:
  - id: pumps
    text: {{zh: 一小时内出泵, en: the pumps are out within the hour}}
injects:
  - id: tunnel
    at_minutes: 30
    incident:
      title: tunnel under water
      emergency_type: 11B03
      jurisdiction: "{SMALL}"
      place: {{longitude: 113.6, latitude: 34.7}}
      values: {{trapped: 12, deaths: 0}}
  - id: rain
    at_minutes: 10
    indicator: {{indicator: rain_3h_mm, value: 60}}
  - id: red
    at_minutes: 60
    text: {{zh: 台里来电, en: the observatory calls}}
    signal: {{emergency_type: 11B03, colour: RED, areas: ["{CITY}"], valid_minutes: 180}}
  - id: worse
    at_minutes: 90
    figures: {{incident: tunnel, values: {{trapped: null, deaths: 3}}}}
  - id: call
    at_minutes: 95
    report: {{text: water at the school, jurisdiction: "{SMALL}"}}
  - id: network
    at_minutes: 100
    text: {{zh: 通信中断, en: the network is down}}
"""


async def planned(plans: Harness, text: str = FILE) -> domain.Exercise:
    """The exercise of the file will take place."""
    exercise: domain.Exercise = await plans.run(commands.plan_exercise, text, caller=DIRECTOR)
    return exercise


async def begun(plans: Harness, text: str = FILE) -> domain.Exercise:
    """The exercise of the file runs."""
    exercise = await planned(plans, text)
    started: domain.Exercise = await plans.run(
        commands.start_exercise, exercise.id, by="director", expected_version=1, caller=DIRECTOR
    )
    return started


async def completed(plans: Harness, id: str) -> domain.Exercise:
    """The exercise was played to its end."""
    done: domain.Exercise = await plans.run(
        commands.complete_exercise, id, by="director", expected_version=None, caller=DIRECTOR
    )
    return done


def task(
    activation: domain.Activation,
    step: str,
    status: str,
    *,
    limit: int = 60,
    owed: datetime = START,
    finished: datetime | None = None,
    organization: str | None = DRAINAGE,
    system_was_up: bool | None = True,
) -> org.Task:
    """A task of the activation as org tells it."""
    return org.Task(
        id=f"tsk_{activation.id}_{step}",
        activation_id=activation.id,
        exercise_id=activation.exercise_id,
        step=step,
        organization_id=organization,
        function="drainage.operation",
        status=status,
        due_at=minutes_after(owed, limit),
        mode=activation.mode,
        jurisdiction=CITY,
        created_at=owed,
        acknowledged_at=minutes_after(owed, 5) if status != "OWED" else None,
        finished_at=finished,
        level=ResponseLevel.LEVEL_III,
        system_was_up=system_was_up,
    )


def minutes_after(instant: datetime, count: int) -> datetime:
    """So many minutes later."""
    return instant + (minutes(count) - START)


_TASK: dict[str, tuple[str, Any]] = {
    "OWED": ("created", org.TaskCreated),
    "ACKNOWLEDGED": ("acknowledged", org.TaskAcknowledged),
    "DONE": ("completed", org.TaskCompleted),
    "OVERDUE": ("overdue", org.TaskOverdue),
    "CANCELLED": ("cancelled", org.TaskCancelled),
}


async def hear_task(plans: Harness, said: org.Task) -> None:
    """org says what has just happened to the task."""
    event, body = _TASK[said.status]
    await plans.deliver(
        body(task=said),
        service="org",
        aggregate="task",
        event=event,
        id=said.id,
        area=CITY,
        mode=said.mode,
    )


async def hear_order(plans: Harness, activation: domain.Activation, event: str, *done: str) -> None:
    """org says that the order to stop the metro was issued, carried out, or lifted."""
    bodies: dict[str, Any] = {
        "issued": lambda order: org.OrderIssued(order=order),
        "completed": lambda order: org.OrderCompleted(order=order, organization_id=done[-1]),
        "lifted": lambda order: org.OrderLifted(order=order),
    }
    order = org.Order(
        id=f"ord_{activation.id}",
        number="EX-410100-2026-001",
        status="LIFTED" if event == "lifted" else "ISSUED",
        jurisdiction=CITY,
        activation_id=activation.id,
        exercise_id=activation.exercise_id,
        mode=activation.mode,
        measures=(org.OrderMeasure(code="inspect_tunnels", addressees=(METRO, DRAINAGE)),),
        receipts=tuple(org.OrderReceipt(organization_id=one, done_at=minutes(40)) for one in done),
        issued_at=minutes(20),
    )
    await plans.deliver(
        bodies[event](order),
        service="org",
        aggregate="order",
        event=event,
        id=order.id,
        area=CITY,
        mode=order.mode,
    )


async def hear_obligation(
    plans: Harness, id: str, event: str, *, exercise_id: str | None, **more: Any
) -> None:
    """org says that what was owed was answered, or not."""
    bodies: dict[str, Any] = {
        "owed": org.ObligationOwed,
        "answered": org.ObligationAnswered,
        "overdue": org.ObligationOverdue,
    }
    defaults: dict[str, Any] = {
        "kind": "ACKNOWLEDGE_TASK",
        "state": event.upper(),
        "owed_by": DRAINAGE,
        "owed_to": COMMAND,
        "subject": shared.Cause(kind="TASK", id="tsk_1"),
        "created_at": START,
        "due_at": minutes(10),
        "rule": "national@1",
        "mode": Mode.EXERCISE,
        "jurisdiction": CITY,
    }
    said = org.Obligation(id=id, exercise_id=exercise_id, **defaults | more)
    await plans.deliver(
        bodies[event](obligation=said),
        service="org",
        aggregate="obligation",
        event=event,
        id=id,
        area=CITY,
        mode=said.mode,
    )
