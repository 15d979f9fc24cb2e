"""Rules for every template and style sheet: nothing inline, only icons of the set, colours that can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "keshu"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
STYLES = sorted(SOURCE.rglob("static/**/*.css"))
TOKENS = (SOURCE / "site" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "htmx code": re.compile(r"hx-on|[\"']js:|hx-trigger=[\"'][^\"']*\[", re.I),
    "a style element": re.compile(r"<style", re.I),
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_hold_nothing_that_the_content_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in INLINE.items() if pattern.search(text)]
    assert not found, f"{name_of(path)} holds {found}"


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    listed = set((ROOT / "assets" / "icons.txt").read_text(encoding="utf-8").split("\n"))
    tag = re.compile(r"""\{%\s*icon\s+["']([\w-]+)["']|\b(?:action_icon|icon_name|empty_icon)=["']([\w-]+)["']""")
    code = re.compile(r"""(?:Place|BulkAction|group)\("[^"]+", (?:[^,()]+, )??"([a-z][\w-]+)\"""")
    asked: dict[str, str] = {}
    for path in TEMPLATES:
        for pair in tag.findall(path.read_text(encoding="utf-8")):
            asked[pair[0] or pair[1]] = name_of(path)
    for path in [*SOURCE.glob("apps/**/*.py"), *SOURCE.glob("site/**/*.py")]:
        for found in code.findall(path.read_text(encoding="utf-8")):
            asked[found] = name_of(path)
    missing = {icon: where for icon, where in asked.items() if icon not in listed}
    assert "home" in asked
    assert not missing


def test_front_end_parts_are_pinned_and_the_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "assets" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = {name.removeprefix("node_modules/"): held for name, held in lock["packages"].items() if name}
    needed = {name for held in packages.values() for name in held.get("dependencies", {})}
    assert {name: held["version"] for name, held in packages.items() if name not in needed - set(wanted)} == wanted
    assert needed <= set(packages)
    assert all("resolved" not in held and held["integrity"].startswith("sha512-") for held in packages.values())
    # django-htmx and the pages are written for htmx 2; 4 is another library under the same name.
    assert wanted["htmx.org"].startswith("2.")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, by WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def token(name: str) -> str:
    """The colour of a token, through references to others."""
    value = re.search(rf"--{name}: ([^;]+);", TOKENS)
    assert value, f"tokens.css has no --{name}"
    return value.group(1).strip()


def test_contrast_is_measured_as_the_standard_does() -> None:
    # The standard's own corner cases: black on white, and #767676 as the lightest grey that passes on white.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert 4.5 <= contrast("#767676", "#ffffff") < 4.6


@pytest.mark.parametrize("ink", ["ink", "ink-2", "blue", "seal", "done", "on-track", "at-risk", "late", "unknown"])
@pytest.mark.parametrize("ground", ["panel", "panel-2", "ground"])
def test_text_can_be_read_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(token(ink), token(ground)) >= 4.5


@pytest.mark.parametrize("tone", ["done", "on-track", "at-risk", "late", "unknown", "seal", "blue"])
def test_states_can_be_read_on_their_own_ground(tone: str) -> None:
    assert contrast(token(tone), token(f"{tone}-soft")) >= 4.5
    assert contrast(token("ink"), token(f"{tone}-soft")) >= 4.5


def test_white_words_on_buttons_and_edges_of_controls_can_be_seen() -> None:
    for ground in ("blue", "blue-dark", "seal", "seal-dark"):
        assert contrast("#ffffff", token(ground)) >= 4.5
    for ground in ("panel", "ground"):
        assert contrast(token("edge-strong"), token(ground)) >= 3


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheets_use_no_gradients(path: Path) -> None:
    assert "gradient(" not in path.read_text(encoding="utf-8")
