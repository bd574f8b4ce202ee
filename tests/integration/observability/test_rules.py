"""Alert rules: their unit tests, and that each leads to a section of the runbook that is there."""

import re
import subprocess
from pathlib import Path
from typing import Final

import yaml

from tests.integration.observability.prometheus import program
from tests.integration.observability.queries import HOME, RULES

ROOT: Final = HOME.parents[1]


def test_each_alert_fires_where_it_has_to_and_keeps_silent_where_it_must() -> None:
    tests = RULES.with_name("kesu.test.yml")
    done = subprocess.run(
        [program("promtool"), "test", "rules", str(tests)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_unit_test_in_which_it_fires() -> None:
    cases = yaml.safe_load(RULES.with_name("kesu.test.yml").read_text())["tests"]
    fired = {case["alertname"] for one in cases for case in one["alert_rule_test"] if case.get("exp_alerts")}
    assert _alerts() == fired


def test_prometheus_takes_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "alerts").symlink_to(RULES.parent)
    config = tmp_path / "prometheus.yml"
    config.write_text((HOME / "prometheus.yml").read_text())
    done = subprocess.run(
        [program("promtool"), "check", "config", str(config)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_leads_to_its_section_of_the_runbook() -> None:
    for rule in (rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]):
        file, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        headings = re.findall(r"^## (\w+)$", (ROOT / file).read_text(), re.MULTILINE)
        assert anchor == rule["alert"].lower()
        assert rule["alert"] in headings


def _alerts() -> set[str]:
    return {rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]}
