"""What people write when they hand in an idea, and what speaks against it in form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from attrs import field, frozen

from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.dossier import Attachment
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.values import ItemRef, Money, Objection, reference

__all__ = ["ContentCommand", "TextCommand", "place_faults", "reference_faults", "text_faults"]

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000
MOST_ATTACHMENTS = 20


@frozen(kw_only=True)
class TextCommand(ItemCommand):
    """A command that carries the whole text of an item.

    Args:
        title: at most 200 characters.
        text: at most 10,000 characters.
        cost: what it is expected to cost, if known.
        attachments: files that belong to it, at most 20.
    """

    title: str
    text: str = ""
    cost: Money | None = None
    attachments: tuple[Attachment, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class ContentCommand(TextCommand):
    """A command that carries text and place of an item.

    Args:
        area: where it belongs, empty for everywhere.
        category: what kind it is, empty for none.
    """

    area: str = ""
    category: str = ""


class Written(Protocol):
    """A text with a cost, wherever it stands."""

    @property
    def item(self) -> ItemRef: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def cost(self) -> Money | None: ...


def reference_faults(item: ItemRef) -> Iterator[Objection]:
    """Say whether a reference has another form than references have."""
    try:
        reference(item)
    except ValueError:
        yield Objection("reference_malformed", {"item": item})


def text_faults(written: Written) -> Iterator[Objection]:
    """Say what is missing, too long or not possible in a text."""
    if not written.title.strip():
        yield Objection("title_missing")
    if len(written.title) > TITLE_LENGTH:
        yield Objection("text_too_long", {"field": "title", "limit": TITLE_LENGTH})
    if len(written.text) > TEXT_LENGTH:
        yield Objection("text_too_long", {"field": "text", "limit": TEXT_LENGTH})
    if written.cost is not None and written.cost.cents <= 0:
        yield Objection("cost_not_positive", {"item": written.item})
    attachments: tuple[Attachment, ...] = getattr(written, "attachments", ())
    if len(attachments) > MOST_ATTACHMENTS:
        yield Objection("too_many_attachments", {"limit": MOST_ATTACHMENTS})
    names = Counter(one.name for one in attachments)
    for name in sorted(name for name, times in names.items() if times > 1):
        yield Objection("attachment_twice", {"name": name})


def place_faults(area: str, category: str, settings: ProcedureSettings) -> Iterator[Objection]:
    """Say whether area and category stand in the lists of the procedure, where it has any."""
    if area and settings.areas and area not in settings.areas:
        yield Objection("area_unknown", {"area": area, "areas": ", ".join(settings.areas)})
    if category and settings.categories and category not in settings.categories:
        known = ", ".join(settings.categories)
        yield Objection("category_unknown", {"category": category, "categories": known})
