"""Writes what an installer would have: the distribution's name and version, which traces and metrics carry."""

import tomllib
from pathlib import Path

if __name__ == "__main__":
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    folder = Path(f"{project['name']}-{project['version']}.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {project['name']}\nVersion: {project['version']}\n"
        f"License-Expression: {project['license']}\n"
    )
