"""The reference names every hook, slot and rule as the code has it, and no others."""

import inspect
import re
from pathlib import Path

import pytest

from partizipation_core.formats.rules import SLOTS
from partizipation_core.plugins.hookspecs import Hooks
from partizipation_core.plugins.standard import RULES

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
HEADING = re.compile(r"^## `(?P<name>\w+)\((?P<arguments>[^)]*)\)`$", re.MULTILINE)
ROW = re.compile(
    r"^\| `(?P<name>\w+/\w+)` \| (?P<purpose>[^|]+?) \| (?P<settings>[^|]*)\|$", re.MULTILINE
)


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def signatures(text):
    """Read the headings: name → arguments."""
    return {found["name"]: found["arguments"] for found in HEADING.finditer(text)}


def chapters(text):
    """Cut a page into its chapters: name in the heading → what stands below it."""
    found = list(HEADING.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)]
    return {one["name"]: text[one.end() : end] for one, end in zip(found, ends, strict=True)}


def arguments(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def hooks():
    return {name: spec for name, spec in vars(Hooks).items() if not name.startswith("_")}


# --- hooks


def test_every_hook_is_described_with_its_exact_arguments():
    expected = {name: ", ".join(arguments(spec)) for name, spec in hooks().items()}
    assert signatures(page("hooks.md")) == expected


def test_every_argument_of_a_hook_is_explained():
    described = chapters(page("hooks.md"))
    missing = [
        f"{name}: {argument}"
        for name, spec in hooks().items()
        for argument in arguments(spec)
        if f"\n- `{argument}`: " not in described[name]
    ]
    assert missing == []


@pytest.mark.parametrize("hook", hooks())
def test_every_hook_says_what_it_returns_and_what_a_failure_means(hook):
    described = chapters(page("hooks.md"))[hook]
    assert "\n- returns " in described
    assert "\n- on failure: " in described


# --- slots and rules


def test_every_slot_is_described_with_its_exact_arguments():
    expected = {
        name: ", ".join(arguments(slot.signature.__call__)) for name, slot in SLOTS.items()
    }
    assert signatures(page("rule-slots.md")) == expected


@pytest.mark.parametrize("slot", SLOTS.values(), ids=lambda slot: slot.name)
def test_every_slot_says_what_it_is_for_and_how_many_rules_it_takes(slot):
    described = " ".join(chapters(page("rule-slots.md"))[slot.name].split())
    assert described.startswith(slot.purpose.rstrip("."))
    assert ("Takes several rules." in described) == slot.many
    assert ("Takes one rule" in described) == (not slot.many)


def test_every_rule_of_the_core_stands_under_its_slot_in_its_own_words():
    described = {
        (slot, row["name"]): row["purpose"]
        for slot, text in chapters(page("rule-slots.md")).items()
        for row in ROW.finditer(text)
    }
    expected = {(rule.slot, rule.name): rule.purpose.replace("``", "`") for rule in RULES}
    assert described == expected


OF_EVERY_AWARD = {"threshold", "area_budgets", "category_budgets", "budgets_as"}
"""What every rule of award reads stands above their table."""


def test_the_settings_a_rule_reads_are_named():
    source = {rule.name: inspect.getsource(rule.function) for rule in RULES}
    for text in chapters(page("rule-slots.md")).values():
        for row in ROW.finditer(text):
            named = set(re.findall(r"`(\w+)`", row["settings"])) - OF_EVERY_AWARD
            body = source[row["name"]]
            read = set(re.findall(r"settings\.(\w+)", body)) - OF_EVERY_AWARD
            if "awarded(" in body:
                assert set(re.findall(r"`(\w+)`", text)) >= OF_EVERY_AWARD
            assert named == read, row["name"]


# --- the checks themselves


def test_a_heading_with_another_argument_is_seen():
    assert signatures("## `objections(comand)`\n") == {"objections": "comand"}
    assert signatures("## objections(command)\n") == {}
