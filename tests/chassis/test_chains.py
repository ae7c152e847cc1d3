"""What the relay may publish next, over thousands of schedules of success and failure."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chassis.chains import LONGEST_PAUSE_S, Chains, Row

WINDOW = 3
AGGREGATES = ("a", "b", "c", "d", "e")


def row(seq: int, aggregate: str, ordinal: int) -> Row:
    return Row(
        seq=seq,
        event_id=f"evt_{seq}",
        aggregate="marble",
        aggregate_id=aggregate,
        version=ordinal,
        previous=ordinal - 1,
        stream="S",
        subject="s",
        headers={},
        payload=b"",
    )


class Relaying(RuleBasedStateMachine):
    """An outbox, a broker that accepts or fails, and a relay that may be replaced at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.outbox: list[Row] = []
        self.unsent: dict[int, Row] = {}
        self.stored: list[Row] = []
        self.now = 0.0
        self.chains = Chains(window=WINDOW)
        self.in_flight: dict[int, Row] = {}

    @rule(aggregate=st.sampled_from(AGGREGATES))
    def commit(self, aggregate):
        ordinal = 1 + sum(r.aggregate_id == aggregate for r in self.outbox)
        made = row(len(self.outbox) + 1, aggregate, ordinal)
        self.outbox.append(made)
        self.unsent[made.seq] = made

    @rule(limit=st.integers(1, 5))
    def fetch(self, limit):
        rows = [r for r in self.unsent.values() if r.seq not in self.chains.known][:limit]
        self.chains.add(rows)

    @rule()
    def fetch_what_is_known_already(self):
        self.chains.add([r for r in self.unsent.values() if r.seq in self.chains.known])

    @rule()
    def start(self):
        for started in self.chains.start(self.now):
            assert started.seq not in self.in_flight
            self.in_flight[started.seq] = started

    @rule(pick=st.integers(0, 10), is_marked=st.booleans())
    def acknowledge(self, pick, is_marked):
        """Stored and told so; the relay may die before it marks the row."""
        if not self.in_flight:
            return
        told = list(self.in_flight.values())[pick % len(self.in_flight)]
        del self.in_flight[told.seq]
        self.stored.append(told)
        self.chains.sent(told)
        if is_marked:
            del self.unsent[told.seq]
        else:
            self.restart()

    @rule(pick=st.integers(0, 10), was_stored=st.booleans())
    def lose_the_answer(self, pick, was_stored):
        if not self.in_flight:
            return
        lost = list(self.in_flight.values())[pick % len(self.in_flight)]
        del self.in_flight[lost.seq]
        if was_stored:
            self.stored.append(lost)
        self.chains.failed(lost, self.now)
        retry = self.chains.next_retry()
        assert retry is not None
        assert retry <= self.now + LONGEST_PAUSE_S

    @rule(seconds=st.floats(0, 10))
    def wait(self, seconds):
        self.now += seconds

    @rule()
    def restart(self):
        """A new leader begins with nothing; what was in flight may or may not have been stored."""
        self.chains = Chains(window=WINDOW)
        self.in_flight = {}

    @invariant()
    def no_two_of_one_aggregate_are_in_flight(self):
        flying = [r.aggregate_id for r in self.in_flight.values()]
        assert len(flying) == len(set(flying)) <= WINDOW
        assert self.chains.in_flight == len(flying)

    @invariant()
    def an_aggregate_is_stored_in_order_but_for_repetitions(self):
        for aggregate in AGGREGATES:
            highest = 0
            for r in (r for r in self.stored if r.aggregate_id == aggregate):
                assert r.version <= highest + 1, "an event overtook its predecessor"
                highest = max(highest, r.version)

    def teardown(self):
        """When the broker accepts again, everything arrives."""
        for _ in range(10_000):
            if not self.unsent:
                break
            self.chains.add(r for r in self.unsent.values() if r.seq not in self.chains.known)
            self.now += LONGEST_PAUSE_S
            self.start()
            for r in list(self.in_flight.values()):
                del self.in_flight[r.seq]
                self.stored.append(r)
                self.chains.sent(r)
                del self.unsent[r.seq]
        assert {r.seq for r in self.stored} == {r.seq for r in self.outbox}
        self.an_aggregate_is_stored_in_order_but_for_repetitions()


Relaying.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestRelaying = Relaying.TestCase


def test_aggregates_take_turns_within_the_window():
    chains = Chains(window=2)
    chains.add([row(1, "a", 1), row(2, "a", 2), row(3, "b", 1), row(4, "c", 1)])

    first = chains.start(0.0)

    assert [r.seq for r in first] == [1, 3]
    chains.sent(first[0])
    assert [r.seq for r in chains.start(0.0)] == [4]
    chains.sent(first[1])
    assert [r.seq for r in chains.start(0.0)] == [2]


def test_a_failed_row_is_first_of_its_aggregate_again_after_a_growing_pause():
    chains = Chains(window=2)
    chains.add([row(1, "a", 1), row(2, "a", 2)])
    (head,) = chains.start(0.0)

    chains.failed(head, 0.0)

    assert chains.start(0.05) == []
    assert chains.start(0.1) == [head]
    chains.failed(head, 0.1)
    assert chains.start(0.25) == []
    assert chains.start(0.31) == [head]
