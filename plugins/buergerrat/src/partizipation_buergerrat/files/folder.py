"""The folder of a draw: which file is for whom.

========================  ==============================================================
``losprotokoll.jsonl``    for all: what happened, see `Protocol`
``losprotokoll.md``       the same in sentences
``panels.json``           for all: the numbered panels under pseudonyms
``pool.json``             for auditors: features under pseudonyms
``vault.json``            for nobody else: identifier → nonce; erase it when it has served
``claims.json``           what `commit` will promise about the lists
``notes.json``            warnings passed over with their reason, and fixed seats
``selected.csv``          for the office: who has a seat; ``remaining.csv``: who is an alternate
``report.csv``            for the office: each quota with pool and panel
========================  ==============================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.minutes import minutes
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError, NotFound
from partizipation_core.files import together, write

if TYPE_CHECKING:
    from partizipation_buergerrat.public.publication import Publication

__all__ = ["DrawFolder"]


@dataclass(frozen=True, slots=True)
class DrawFolder:
    """The files of one draw.

    Args:
        path: the folder.
    """

    path: Path
    _waiting: dict[str, tuple[str, bool]] | None = field(default=None, repr=False)

    @contextmanager
    def changing(self) -> Iterator[DrawFolder]:
        """Lend the folder so that files take their places together, once all are on the disk.

        They do so in the order in which they were written first. What makes a step count comes
        last, so that a step that was interrupted can be taken again.
        """
        waiting: dict[str, tuple[str, bool]] = {}
        yield replace(self, _waiting=waiting)
        self.path.mkdir(parents=True, exist_ok=True)
        with together(replacing=True) as drafts:
            for name, (text, private) in waiting.items():
                drafts.put(self.path / name, text, private=private)

    def keep(self, publication: Publication, vault: Vault) -> None:
        """Write a lottery that nobody has committed to yet.

        Args:
            publication: its files.
            vault: the nonces.
        """
        self.keep_vault(vault)
        self.write("panels.json", publication.panels)
        self.keep_pool(publication.pool)
        self.write("claims.json", canonical(publication.claims))

    def keep_vault(self, vault: Vault) -> None:
        """Write the nonces, readable for their owner only.

        Args:
            vault: the nonces.
        """
        self.write("vault.json", canonical(dict(vault.nonces)), private=True)

    def keep_pool(self, pool: Mapping[str, Any]) -> None:
        """Write the auditors' file.

        Args:
            pool: pseudonym → row.
        """
        self.write("pool.json", canonical(dict(pool)), private=True)

    def keep_protocol(self, protocol: Protocol) -> None:
        """Write the protocol and its sentences.

        Args:
            protocol: what happened.
        """
        self.write("losprotokoll.md", minutes(protocol))
        self.write("losprotokoll.jsonl", protocol.text())

    def write(self, name: str, text: str, *, private: bool = False) -> None:
        """Write a file all at once, so that an interruption leaves the old one.

        Args:
            name: of the file.
            text: its content.
            private: let its owner alone read it.
        """
        if self._waiting is None:
            write(self.path / name, text, private=private, replacing=True)
        else:
            self._waiting[name] = (text, private)

    def read(self, name: str) -> str:
        """Return the text of a file.

        Args:
            name: of the file.

        Raises:
            NotFound: it is not there.
        """
        if self._waiting and name in self._waiting:
            return self._waiting[name][0]
        try:
            return (self.path / name).read_bytes().decode()
        except FileNotFoundError as error:
            raise wrong(NotFound, "draw.no_file", folder=self.path.name, file=name) from error

    def data(self, name: str) -> Any:
        """Return a file of JSON as data.

        Args:
            name: of the file.

        Raises:
            InputError: it is damaged.
        """
        try:
            return json.loads(self.read(name))
        except ValueError as error:
            folder = self.path.name
            raise wrong(InputError, "draw.file_damaged", folder=folder, file=name) from error

    def vault(self) -> Vault:
        """Return the nonces; none if they have been destroyed."""
        try:
            return Vault(self.data("vault.json"))
        except NotFound:
            return Vault({})

    def protocol(self) -> Protocol:
        """Return the protocol; an empty one if nothing happened yet."""
        try:
            return Protocol.read(self.read("losprotokoll.jsonl"))
        except NotFound:
            return Protocol()
