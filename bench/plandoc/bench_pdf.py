"""A long text PDF through the whole engine: seconds, pages a second, peak memory. Fails where the peak reaches 300 MB.

    python bench/plandoc/bench_pdf.py [--pages 500] [--runs 3]

The PDF is made on the spot: 28 lines a page of an invented work plan, headings, owners and figures among them. Each run
reads it in a child process of its own; its memory is the peak of that process, interpreter and PDFium included.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB = 300
LINES = 28
CHILD = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from keshu.engines.plandoc import read_plan
data = open(sys.argv[2], "rb").read()
wall, used = time.perf_counter(), time.process_time()
plan = read_plan(data, name="plan.pdf")
wall, used = time.perf_counter() - wall, time.process_time() - used
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"wall": wall, "used": used, "peak": peak, "text": len(plan.text), "claims": len(plan.claims)}))
"""
CHAPTER = (
    "{part}、推进第{page}组重点任务",
    "(一)培育创新主体",
    "  全年新增高新技术企业{a}家,入库科技型中小企业{b}家,",
    "技术合同成交额达到{c}.{page}亿元,同比增长{d}%以上。",
    "  责任单位:企业创新科、各县区科技局",
    "(二)建设创新平台",
    "  力争新建省级新型研发机构{d}家、市级{a}家,",
    "全社会研发经费投入占地区生产总值比重达到2.{d}%。",
)
DIGITS = "一二三四五六七八九"


def printed_pages(count: int) -> list[list[tuple[float, float, str]]]:
    """The lines of each page with their places."""
    pages = []
    for page in range(count):
        lines = []
        for index in range(LINES):
            words = CHAPTER[(page * LINES + index) % len(CHAPTER)].format(
                part=DIGITS[page % 9], page=page + 1, a=index + 2, b=page + index, c=page + 10, d=index % 9 + 1
            )
            lines.append((70.0, 780.0 - 26 * index, words))
        pages.append(lines)
    return pages


def make_pdf(path: Path, pages: int) -> None:
    """Write the PDF, with the maker that the tests use."""
    sys.path.insert(0, str(ROOT))
    from tests.engines.plandoc.reading.files import pdf

    path.write_bytes(pdf(printed_pages(pages)))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.pdf"
        make_pdf(path, options.pages)
        for _ in range(options.runs):
            command = [sys.executable, "-c", CHILD, str(ROOT / "src"), str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr[-2000:])
            found.append(json.loads(done.stdout))
        size = path.stat().st_size / 1e6
    used = statistics.median(run["used"] for run in found)
    wall = statistics.median(run["wall"] for run in found)
    peak = max(run["peak"] for run in found)
    print(f"{options.pages} pages, {size:.1f} MB, {found[0]['text']} characters, {found[0]['claims']} figures")
    print(
        f"median of {options.runs}: {used:.1f} s of process time ({wall:.1f} s by the clock), {options.pages / used:.0f} pages/s"
    )
    print(f"peak memory {peak:.0f} MB (must stay below {LIMIT_MB})")
    return int(peak >= LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
