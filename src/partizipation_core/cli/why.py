"""``partizipation why``: may somebody do this now, and if not, why not and from when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from partizipation_core.cli.house import house, place_options, wording_of
from partizipation_core.cli.output import ExitCode, emit, emit_json
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import DefinitionError, InputError, NotFound
from partizipation_core.values import Actor, Objection, ParticipantRef

if TYPE_CHECKING:
    from partizipation_core.kernel.messages import Command
    from partizipation_core.platform import ProcedureHandle
    from partizipation_core.plugins.registry import Registry

__all__ = ["why"]


@click.command()
@place_options
@click.option("--as", "roles", required=True, help="Role; several with commas.")
@click.option("--ref", default="p-0", show_default=True, help="Pseudonym of the person.")
@click.option("--area", "areas", multiple=True, help="Area that the office is responsible for.")
@click.option(
    "--attribute", "attributes", multiple=True, metavar="NAME=WERT", help="Fact about the person."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@lang_option
@click.argument("command")
@click.argument("data", default="{}", metavar="[JSON]")
def why(  # noqa: PLR0917 - click hands them over by name
    database: str,
    municipality: str,
    procedure: str,
    roles: str,
    ref: str,
    areas: Sequence[str],
    attributes: Sequence[str],
    as_json: bool,
    lang: str,
    command: str,
    data: str,
) -> int:
    """Say whether COMMAND would be allowed now, and else every reason against it.

    Nothing is changed. JSON holds the fields of the command, amounts as text:
    SubmitItem '{"item": "i-1", "title": "Bank", "cost": "300 EUR"}'.
    """
    actor = Actor(
        ref=ParticipantRef(ref),
        roles=[role.strip() for role in roles.split(",") if role.strip()],
        attributes=dict(map(_attribute, attributes)),
        areas=areas,
    )
    with house(database) as platform:
        asked = _command(platform.host.registry, command, data)
        handle = platform.municipality(municipality).procedure(procedure)
        found = handle.why(asked, actor=actor)
        if as_json:
            emit_json({"allowed": not found, "objections": [_data(o, handle) for o in found]})
        else:
            _tell(found, handle, lang)
    return ExitCode.REFUSED if found else ExitCode.OK


def _attribute(text: str) -> tuple[str, str | int | bool]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"{text!r}: NAME=WERT", param_hint="--attribute")
    if value in ("true", "false"):
        return name, value == "true"
    return name, int(value) if value.isdecimal() else value


def _command(registry: Registry, name: str, data: str) -> Command:
    from partizipation_core.plugins.registry import near
    from partizipation_core.serialization import BY_HAND, parse

    if name not in registry.deciders:
        raise NotFound(f"no command is called {name!r}{near(name, registry.deciders)}")
    try:
        plain = parse(data.encode())
    except json.JSONDecodeError as error:
        raise InputError(error.msg, source=name, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise InputError(str(error), source=name) from error
    if not isinstance(plain, Mapping):
        raise DefinitionError(f"{name}: an object with its fields, not {plain!r}")
    return BY_HAND.load(plain, registry.deciders[name].thing.command, place=name)


def _data(objection: Objection, handle: ProcedureHandle) -> dict[str, Any]:
    """Turn an objection into plain data; instants read as in the procedure's zone."""
    from partizipation_core.clock import to_wall

    at, zone = objection.allowed_from, handle.settings().timezone
    return {
        "code": objection.code,
        "params": dict(objection.params),
        "allowed_from": None if at is None else to_wall(at, zone).isoformat(),
        "allowed_when": [_data(one, handle) for one in objection.allowed_when],
    }


def _tell(found: Sequence[Objection], handle: ProcedureHandle, lang: str) -> None:
    word = wording_of(handle, lang)
    emit(word.sentence("why.refused" if found else "why.allowed"))
    for objection in found:
        emit(f"- {word.objection(objection)}")
