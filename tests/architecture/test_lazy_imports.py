"""What starts fast stays fast: heavy libraries are imported only by those who need them."""

import subprocess
import sys
from importlib.metadata import entry_points

LIST_MODULES = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"


def imported_by(code):
    """Run code in a fresh interpreter and return the libraries it has loaded at the end."""
    program = [sys.executable, "-c", f"{code}\n{LIST_MODULES}"]
    done = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_no_database_library():
    assert "sqlalchemy" not in imported_by("import partizipation_core")


def test_help_loads_no_database_library():
    (script,) = entry_points(group="console_scripts", name="partizipation")
    code = f"""
import sys
from {script.module} import {script.attr} as run
sys.argv = ["partizipation", "--help"]
try:
    run()
except SystemExit as done:
    assert not done.code, done.code
"""
    assert "sqlalchemy" not in imported_by(code)


def test_counting_loads_nothing_but_the_standard_library():
    before = imported_by("")
    after = imported_by("import partizipation_core.counting")
    assert after - before - set(sys.stdlib_module_names) == {"partizipation_core"}
