"""Permission: stage AND role AND item state AND rules; every reason at once.

Default is denial: a command that no stage allows cannot be given by anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.formats.stages import Window
from partizipation_core.kernel import access
from partizipation_core.kernel.context import Context, RuleBook
from partizipation_core.kernel.decider import Decider, Ownership
from partizipation_core.kernel.messages import Command, ItemCommand
from partizipation_core.kernel.state import Item
from partizipation_core.values import Objection, Role

__all__ = ["missing_parts", "objections", "step_objections"]


def objections(decider: Decider, command: Command, context: Context) -> tuple[Objection, ...]:
    """Collect everything the core and the pinned rules have against a command.

    The core's own invariants come last: no plugin code can lift them.
    """
    if lacking := missing_parts(context.rules):
        return lacking
    found = [*_stage_and_role(decider, context), *access.objections(decider, command, context)]
    if isinstance(command, ItemCommand):
        found += _item_state(decider, command, context)
        if any(objection.code == "item_unknown" for objection in found):
            return tuple(found)
    found += [*_ownership(decider, command, context), *_area(decider, command, context)]
    # A command that stands for others may meet the same reasons again.
    theirs = (one for one in decider.objections(command, context) if one not in found)
    return (*found, *theirs)


def missing_parts(rules: RuleBook) -> tuple[Objection, ...]:
    """Say what a procedure has pinned and nobody here offers; nothing if all is there."""
    if not rules.missing:
        return ()
    return (Objection("rule_missing", {"rules": ", ".join(rules.missing)}),)


def _stage_and_role(decider: Decider, context: Context) -> Iterator[Objection]:
    procedure, definition, name = context.procedure, context.definition, decider.name
    if procedure.status == "closed" and not decider.after_closing:
        yield Objection("procedure_closed")
        return
    roles = definition.roles(procedure.stage, name)
    if procedure.ended and name not in definition.anytime:
        following = procedure.schedule.get(definition.following(procedure.stage), Window())
        yield Objection("stage_ended", {"stage": procedure.stage}, following.start)
    elif roles is None:
        yield _not_in_this_stage(name, context)
        later = definition.later_stage(procedure.stage, name)
        roles = later.allows[name] if later else None
    if roles is not None and not roles & context.actor.roles:
        yield Objection("role_forbids", {"command": name, "roles": ", ".join(sorted(roles))})
    if decider.moment == "end" and (ahead := definition.following(procedure.stage)):
        yield Objection("stages_left", {"later": ahead})


def _not_in_this_stage(name: str, context: Context) -> Objection:
    procedure, definition = context.procedure, context.definition
    params: dict[str, object] = {"command": name, "stage": procedure.stage}
    later = definition.later_stage(procedure.stage, name)
    if later is None:
        kinds = [s.key for s in definition.stages if name in s.allows]
        return Objection("stage_over" if kinds else "stage_never", params)
    # A stage that was visited before got its time then; the next visit has none yet.
    window = procedure.schedule.get(later.key, Window())
    due = None if later.key in procedure.visits else window.start
    return Objection("stage_not_yet", {**params, "later": later.key}, due)


def _item_state(decider: Decider, command: ItemCommand, context: Context) -> Iterator[Objection]:
    item = context.world.items.get(command.item)
    if not decider.creates and (item is None or _draft_of_others(item, context)):
        yield Objection("item_unknown", {"item": command.item})
        return
    hidden = item is not None and item.hidden and not decider.takes_back
    if item is not None and hidden and not _office_acts(decider, context):
        yield Objection("item_hidden", {"item": item.ref})
    seen = decider.seen(command, context) if decider.seen and (item or decider.creates) else item
    trigger = decider.pulls(command)
    if trigger and seen is not None:
        yield from step_objections(trigger, seen, command, context)


def _draft_of_others(item: Item, context: Context) -> bool:
    """Tell whether an item is a draft that the actor is not even to know of."""
    mine = (item.author, *item.coauthors, *item.invited)
    return item.state == context.definition.lifecycle.initial and context.actor.ref not in mine


def _office_acts(decider: Decider, context: Context) -> bool:
    """Tell whether somebody acts in a role other than that of a resident."""
    allowed = context.definition.roles(context.procedure.stage, decider.name) or frozenset()
    return bool(allowed & context.actor.roles - {Role.RESIDENT})


def _ownership(decider: Decider, command: Command, context: Context) -> Iterator[Objection]:
    """Keep people to their own items where the command asks for it."""
    actor, stage = context.actor, context.procedure.stage
    roles = context.definition.roles(stage, decider.name) or frozenset()
    confined = decider.ownership.confines(roles & actor.roles)
    if not confined or decider.ownership in (Ownership.INVITED, Ownership.COMMENTER):
        return
    together = decider.ownership is Ownership.AUTHORS
    for item in _known(decider, command, context):
        mine = (item.author, *item.coauthors) if together else (item.author,)
        if actor.ref not in mine:
            code = "not_an_author" if together else "not_the_author"
            yield Objection(code, {"item": item.ref})


def _area(decider: Decider, command: Command, context: Context) -> Iterator[Objection]:
    """Keep an office to the areas it is competent for; what belongs everywhere is in none."""
    areas = context.actor.areas
    if not (areas and decider.by_area):
        return
    concerned = {item.ref for item in _known(decider, command, context) if item.area not in areas}
    if decider.creates and decider.seen and isinstance(command, ItemCommand):
        concerned |= {command.item} if decider.seen(command, context).area not in areas else set()
    for ref in sorted(concerned):
        yield Objection("other_area", {"item": ref, "areas": ", ".join(sorted(areas))})


def _known(decider: Decider, command: Command, context: Context) -> Iterator[Item]:
    refs = dict.fromkeys(decider.items(command))
    yield from (context.world.items[ref] for ref in refs if ref in context.world.items)


def step_objections(
    trigger: str, item: Item, command: Command, context: Context
) -> Iterator[Objection]:
    """Say what speaks against one step of one item: the graph, then the format's guards."""
    lifecycle = context.definition.lifecycle
    if lifecycle.next(item.state, trigger) is None:
        sources = ", ".join(lifecycle.sources(trigger))
        yield Objection(
            "state_forbids",
            {"item": item.ref, "state": item.state, "trigger": trigger, "sources": sources},
        )
        return
    view = context.view(command)
    for guard in context.rules.guards.get(trigger, ()):
        yield from guard(item, view)
