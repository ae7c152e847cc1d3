"""What becomes of an event: every order of delivery ends where the right order ends."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import inbox
from chassis.delivery import Delivery, Heard, Route, handled_major
from chassis.envelope import Envelope
from chassis.inbox import Order, Outcome, Standing

EPOCH = 1 << 40
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def heard(version, previous=None, *, id="x", route=Route.HANDLED):
    about = Envelope(
        event_id=f"evt_{id}_{version}",
        type="uem.s.marble.rolled.v1",
        service="s",
        aggregate="marble",
        event="rolled",
        major=1,
        majors=(1,),
        id=id,
        area="410105",
        mode="REAL",
        version=version,
        previous=version - 1 if previous is None else previous,
        time=NOW,
        correlation_id="cor",
    )
    delivery = Delivery(subject="s", headers={}, payload=b"", stream="S", stream_seq=version)
    return Heard(delivery, about, route, None, None)


async def on_rolled(_uow, _event):
    """Never called: decisions need no handler."""


class Consumer:
    """The inbox, the watermark and the parked messages of one aggregate, in memory."""

    def __init__(self, order=Order.GAPLESS):
        self.order = order
        self.watermark = 0
        self.held = False
        self.seen = set()
        self.parked = []
        self.applied = []

    def take(self, event):
        outcome = self._decide(event, seen=event.envelope.event_id in self.seen)
        self.seen.add(event.envelope.event_id)
        if outcome is Outcome.PARKED:
            self.parked.append(event)
        self._note(event, outcome)
        while turn := [p for p in self.parked if self._decide(p) is not Outcome.PARKED]:
            first = min(turn, key=lambda p: p.envelope.version)
            self.parked.remove(first)
            self._note(first, self._decide(first))
        return outcome

    def _decide(self, event, seen=False):
        standing = Standing(watermark=self.watermark, held=self.held, seen=seen)
        return inbox.decide(self.order, event, standing)

    def _note(self, event, outcome):
        if outcome is Outcome.APPLIED:
            self.applied.append(event.envelope.version)
        if outcome in (Outcome.APPLIED, Outcome.ADVANCED) and self.order is not Order.EVERY:
            self.watermark = event.envelope.version


@st.composite
def histories(draw):
    """An aggregate's events over one or more epochs, some not handled; each follows the one before.

    After a restore the new epoch follows an event of the old one, and later ones are forgotten
    by the service although its readers have them.
    """
    events, version, previous = [], 0, 0
    for epoch in range(draw(st.integers(1, 3))):
        for _ in range(draw(st.integers(1, 5))):
            version = epoch * EPOCH + (version % EPOCH) + 1
            route = draw(st.sampled_from([Route.HANDLED, Route.HANDLED, Route.UNHANDLED]))
            events.append(heard(version, previous, route=route))
            previous = version
    return events


@st.composite
def deliveries(draw):
    """A history, delivered at least once each, in any order."""
    history = draw(histories())
    repeated = history + draw(st.lists(st.sampled_from(history), max_size=6))
    return history, draw(st.permutations(repeated))


@settings(max_examples=200)
@given(deliveries())
def test_whatever_the_order_of_delivery_each_handled_event_is_applied_once_and_in_order(case):
    history, delivered = case
    consumer = Consumer()

    for event in delivered:
        consumer.take(event)

    assert consumer.applied == [e.envelope.version for e in history if e.route is Route.HANDLED]
    assert consumer.parked == []


@settings(max_examples=100)
@given(deliveries(), st.data())
def test_a_lost_event_stops_its_aggregate_until_it_comes(case, data):
    history, delivered = case
    lost = data.draw(st.sampled_from(history))
    consumer = Consumer()

    for event in delivered:
        if event is not lost:
            consumer.take(event)

    before = history[: history.index(lost)]
    assert consumer.applied == [e.envelope.version for e in before if e.route is Route.HANDLED]
    consumer.take(lost)
    assert consumer.applied == [e.envelope.version for e in history if e.route is Route.HANDLED]


@given(deliveries())
def test_states_end_with_the_newest_and_never_go_back(case):
    history, delivered = case
    consumer = Consumer(Order.NEWEST)

    for event in delivered:
        consumer.take(event)

    assert consumer.applied == sorted(set(consumer.applied))
    assert consumer.watermark == history[-1].envelope.version


@given(deliveries())
def test_a_log_takes_each_event_once_in_the_order_of_delivery(case):
    history, delivered = case
    consumer = Consumer(Order.EVERY)

    for event in delivered:
        consumer.take(event)

    handled = {e.envelope.version for e in history if e.route is Route.HANDLED}
    assert sorted(consumer.applied) == sorted(handled)


@given(deliveries())
def test_a_batch_decides_as_one_by_one_does(case):
    _, delivered = case
    one_by_one = Consumer()
    fresh = [Standing() for _ in delivered]

    outcomes, reached = inbox.decide_all(Order.GAPLESS, delivered, fresh)

    applied = [
        e.envelope.version for e, o in zip(delivered, outcomes, strict=True) if o is Outcome.APPLIED
    ]
    for event in delivered:
        one_by_one.take(event)
    assert applied == one_by_one.applied[: len(applied)]
    assert set(reached.values()) <= {e.envelope.version for e in delivered}


def test_the_first_event_of_a_new_epoch_follows_whatever_the_forgotten_past_had_reached():
    after_restore = heard(EPOCH + 4, previous=3)

    for reached in (3, 4, 9):
        standing = Standing(watermark=reached)
        assert inbox.decide(Order.GAPLESS, after_restore, standing) is Outcome.APPLIED
    early = inbox.decide(Order.GAPLESS, after_restore, Standing(watermark=2))
    assert early is Outcome.PARKED
    late = inbox.decide(Order.GAPLESS, heard(9), Standing(watermark=EPOCH + 4))
    assert late is Outcome.SKIPPED


def test_a_held_aggregate_parks_what_comes_but_not_what_is_old():
    held = Standing(watermark=3, held=True)

    assert inbox.decide(Order.GAPLESS, heard(4), held) is Outcome.PARKED
    assert inbox.decide(Order.GAPLESS, heard(3), held) is Outcome.SKIPPED


def test_quarantine_takes_what_waits_and_never_what_was_taken_or_is_held():
    taken = {Outcome.APPLIED, Outcome.ADVANCED, Outcome.SKIPPED, Outcome.DUPLICATE}

    for outcome in taken | {Outcome.DISCARDED}:
        assert not inbox.may_be_held(outcome, is_held=False, is_parked=False)
    for waits in (None, Outcome.QUARANTINED):
        assert inbox.may_be_held(waits, is_held=False, is_parked=False)
        assert not inbox.may_be_held(waits, is_held=True, is_parked=False)
    for outcome in (Outcome.PARKED, Outcome.DISCARDED):
        assert inbox.may_be_held(outcome, is_held=False, is_parked=True)


def test_a_discarded_event_has_its_turn_and_no_effect():
    for reached, expected in ((1, Outcome.PARKED), (2, Outcome.DISCARDED), (9, Outcome.DISCARDED)):
        standing = Standing(watermark=reached, seen=True)
        known = Outcome.DISCARDED
        outcome = inbox.decide_parked(Order.GAPLESS, heard(3), standing, known=known)
        assert outcome is expected


@given(st.sets(st.integers(1, 5), min_size=1), st.sets(st.integers(1, 5)))
def test_a_fact_told_in_several_majors_is_handled_in_exactly_one(told, handled):
    on = {f"rolled.v{major}": (dict, on_rolled) for major in handled}

    chosen = handled_major(on, "rolled", majors=sorted(told))

    assert chosen == max(told & handled, default=None)
