"""The directive for a whole format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from partizipation_core.exchange.diagram import graph_of, to_mermaid
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Stage
from partizipation_core.handbook import entries
from partizipation_core.handbook.base import FromCode, Options
from partizipation_core.handbook.nodes import code, paragraph

__all__ = ["FormatDirective"]


class FormatDirective(FromCode):
    """A whole format: its stages, who may do what, its rules, settings and diagrams."""

    required_arguments = 1
    optional_arguments = 0
    option_spec: ClassVar[Options] = {
        "lang": directives.unchanged,
        "parts": directives.unchanged,
    }

    def said(self, named: str) -> Iterator[nodes.Node]:
        """Return the format's parts, in the order that the directive wants."""
        offer = self.registry.format(named)
        form = offer.thing
        yield paragraph(
            self.wording.sentence(
                "handbook.format",
                {
                    "title": form.title,
                    "key": form.key,
                    "distribution": offer.origin.distribution,
                    "version": offer.origin.version,
                },
            )
        )
        parts = {
            "stages": self._stages,
            "rights": self._rights,
            "rules": self._rules,
            "settings": self._settings,
            "diagram": self._diagram,
        }
        wanted = self.options.get("parts", "stages rights rules settings").split()
        for part in wanted:
            if part not in parts:
                raise KeyError(f"{part}; there are {', '.join(parts)}")
            yield from parts[part](form)

    def _stages(self, form: ProcedureFormat) -> Iterator[nodes.Node]:
        rows = (
            {"stage": f"``{one.key}``", "kind": f"``{one.kind}``", "title": self._title(one)}
            for one in form.stages
        )
        return self.part("stages", rows)

    def _title(self, stage: Stage) -> str:
        return stage.title or self.wording.label("stage", stage.key)

    def _rights(self, form: ProcedureFormat) -> Iterator[nodes.Node]:
        told: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for stage, command, roles in entries.rights(form):
            told.setdefault((command, roles), []).append(f"``{stage}``" if stage else "")
        rows = (
            {
                "command": f"``{command}``",
                "purpose": self.wording.label("command", command),
                "roles": self.wording.labels("role", roles),
                "stages": ", ".join(filter(None, stages)) or self.word("anytime"),
            }
            for (command, roles), stages in told.items()
        )
        return self.part("rights", rows)

    def _rules(self, form: ProcedureFormat) -> Iterator[nodes.Node]:
        rows = (
            {"slot": f"``{slot}``", "rules": ", ".join(f"``{_ref(one)}``" for one in named)}
            for slot, named in form.rules.items()
        )
        return self.part("rules", rows)

    def _settings(self, form: ProcedureFormat) -> Iterator[nodes.Node]:
        return self.part("settings", entries.settings(form.settings, ProcedureSettings))

    def _diagram(self, form: ProcedureFormat) -> Iterator[nodes.Node]:
        facts = {name: offer.thing for name, offer in self.registry.deciders.items()}
        for kind in ("stages", "items"):
            yield code(to_mermaid(graph_of(form, kind, facts, self.wording)), "text")


def _ref(rule: Rule | str) -> str:
    return rule.ref if isinstance(rule, Rule) else rule
