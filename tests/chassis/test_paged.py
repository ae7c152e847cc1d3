"""Pages of lists that were computed: the same cursors and refusals as those of tables."""

import pytest

from chassis.paging import CursorInvalid, PageRequest, paged

ITEMS = [(0.5, "b"), (0.5, "c"), (2.0, "a")]


def pages(first: int) -> list[list[tuple[float, str]]]:
    found, after = [], None
    while True:
        page = paged(ITEMS, PageRequest(first=first, after=after), key=lambda one: one)
        found.append(list(page.nodes))
        if not page.has_next_page:
            return found
        after = page.end_cursor


@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_every_item_is_on_one_page(first):
    assert [one for page in pages(first) for one in page] == ITEMS
    assert all(len(page) == first for page in pages(first)[:-1])


def test_the_total_is_told_only_when_asked_for():
    totals = [
        paged(ITEMS, PageRequest(first=1, count=count), key=lambda one: one).total_count
        for count in (False, True)
    ]

    assert totals == [None, 3]


def test_nothing_has_an_empty_page_without_a_cursor():
    nothing: list[tuple[str]] = []
    page = paged(nothing, PageRequest(), key=lambda one: one)

    assert (page.nodes, page.has_next_page, page.end_cursor) == ([], False, None)


@pytest.mark.parametrize("cursor", ["?", "WyJhIiwgMV0", "e30"])
def test_a_cursor_that_this_list_did_not_give_out_is_refused(cursor):
    with pytest.raises(CursorInvalid):
        paged(ITEMS, PageRequest(after=cursor), key=lambda one: one)
