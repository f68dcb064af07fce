"""Fixtures that tests of every kind need."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real elections and maps, which may be used but not be shipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the folder ../shared/data, which lies beside the repository")
    return SHARED_DATA
