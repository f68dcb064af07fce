"""The parts of dev.py that decide; installing itself is exercised by every fresh checkout."""

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def dev(root):
    spec = importlib.util.spec_from_file_location("dev", root / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path):
    """A project with a library, two plugins, an example and a folder that is none of these."""
    for folder in ("", "plugins/kiezkasse", "plugins/buergerhaushalt", "examples/own_format"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / "examples/elections").mkdir()
    for file in ("constraints.txt", "dev.py"):
        (tmp_path / file).touch()
    return tmp_path


def test_every_distribution_is_found_the_library_first(dev, project):
    assert [path.relative_to(project).as_posix() for path in dev.distributions(project)] == [
        ".",
        "plugins/buergerhaushalt",
        "plugins/kiezkasse",
        "examples/own_format",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        "pyproject.toml",
        "plugins/kiezkasse/pyproject.toml",
        "examples/own_format/pyproject.toml",
        "constraints.txt",
        "dev.py",
    ],
)
def test_the_environment_is_prepared_anew_after_a_change(dev, project, changed):
    stamp = project / "stamp"
    stamp.write_text(dev.fingerprint(project), encoding="ascii")
    assert dev.is_prepared(project, stamp)

    with (project / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    assert not dev.is_prepared(project, stamp)


def test_a_new_plugin_is_installed(dev, project):
    before = dev.fingerprint(project)
    (project / "plugins/jugendbudget").mkdir()
    (project / "plugins/jugendbudget/pyproject.toml").touch()
    assert dev.fingerprint(project) != before


def test_another_python_or_another_place_needs_another_environment(
    dev, project, tmp_path_factory, monkeypatch
):
    here = dev.fingerprint(project)
    moved = project.rename(tmp_path_factory.mktemp("elsewhere") / "project")
    assert dev.fingerprint(moved) != here

    moved.rename(project)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert dev.fingerprint(project) != here


def test_without_a_stamp_nothing_is_prepared(dev, project):
    assert not dev.is_prepared(project, project / "stamp")


def test_what_is_pinned_comes_first_and_every_distribution_is_editable(dev, project):
    pinned, ours = dev.install_commands(project, ["pip", "install"])
    assert pinned == ["pip", "install", "-r", str(project / "constraints.txt")]
    assert ours.count("-e") == len(dev.distributions(project))
    assert f"{project}[{dev.EXTRAS}]" in ours
    assert str(project / "examples/own_format") in ours


def test_what_builds_without_isolation_is_pinned(root):
    """Given no isolation, the build backend that the distributions name must be there."""
    pins = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = {pin.partition("==")[0] for pin in pins}
    assert {"hatchling", "editables"} <= names


@pytest.mark.parametrize(
    ("task", "arguments", "programs"),
    [
        ("demo", [], ["demo"]),
        ("demo", ["--format", "kiezkasse"], ["demo --format kiezkasse"]),
        ("test", [], ["-n auto"]),
        ("test", ["-k", "stamp", "-x"], ["-k stamp -x"]),
        ("lint", [], ["ruff check", "ruff format --check", "mypy", "reuse lint --quiet"]),
        ("docs", [], ["docs docs/_build/html"]),
        ("bench", ["-k", "count"], ["-m bench -k count tests/benchmarks"]),
        ("setup", [], []),
    ],
)
def test_a_task_runs_its_programs_with_the_arguments_given(dev, task, arguments, programs):
    commands = [" ".join(command) for command in dev.TASKS[task](arguments)]
    assert len(commands) == len(programs)
    for command, end in zip(commands, programs, strict=True):
        assert command.endswith(end)


@pytest.mark.parametrize(
    ("windows", "place"),
    [(False, "bin/partizipation"), (True, "Scripts/partizipation.exe")],
    ids=["posix", "windows"],
)
def test_programs_are_where_the_system_puts_them(dev, windows, place):
    found = dev.executable("partizipation", windows=windows)
    assert found.relative_to(dev.VENV).as_posix() == place


def test_an_old_python_is_told_what_is_needed(dev):
    with pytest.raises(dev.SetupError, match=r"3\.11 or newer is needed, this is 3\.9"):
        dev.require_python((3, 9))


def test_the_python_of_the_house_is_good_enough(dev):
    dev.require_python((3, 11))


def test_a_failed_step_names_its_command(dev):
    with pytest.raises(dev.SetupError, match=r"exit code 3 at:\n.* -c 'raise SystemExit\(3\)'"):
        dev.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_python_without_venv_is_told_how_to_get_it(dev, tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "VENV", tmp_path / "venv")
    monkeypatch.setattr(dev, "find_spec", lambda _name: None)
    with pytest.raises(dev.SetupError, match="python3-venv"):
        dev.make_venv(None)


def test_an_interrupted_set_up_leaves_no_stamp(dev, project, monkeypatch):
    """Given a valid stamp, when a later installation fails, then the stamp is gone."""
    stamp = project / "stamp"
    stamp.write_text(dev.fingerprint(project), encoding="ascii")

    def fail(command):
        raise dev.SetupError(command)

    for attribute, value in {
        "ROOT": project,
        "STAMP": stamp,
        "is_usable": lambda _python, _uv: True,
        "run": fail,
    }.items():
        monkeypatch.setattr(dev, attribute, value)
    with pytest.raises(dev.SetupError):
        dev.install_all()
    assert not stamp.exists()


def test_a_second_run_waits_for_the_first(dev, tmp_path):
    lock, order = tmp_path / "lock", []

    def second():
        with dev.locked(lock):
            order.append("second")

    with dev.locked(lock):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(timeout=0.2)
        order.append("first")
    waiting.join(timeout=10)
    assert order == ["first", "second"]


def test_all_commands_run_and_a_failure_is_not_forgotten(dev, tmp_path):
    done = tmp_path / "done"
    failing = [sys.executable, "-c", "raise SystemExit(4)"]
    passing = [sys.executable, "-c", f"open({str(done)!r}, 'w').close()"]
    assert dev.perform([failing, passing]) == 4
    assert done.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["--help"], 0), (["dance"], 2)],
    ids=["none", "help", "unknown"],
)
def test_who_does_not_know_the_tasks_is_shown_them(root, arguments, code):
    program = [sys.executable, str(root / "dev.py"), *arguments]
    done = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code
    assert "dev.py demo" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the file mode says nothing there")
def test_the_ci_script_can_be_started(root):
    assert os.access(Path(root) / ".ci" / "run", os.X_OK)
