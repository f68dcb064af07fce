"""Plugins made on the spot, and distributions that look installed."""

import importlib
import sys

import pytest

from partizipation_core import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin


def plugin(name="probe", version="2.3.4", **hooks):
    """Make a plugin of functions named like hooks; its distribution is ``dist-NAME``."""
    code = type(name, (), {})()
    for hook, function in hooks.items():
        setattr(code, hook, hookimpl(function))
    return Plugin(Origin(name, f"dist-{name}", version), code)


@pytest.fixture(name="plugin")
def plugin_():
    return plugin


@pytest.fixture
def host():
    """Make a host of some plugins, beside the core's own contributions."""

    def make(*plugins, **options):
        return PluginHost(plugins, **options)

    return make


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a distribution: its name, the source of its module, its entry point."""
    monkeypatch.syspath_prepend(tmp_path)
    made = []

    def install(name, source="", *, point=None, version="1.0", module=None, target=None):
        module = module or f"made_{name.replace('-', '_')}"
        made.append(module)
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        entry = f"[partizipation]\n{point or name} = {target or module}\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")
        importlib.invalidate_caches()

    yield install
    for module in made:
        sys.modules.pop(module, None)
