"""The lists at the root: in pages, of one mode, with the filters that their service knows."""

from gateway.schema.lists.coordination import coordination_figures, coordination_requests
from gateway.schema.lists.disclosure import bulletins, rumours
from gateway.schema.lists.exercise import exercises, revision_proposals, step_records
from gateway.schema.lists.org import (
    desk,
    incidents,
    log,
    obligations,
    orders,
    situation_reports,
    tasks,
)
from gateway.schema.lists.plan_life import consultations, due_plans, plans
from gateway.schema.lists.support import (
    activations,
    detections,
    dispatches,
    events,
    links,
    overrides,
    plan_hierarchy,
    resources,
    signals,
    warnings,
    worst_plans,
)

__all__ = [
    "activations",
    "bulletins",
    "consultations",
    "coordination_figures",
    "coordination_requests",
    "desk",
    "detections",
    "dispatches",
    "due_plans",
    "events",
    "exercises",
    "incidents",
    "links",
    "log",
    "obligations",
    "orders",
    "overrides",
    "plan_hierarchy",
    "plans",
    "resources",
    "revision_proposals",
    "rumours",
    "signals",
    "situation_reports",
    "step_records",
    "tasks",
    "warnings",
    "worst_plans",
]
