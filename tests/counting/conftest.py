"""Makes the modules of this folder that are no tests importable for those that are."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
