"""The books of a run see one lost event as one and one doubled effect as one, and nothing else."""

import pytest

from chassis.messages import Subscription
from uem.demo import accounts
from uem.demo.accounts import Ledger

TASK = "tsk_" + "0" * 31
HEARD = (Subscription(service="plans", aggregate="activation", on={}),)


def said(number, event="started", id="act_1", version=None):
    return {
        "eventId": f"evt_{number}",
        "aggregate": "activation",
        "id": id,
        "version": version or number,
        "subject": f"uem.plans.activation.{event}.v1.41.01.00.000.{id}",
    }


def heard(number, consumer="org-plans-activation"):
    return {"consumer": consumer, "eventId": f"evt_{number}"}


def books(plans_said, org_heard):
    return {"plans": Ledger(plans_said, []), "org": Ledger([], org_heard)}


def test_a_run_in_which_everything_said_was_heard_lost_nothing():
    balance = accounts.balance(books([said(1), said(2)], [heard(1), heard(2)]), {"org": HEARD})

    assert (balance.published, balance.handled, balance.lost) == (2, 2, 0)


def test_one_event_without_an_inbox_row_is_one_lost():
    balance = accounts.balance(books([said(1), said(2)], [heard(1)]), {"org": HEARD})

    assert balance.lost == 1


def test_an_event_heard_by_another_consumer_only_is_lost_all_the_same():
    other = heard(1, consumer="analytics-plans-all")

    assert accounts.balance(books([said(1)], [other]), {"org": HEARD}).lost == 1


def test_of_a_state_stream_only_the_newest_state_has_to_be_heard():
    states = (Subscription(service="plans", aggregate="activation", on={}, state=True),)
    rows = [said(1, "state", version=1), said(2, "state", version=2)]
    last = heard(2, consumer="org-plans-activation-state")

    assert accounts.balance(books(rows, [last]), {"org": states}).lost == 0
    assert accounts.balance(books(rows, []), {"org": states}).lost == 1


def effect(number, *, cause="evt_cause", step="pumps", aggregate="task", id=None, **more):
    made = id or f"tsk_{number:032x}"
    return {
        "eventId": f"evt_{number}",
        "causationId": cause,
        "service": "org",
        "aggregate": aggregate,
        "event": "created",
        "id": made,
        "payload": {aggregate: {"id": made, "step": step, **more}},
    }


def test_two_tasks_of_one_cause_for_different_steps_are_two_effects():
    assert accounts.duplicate_effects([effect(1), effect(2, step="shelters")]) == 0


def test_the_same_task_made_twice_by_one_cause_is_one_doubled():
    assert accounts.duplicate_effects([effect(1), effect(2)]) == 1


def test_the_same_task_by_two_causes_is_not_doubled():
    assert accounts.duplicate_effects([effect(1), effect(2, cause="evt_other")]) == 0


@pytest.mark.parametrize(("second_step", "doubled"), [("shelters", 0), ("pumps", 2)])
def test_what_is_owed_on_two_objects_is_doubled_only_when_the_objects_are(second_step, doubled):
    tasks = [effect(1), effect(2, step=second_step)]
    owed = [
        effect(10 + n, aggregate="obligation", id=f"obl_{n:032x}", subject=task["id"], step="")
        for n, task in enumerate(tasks)
    ]

    assert accounts.duplicate_effects([*tasks, *owed]) == doubled
