"""What a leading relay has in hand: fetched once, marked once, idle while nothing may be said."""

from chassis.cargo import Cargo
from tests.chassis.test_chains import row


def test_a_row_is_in_hand_until_its_mark_is_taken():
    cargo = Cargo()
    cargo.add([row(1, "a", 1), row(2, "a", 2)])
    (first,) = cargo.start(0.0)

    cargo.sent(first, 7)

    assert sorted(cargo.in_hand) == [1, 2]
    assert cargo.take_marks() == [(1, 7)]
    assert cargo.in_hand == [2]
    assert cargo.take_marks() == []


def test_a_relay_does_not_spin_while_a_failed_row_may_not_be_published():
    cargo = Cargo()
    cargo.add([row(1, "a", 1)])
    (head,) = cargo.start(0.0)
    cargo.failed(head, 0.0)

    cargo.agree(3)
    assert cargo.idle_s(10.0, at_most=1.0, generation=3) == 0.0

    assert cargo.idle_s(10.0, at_most=1.0, generation=None) == 1.0
    assert cargo.idle_s(10.0, at_most=1.0, generation=4) == 1.0
    cargo.lost_stream()
    assert cargo.idle_s(10.0, at_most=1.0, generation=3) == 1.0


def test_a_publication_of_an_earlier_leadership_ends_in_its_own_cargo():
    earlier, present = Cargo(), Cargo()
    for cargo in (earlier, present):
        cargo.add([row(1, "a", 1)])
    (late,) = earlier.start(0.0)

    earlier.sent(late, 7)

    assert present.in_flight == 0
    assert present.take_marks() == []


def test_what_is_in_hand_does_not_outlast_a_refusal():
    cargo = Cargo(window=1)
    cargo.add([row(1, "a", 1), row(2, "b", 1)])
    (late,) = cargo.start(0.0)

    emptied = cargo.compared(3, agrees=False)
    cargo.sent(late, 7)

    assert not emptied.may_publish(3)
    assert emptied.in_hand == []
    assert emptied.start(0.0) == []
    emptied.add([row(1, "a", 1), row(2, "b", 1)])
    assert len(emptied.start(0.0)) == 1  # as many at once as before


def test_what_is_in_hand_outlasts_a_comparison_that_agrees():
    cargo = Cargo()
    cargo.add([row(1, "a", 1)])

    same = cargo.compared(3, agrees=True)

    assert same is cargo
    assert same.may_publish(3)
