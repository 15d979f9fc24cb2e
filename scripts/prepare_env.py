"""Make `.venv` and install the pinned packages: `python3 scripts/prepare_env.py run|dev`.

Needs Python 3.11 and its standard library only. Debian ships Python without pip; then pip comes from Debian's own package,
unpacked below build/ without root.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"


def main(profile: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (a stranger's machine may have an older one)
        sys.exit(f"Keshu needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    wanted = _digest("dev"), _digest(profile)
    if STAMP.exists() and STAMP.read_text() in wanted:
        return
    pip = _make_venv()
    print(f"Installing the {profile} packages (a minute on the first run) ...", flush=True)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    lock = ROOT / "requirements" / f"{profile}.lock"
    subprocess.run([*pip, "install", *quiet, "--no-deps", "--require-hashes", "-r", str(lock)], check=True)
    if shutil.which("npm") is None:
        assets = ROOT / "requirements" / "assets.lock"
        subprocess.run([*pip, "install", *quiet, "--no-deps", "--require-hashes", "-r", str(assets)], check=True)
    subprocess.run([*pip, "install", *quiet, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    STAMP.write_text(_digest(profile))


def _digest(profile: str) -> str:
    """Changes when the lock or the project's own declaration does."""
    files = [ROOT / "requirements" / f"{profile}.lock", ROOT / "pyproject.toml"]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()


def _make_venv() -> list[str]:
    """The command that runs pip inside `.venv`, which is made when missing."""
    if not PYTHON.exists():
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            venv.create(VENV, with_pip=False, symlinks=True)
        else:
            venv.create(VENV, with_pip=True, symlinks=True)
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    if subprocess.run([sys.executable, "-c", "import pip"], capture_output=True).returncode == 0:
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), f"{_debian_pip()}/pip"]


def _debian_pip() -> Path:
    """Pip's wheel out of Debian's package `python3-pip-whl`, fetched with apt as an ordinary user."""
    if shutil.which("apt-get") is None:
        sys.exit("This Python has no pip. Install pip or the venv module of your system's Python, then run make again.")
    work = ROOT / "build" / "pip"
    lists = work / "lists" / "partial"
    lists.mkdir(parents=True, exist_ok=True)
    options = [
        "-qq",
        "-o",
        f"Dir::State::lists={lists.parent}",
        "-o",
        f"Dir::Cache={work}",
        "-o",
        "APT::Sandbox::User=root",
    ]
    print("This Python has no pip: taking it from the Debian package python3-pip-whl ...", flush=True)
    subprocess.run(["apt-get", *options, "update"], check=True, cwd=work)
    subprocess.run(["apt-get", *options, "download", "python3-pip-whl"], check=True, cwd=work)
    subprocess.run(["dpkg-deb", "-x", str(next(work.glob("python3-pip-whl*.deb"))), str(work)], check=True)
    return next(work.glob("usr/share/python-wheels/pip-*.whl"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
