"""``partizipation plugins new``: a distribution of one's own, ready to be installed and tested."""

from __future__ import annotations

import importlib
import re
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import attrs
import click

from partizipation_core.cli.output import ExitCode, emit
from partizipation_core.errors import InputError, NotFound
from partizipation_core.files import filling, write

if TYPE_CHECKING:
    from partizipation_core.formats.format import ProcedureFormat
    from partizipation_core.plugins.registry import Offer

__all__ = ["new"]

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_PLACES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "format.py.txt": "src/partizipation_{name}/__init__.py",
    "test.py.txt": "tests/test_{name}.py",
    "town.toml.txt": "{name}.toml",
}
_SAMPLES = {"pot": "20000 EUR", "misfit": "skip"}
"""Values for settings that a town must choose; others get their own name as a text."""


@click.command()
@click.argument("name")
@click.option("--town", required=True, help="Name of the town.")
@click.option("--title", default="", help="Name of the format for people.")
@click.option(
    "--from", "base", default="buergerhaushalt", show_default=True, help="What it is derived from."
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the new folder is made; else in the present one.",
)
def new(*, name: str, town: str, title: str, base: str, into: Path) -> int:
    """Make a package for a format of one's own: with a rule, texts, TOML and tests.

    NAME consists of a-z, 0-9 and _. Nothing that exists is written over.
    """
    from partizipation_core.plugins.host import PluginHost

    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name: use a-z, 0-9 and _, beginning with a letter")
    if '"' in town + title or "\\" in town + title:
        raise InputError("a name holds no quotation marks and no backslashes")
    folder = into / f"partizipation-{name.replace('_', '-')}"
    if folder.exists():
        raise InputError(f"{folder} exists already; nothing was written")
    told = _words(name, town, title, base, PluginHost.discover().registry.format(base))
    with filling(folder) as draft:
        for template, place in _PLACES.items():
            text = (files(__package__) / "templates" / template).read_text(encoding="utf-8")
            file = draft / place.format(name=name)
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, Template(text).substitute(told))
    emit(f"{folder}\n\n  cd {folder}\n  pip install -e .[test]\n  pytest")
    return ExitCode.OK


def _words(
    name: str, town: str, title: str, base: str, offer: Offer[ProcedureFormat]
) -> dict[str, str]:
    module, constant = _where(offer)
    settings = _asked(offer.thing)
    return {
        "name": name,
        "dashed": name.replace("_", "-"),
        "upper": name.upper(),
        "town": town,
        "title": title or f"{offer.thing.title} {town}",
        "base": base,
        "module": module,
        "constant": constant,
        "distribution": offer.origin.distribution,
        "base_version": _compatible(offer.origin.version),
        "version": _compatible(version("partizipation-core")),
        "settings": repr(settings).replace("'", '"'),
        "lines": "\n".join(f'{key} = "{value}"' for key, value in settings.items()),
    }


def _where(offer: Offer[ProcedureFormat]) -> tuple[str, str]:
    """Find the name under which a plugin's package holds a format, nearest to its top.

    Raises:
        NotFound: it keeps the format under no name of its own.
    """
    package = importlib.import_module(f"partizipation_{offer.origin.plugin}").__name__
    inside = [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]
    for name in sorted(inside, key=lambda one: (one.count("."), one)):
        for constant, value in vars(sys.modules[name]).items():
            if value is offer.thing and constant.isupper():
                return name, constant
    raise NotFound(f"{package} keeps {offer.thing.key!r} under no name to derive from")


def _asked(form: ProcedureFormat) -> dict[str, str]:
    """Return settings that a town must choose, and the pot where there is one."""
    fields = attrs.fields_dict(form.settings)
    asked = [key for key, one in fields.items() if one.default is attrs.NOTHING]
    wanted = dict.fromkeys([*(["pot"] if "pot" in fields else []), *asked])
    return {key: _SAMPLES.get(key, key.title()) for key in wanted}


def _compatible(installed: str) -> str:
    """Name the least version of the same minor one: ``0.1.0`` of ``0.1.7``."""
    major, minor, *_ = installed.split(".")
    return f"{major}.{minor}.0"
