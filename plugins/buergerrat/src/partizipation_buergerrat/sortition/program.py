"""Linear and integer programs, and the one place that knows the solver.

Only ``optimal`` and ``infeasible`` are answers. Everything else is `Unknown`, and whoever asked
must say so: it never means "cannot".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from partizipation_buergerrat.sortition.answers import Infeasible, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["INFINITE", "Infeasible", "Program", "Solution", "Unknown"]

INFINITE = highspy.kHighsInf
_NODES = 5_000
_EACH = 10
_STATUS = highspy.HighsModelStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """An optimum.

    Args:
        value: of the objective.
        bound: what no solution can exceed; the same as `value` for a linear program.
        columns: value of each column.
        prices: dual value of each row; empty for an integer program.
        reduced: reduced cost of each column; empty for an integer program.
    """

    value: float
    bound: float
    columns: Floats
    prices: Floats
    reduced: Floats


class Program:
    """A program to be maximised, kept warm between runs; deterministic, one thread, no clock.

    Args:
        costs: of each column.
        least: lower bound of each column.
        most: upper bound of each column.
        whole: whether the columns are whole numbers.
        tally: told after each run how much work it was, whatever came of it.
    """

    def __init__(
        self,
        costs: Floats,
        least: Floats,
        most: Floats,
        *,
        whole: bool = False,
        tally: Callable[[int], None] = lambda _work: None,
    ) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._whole = whole
        self._tally = tally
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 0),
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
            ("mip_feasibility_tolerance", 1e-9),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-7),
            ("mip_max_nodes", _NODES),
            # Programs are small and many: searching aside takes longer than it helps.
            ("mip_heuristic_run_rins", False),
            ("mip_heuristic_run_rens", False),
            ("mip_heuristic_run_root_reduced_cost", False),
        ):
            self._solver.setOptionValue(name, value)
        count = len(costs)
        none = np.zeros(0, dtype=np.int32)
        self._solver.addCols(
            count, costs, least, most, 0, np.zeros(count, dtype=np.int32), none, np.zeros(0)
        )
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.columns = count
        self.rows = 0
        if whole:
            kinds = np.full(count, highspy.HighsVarType.kInteger)
            self._solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
            # Python looks for Ctrl-C only while it runs itself, so the search asks it in between.
            self._solver.cbMipInterrupt.subscribe(lambda _event: None)

    def add_row(
        self,
        least: float,
        most: float,
        columns: Sequence[int] | NDArray[np.int32],
        factors: Floats,
    ) -> int:
        """Add a limit and return its number.

        Args:
            least: lower limit.
            most: upper limit.
            columns: those summed up.
            factors: of each of them.
        """
        places = np.asarray(columns, dtype=np.int32)
        self._solver.addRow(least, most, len(places), places, np.asarray(factors, dtype=float))
        self.rows += 1
        return self.rows - 1

    def add_column(
        self,
        cost: float,
        least: float,
        most: float,
        rows: Sequence[int] | NDArray[np.int32],
        factors: Floats,
    ) -> int:
        """Add a column and return its number.

        Args:
            cost: in the objective.
            least: lower bound.
            most: upper bound.
            rows: where it stands.
            factors: in each of them.
        """
        places = np.asarray(rows, dtype=np.int32)
        self._solver.addCol(
            cost, least, most, len(places), places, np.asarray(factors, dtype=float)
        )
        self.columns += 1
        return self.columns - 1

    def set_costs(self, costs: Floats) -> None:
        """Change the objective.

        Args:
            costs: of the first columns.
        """
        count = len(costs)
        self._solver.changeColsCost(count, np.arange(count, dtype=np.int32), costs)

    def set_bounds(self, least: Floats, most: Floats) -> None:
        """Change the bounds.

        Args:
            least: of the first columns.
            most: of the first columns.
        """
        count = len(least)
        self._solver.changeColsBounds(count, np.arange(count, dtype=np.int32), least, most)

    def set_bound(self, column: int, least: float, most: float) -> None:
        """Change the bounds of one column.

        Args:
            column: its number.
            least: lower bound.
            most: upper bound.
        """
        self._solver.changeColBounds(column, least, most)

    def set_effort(self, nodes: int) -> None:
        """Change how long to search for whole numbers before giving up.

        Args:
            nodes: of the tree of the search.
        """
        self._solver.setOptionValue("mip_max_nodes", nodes)

    def set_row(self, row: int, least: float, most: float) -> None:
        """Change a limit.

        Args:
            row: its number.
            least: lower limit.
            most: upper limit.
        """
        self._solver.changeRowBounds(row, least, most)

    def set_factor(self, row: int, column: int, factor: float) -> None:
        """Change one factor.

        Args:
            row: number of the row.
            column: number of the column.
            factor: the new one.
        """
        self._solver.changeCoeff(row, column, factor)

    def solve(self) -> Solution:
        """Find the optimum.

        Raises:
            Infeasible: there is no solution, and that is proven.
            Unknown: anything else.
        """
        status = self._run()
        if status != _STATUS.kOptimal and not self._whole:
            # Once more from scratch: a warm start may stumble where a cold one does not.
            self._solver.clearSolver()
            status = self._run()
        if status == _STATUS.kInfeasible:
            raise Infeasible("nothing meets all limits")
        if status != _STATUS.kOptimal:
            raise Unknown(f"the solver ended with {self._solver.modelStatusToString(status)}")
        return self._answer()

    def _run(self) -> highspy.HighsModelStatus:
        self._solver.run()
        self._tally(_EACH + max(int(self._solver.getInfo().simplex_iteration_count), 0))
        return self._solver.getModelStatus()

    def _answer(self) -> Solution:
        found, info = self._solver.getSolution(), self._solver.getInfo()
        columns = np.array(found.col_value)
        if self._whole:
            none = np.zeros(0)
            return Solution(
                value=info.objective_function_value,
                bound=info.mip_dual_bound,
                columns=np.rint(columns),
                prices=none,
                reduced=none,
            )
        value = info.objective_function_value
        return Solution(
            value=value,
            bound=value,
            columns=columns,
            prices=np.array(found.row_dual),
            reduced=np.array(found.col_dual),
        )
