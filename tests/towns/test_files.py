"""Every town has a file that fits its format, and keeps what every format promises."""

from pathlib import Path

import pytest

from partizipation_buergerhaushalt.towns import TOWNS
from partizipation_core.cli.main import _run
from partizipation_core.configuration import read_configuration
from partizipation_core.testing import FormatContract

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "towns"
FILES = sorted(
    file
    for file in EXAMPLES.glob("*.toml")
    if 'format = "buergerhaushalt' in file.read_text(encoding="utf-8")
)


def settings_of(key):
    """Return what the file of a town sets."""
    name = key.removeprefix("buergerhaushalt_")
    (config,) = read_configuration(
        (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    ).values()
    return config.settings


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_file_of_a_town_fits_its_format(file, capsys):
    assert _run(["formats", "check", str(file)]) == 0, capsys.readouterr().err


def test_every_town_has_a_file_and_every_file_a_town():
    assert {f"buergerhaushalt_{file.stem}" for file in FILES} == {town.key for town in TOWNS}


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.key)
class TestTowns(FormatContract):
    """What every format promises, for each town with the settings of its file."""

    seeds = (1,)
    steps = 40

    @pytest.fixture(autouse=True)
    def _of(self, town):
        type(self).key = town.key
        type(self).settings = settings_of(town.key)


class TestAdvice(FormatContract):
    """The family that advises, with nothing set at all."""

    key = "buergerhaushalt_advice"
    seeds = (1,)
    steps = 40
