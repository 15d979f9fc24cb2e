#!/bin/sh
# Rewrite the lock files after a change of pyproject.toml. Needs `uv` on PATH.
set -eu
cd "$(dirname "$0")/.."
lock() {
  out=$1
  shift
  uv pip compile "$@" --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -o "requirements/$out"
}
# rapidocr asks for the OpenCV build that needs a screen; the headless build serves.
headless="--override requirements/overrides.txt"
lock run.lock pyproject.toml --extra ocr --group build $headless
lock dev.lock pyproject.toml --extra ocr --group build --group dev $headless -c requirements/run.lock
lock assets.lock --group pyproject.toml:assets
lock bench.lock bench/requirements.in
