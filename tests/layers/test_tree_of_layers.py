"""The layer tree as data: nothing gets lost, groups come and go without a trace, JSON brings it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InputError
from layers.tree import MAX_DEPTH, Group, LayerTree, Leaf, Node, Place, depth
from layers.tree_json import tree_as_json, tree_from_json

LETTERS = "abcdefgh"


@st.composite
def trees(draw: st.DrawFn) -> LayerTree:
    """Return a tree over some letters: groups drawn over neighbours, a few times."""
    letters = draw(st.lists(st.sampled_from(LETTERS), unique=True, max_size=8))
    nodes: list[Node] = [Leaf(letter) for letter in letters]
    for number in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(nodes)))
        end = draw(st.integers(start, len(nodes)))
        inner = tuple(nodes[start:end])
        nodes[start:end] = [
            Group(f"g{number}", f"name {number}", draw(st.booleans()), draw(st.booleans()), inner)
        ]
    return LayerTree(tuple(nodes))


def uids(tree: LayerTree) -> list[str]:
    return [node.uid for node in tree.walk()]


@given(trees(), st.data())
def test_a_move_keeps_every_node_once_and_the_rest_in_order(tree: LayerTree, data: st.DataObject) -> None:
    known = uids(tree)
    moving = data.draw(st.sets(st.sampled_from(known)) if known else st.just(set()))
    target = data.draw(st.sampled_from([*known, None]))
    result = tree.moved(moving, target, data.draw(st.sampled_from(Place)))
    assert sorted(uids(result)) == sorted(known)
    travelling = {leaf for uid in moving for leaf in tree.members(uid)}
    assert [uid for uid in result.order() if uid not in travelling] == [
        uid for uid in tree.order() if uid not in travelling
    ]
    assert [uid for uid in result.order() if uid in travelling] == [
        uid for uid in tree.order() if uid in travelling
    ]


@given(trees(), st.data())
def test_a_step_down_and_up_again_is_nothing_where_groups_are_open(
    tree: LayerTree, data: st.DataObject
) -> None:
    if not tree.order():
        return
    uid = data.draw(st.sampled_from(tree.order()))
    there = tree.stepped(uid, 1)
    assert sorted(uids(there)) == sorted(uids(tree))
    for node in tree.walk():
        tree = tree.folded(node.uid, True)
    there = tree.stepped(uid, 1)
    assert there == tree or there.stepped(uid, -1) == tree


@given(trees())
def test_grouping_neighbours_and_ungrouping_them_is_nothing(tree: LayerTree) -> None:
    top = [node.uid for node in tree.nodes]
    for start in range(len(top)):
        for end in range(start + 1, len(top) + 1):
            grouped = tree.grouped(top[start:end], "new", "new")
            assert grouped.order() == tree.order()
            assert grouped.ungrouped("new") == tree


@given(trees(), st.data())
def test_a_group_holds_what_was_put_into_it_where_the_topmost_stood(
    tree: LayerTree, data: st.DataObject
) -> None:
    if not tree.order():
        return
    chosen = data.draw(st.sets(st.sampled_from(tree.order()), min_size=1))
    grouped = tree.grouped(chosen, "new", "new")
    inside = [uid for uid in tree.order() if uid in chosen]
    assert list(grouped.members("new")) == inside
    assert sorted(grouped.order()) == sorted(tree.order())
    first = tree.order().index(inside[0])
    assert grouped.order()[:first] == tree.order()[:first]


@given(trees(), st.permutations(LETTERS), st.integers(0, 8))
def test_a_tree_holds_exactly_what_exists(tree: LayerTree, letters: list[str], count: int) -> None:
    exists = letters[:count]
    result = tree.with_layers(exists)
    assert sorted(result.order()) == sorted(exists)
    stayed = [uid for uid in tree.order() if uid in exists]
    assert [uid for uid in result.order() if uid in stayed] == stayed
    groups = [node.uid for node in tree.walk() if isinstance(node, Group)]
    assert [node.uid for node in result.walk() if isinstance(node, Group)] == groups
    assert result.with_layers(exists) == result


@given(trees())
def test_json_brings_a_tree_back(tree: LayerTree) -> None:
    assert tree_from_json(tree_as_json(tree)) == tree


def test_a_project_without_a_tree_shows_its_layers_in_their_order() -> None:
    assert LayerTree().with_layers(["c", "a", "b"]) == LayerTree((Leaf("c"), Leaf("a"), Leaf("b")))


def test_a_new_layer_enters_a_group_only_between_two_of_its_members() -> None:
    tree = LayerTree((Group("g", "g", nodes=(Leaf("a"), Leaf("b"))), Leaf("c")))
    assert tree.with_layers(["a", "new", "b", "c"]).members("g") == ("a", "new", "b")
    below = tree.with_layers(["a", "b", "new", "c"])
    assert below.order() == ("a", "b", "new", "c")
    assert below.parents("new") == ()
    assert tree.with_layers(["new", "a", "b", "c"]).order() == ("new", "a", "b", "c")
    assert tree.with_layers(["new", "a", "b", "c"]).parents("new") == ()


def test_a_leaf_steps_into_an_open_group_through_it_and_out_again() -> None:
    tree = LayerTree((Leaf("a"), Group("g", "g", nodes=(Leaf("b"),)), Leaf("c")))
    orders = [tree]
    for _step in range(4):
        orders.append(orders[-1].stepped("a", 1))
    assert [each.order() for each in orders] == [
        ("a", "b", "c"),
        ("a", "b", "c"),
        ("b", "a", "c"),
        ("b", "a", "c"),
        ("b", "c", "a"),
    ]
    assert [bool(each.parents("a")) for each in orders] == [False, True, True, False, False]
    assert orders[-1].stepped("a", 1) == orders[-1]


def test_a_leaf_passes_a_folded_group_whole() -> None:
    tree = LayerTree((Leaf("a"), Group("g", "g", open=False, nodes=(Leaf("b"), Leaf("c")))))
    assert tree.stepped("a", 1).order() == ("b", "c", "a")


def test_a_hidden_group_hides_all_in_it() -> None:
    inner = Group("in", "in", nodes=(Leaf("b"),))
    tree = LayerTree((Group("out", "out", nodes=(Leaf("a"), inner)), Leaf("c")))
    assert tree.hidden() == frozenset()
    assert tree.with_visible("out", False).hidden() == {"a", "b"}
    assert tree.with_visible("in", False).hidden() == {"b"}
    assert not tree.with_visible("out", False).shown("b")


def test_groups_are_not_put_deeper_than_the_limit() -> None:
    tree = LayerTree((Leaf("a"),))
    for number in range(MAX_DEPTH):
        tree = tree.grouped(("a",), f"g{number}", "")
    assert depth(tree.nodes) == MAX_DEPTH
    with pytest.raises(InputError):
        tree.grouped(("a",), "more", "")


def test_a_group_cannot_be_put_into_itself() -> None:
    tree = LayerTree((Group("out", "", nodes=(Group("in", "", nodes=(Leaf("a"),)),)),))
    assert tree.moved(("out",), "in", Place.FIRST_IN) == tree
    assert tree.moved(("out",), "a", Place.ABOVE) == tree


def _nested(levels: int) -> list[dict[str, object]]:
    nodes: list[dict[str, object]] = [{"layer": "a"}]
    for level in range(levels):
        nodes = [{"group": f"g{level}", "name": "", "nodes": nodes}]
    return nodes


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"layer": "a"},
        ["a"],
        [{"layer": 1}],
        [{"layer": ""}],
        [{"layer": "a"}, {"layer": "a"}],
        [{"group": "g", "nodes": []}],
        [{"group": "g", "name": "g", "nodes": [], "open": "yes"}],
        [{"group": "g", "name": "g"}],
        _nested(MAX_DEPTH + 1),
        _nested(500),
    ],
)
def test_what_is_no_tree_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        tree_from_json(value)
