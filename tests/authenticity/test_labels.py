"""States and their words: one order, one table, JSON values as published."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import json

import pytest

from headshot.authenticity.labels import KEPT_STATES, STATES, grouped_by_reason
from headshot.types import AuthenticityReport, Finding, KeptState, State
from tests import ROOT


def test_states_are_their_json_values_and_have_one_order() -> None:
    assert json.dumps(list(State)) == '["green", "grey", "amber", "red"]' and f"{State.RED}" == "red"
    for low, high in itertools.combinations(State, 2):
        assert low < high and low <= high and high > low and high >= low and not high < low
        assert max(high, low) is max(low, high) is high and min(low, high) is low
    assert State.AMBER <= State.AMBER >= State.AMBER and "amber" < State.RED
    with pytest.raises(ValueError, match="blue"):
        assert State.RED > "blue"


def test_every_state_has_its_words_and_they_differ() -> None:
    assert set(STATES) == set(State) and set(KEPT_STATES) == set(KeptState)
    for words in zip(*(vars(label).values() for label in STATES.values()), strict=True):
        assert all(words) and len(set(words)) == len(State)


def test_the_schema_knows_the_same_states() -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))["$defs"]
    enums = {frozenset(found) for found in _enums(schema)}
    assert {frozenset(State), frozenset(KeptState)} <= enums


def _enums(node: object) -> list[list[str]]:
    if isinstance(node, dict):
        here = [node["enum"]] if "enum" in node else []
        return here + [e for value in node.values() for e in _enums(value)]
    return [e for value in node for e in _enums(value)] if isinstance(node, list) else []


def test_no_other_module_has_a_table_of_words_for_states() -> None:
    """A dict with a string for each state is a second table: its words would drift from those of the first."""
    for path in (ROOT / "headshot").rglob("*.py"):
        if path.name == "labels.py" and path.parent.name == "authenticity":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {ast.unparse(k) for k in node.keys if k is not None}
                states = {k for s in State for k in (f"State.{s.name}", repr(str(s)))}
                assert len(keys & states) < len(State), f"{path}:{node.lineno}"


def test_what_is_missing_for_one_reason_stands_together() -> None:
    findings = [
        Finding(name, value, "", State.GREY, sentence, "m")
        for name, value, sentence in (("a", None, "x"), ("b", 1.0, "x"), ("c", None, "y"), ("d", None, "x"))
    ]
    assert [[f.id for f in group] for group in grouped_by_reason(findings)] == [["a", "d"], ["c"]]


def test_the_verdict_is_the_worst_and_never_vouches_without_a_judge() -> None:
    def verdict(**states: State) -> State:
        found = tuple(Finding(k, 1.0, "", s, "s", "m") for k, s in states.items())
        return AuthenticityReport(found, "", frozenset({"likeness", "iris", "marks"})).verdict

    green, grey, amber, red = State
    assert verdict(likeness=green, iris=amber, marks=red) == red
    assert verdict(likeness=green, iris=grey, marks=green) == green and verdict(likeness=grey, iris=amber) == grey
    assert verdict(likeness=grey, marks=red) == red, "a clear change needs no judge"
    assert verdict(likeness=green, iris=grey, marks=grey) == grey, "a third is not two thirds"
    assert verdict(likeness=grey, iris=green) == grey and verdict() == grey


def test_a_chip_names_the_good_state() -> None:
    """And every measure that can be green has words for it."""
    from headshot.authenticity.labels import chip_title
    from headshot.authenticity.thresholds import measures

    found = Finding("copy_paste", 0.1, "share", State.GREEN, "s", "m", title="Clings to one photo")
    assert chip_title(found) == "Not a copy of one photo"
    assert chip_title(dataclasses.replace(found, state=State.GREY)) == "Clings to one photo"
    assert chip_title(dataclasses.replace(found, id="quality")) == "Clings to one photo"
    assert all(m.good for m in measures().values() if m.decides)
