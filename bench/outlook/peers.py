"""Forecasts of the year's total by statsforecast, in its own environment: JSON lines in, JSON lines out.

In: {"run": [figures], "slots": 12, "ahead": 9}. Out: {"AutoETS": [sum, seconds], "AutoTheta": [sum, seconds]}, the sum null
where the model failed.
"""

from __future__ import annotations

import json
import math
import sys
import time
import warnings

import numpy as np
from statsforecast.models import AutoETS, AutoTheta

MODELS = {"AutoETS": AutoETS, "AutoTheta": AutoTheta}


def main() -> None:
    warnings.filterwarnings("ignore")
    for model in MODELS.values():  # what is compiled on first use is not timed
        model(season_length=4).forecast(y=np.arange(1.0, 25.0), h=2)
    for line in sys.stdin:
        task = json.loads(line)
        found = {}
        for name, model in MODELS.items():
            start = time.process_time()
            try:
                total = float(
                    model(season_length=task["slots"]).forecast(y=np.array(task["run"]), h=task["ahead"])["mean"].sum()
                )
            except Exception as error:
                print(f"{name}: {error}", file=sys.stderr)
                total = math.nan
            found[name] = [total if math.isfinite(total) else None, time.process_time() - start]
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
