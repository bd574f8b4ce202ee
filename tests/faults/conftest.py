"""The report of the faults at the end of a run that injected any."""

import pytest

from tests.faults.report import REPORT
from tests.faults.scene import SEED

pytest.register_assert_rewrite("tests.faults.judging", "tests.faults.injecting", "tests.faults.undisturbed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table and keep it; after a failure, the seed and the faults with their times too."""
    if REPORT.happened:
        terminalreporter.section("faults")
        terminalreporter.write(REPORT.keep(seed=SEED))
        if terminalreporter.stats.get("failed"):
            terminalreporter.write(f"KESU_TEST_SEED={SEED}\n{REPORT.log()}\n")
