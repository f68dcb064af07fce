"""Every regression is tested on both databases, whatever address its test names.

On PostgreSQL, whoever opens ``sqlite:///town.db`` gets a schema of its own on the server, and
gets the same one when opening the same file again; ``sqlite://`` is another one each time.
"""

from pathlib import Path

import pytest

from partizipation_core import platform
from partizipation_core.store import Database


@pytest.fixture(autouse=True)
def on_both(system, new_site, monkeypatch):
    if system == "sqlite":
        return
    places = {}

    class OnTheServer(Database):
        """Opens a site on the server in the site of a file."""

        def __init__(self, url):
            self.asked = Path(url.removeprefix("sqlite:///")) if ":///" in url else None
            made = places.setdefault(url, new_site()) if self.asked else new_site()
            super().__init__(made.url)

        @property
        def file(self):
            return self.asked

        @property
        def in_memory(self):
            return self.asked is None

    monkeypatch.setattr(platform, "Database", OnTheServer)
