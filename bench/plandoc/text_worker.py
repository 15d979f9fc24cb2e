"""One tool of the text benchmark in a process of its own: reads every text, prints a JSON line a pass.

python text_worker.py keshu|recognizers FOLDER PASSES
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

Spans = list[tuple[int, int, float | None]]
WARM_UP = "研发投入强度达到3.2%,技术合同成交额80亿元。"


def keshu() -> Callable[[str], Spans]:
    """The whole engine: cleaning, structure and claims."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
    from keshu.engines.plandoc import read_text

    def read(text: str) -> Spans:
        return [(c.value_span.start, c.value_span.end, c.value) for c in read_text(text).claims]

    return read


def recognizers() -> Callable[[str], Spans]:
    """Numbers, percentages and currency of Microsoft Recognizers-Text for Chinese."""
    from recognizers_number import Culture, NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    number, unit = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
    models = [number.get_number_model(), number.get_percentage_model(), unit.get_currency_model()]

    def read(text: str) -> Spans:
        return [
            (r.start, r.end + 1, _value((r.resolution or {}).get("value")))
            for model in models
            for r in model.parse(text)
        ]

    return read


def _value(printed: object) -> float | None:
    try:
        return float(str(printed).strip().rstrip("%"))
    except ValueError:
        return None


def main() -> None:
    warnings.simplefilter("ignore")
    tool, folder, passes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt"))]
    before = time.process_time()
    read = {"keshu": keshu, "recognizers": recognizers}[tool]()
    read(WARM_UP)
    started = time.process_time() - before
    for _ in range(passes):
        before = time.process_time()
        spans = [read(text) for text in texts]
        seconds = time.process_time() - before
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            json.dumps({"seconds": seconds, "start_seconds": started, "memory_mb": memory, "spans": spans}), flush=True
        )


if __name__ == "__main__":
    main()
