"""`make bench`: every topic, or ONLY=one of TOPICS.

One process each, so that none warms another.
"""

import importlib
import os
import subprocess
import sys

TOPICS = {
    "market": ("benchmarks.market", "benchmarks.matching", "benchmarks.inbox", "benchmarks.moves"),
    "data": ("benchmarks.data", "benchmarks.generator", "benchmarks.indicators", "benchmarks.documents"),
    "province": ("benchmarks.province",),
    "door": ("benchmarks.door",),
    "cluster": ("benchmarks.cluster",),
    "score": ("benchmarks.score_fit",),
    "report": ("benchmarks.report", "benchmarks.score"),
    "supervision": ("benchmarks.supervision",),
    "journey": ("benchmarks.journey", "benchmarks.browser", "benchmarks.enumeration"),
}


def main() -> int:
    only = os.environ.get("ONLY")
    if only and only not in TOPICS:
        sys.stderr.write(f"ONLY is one of {', '.join(TOPICS)}\n")
        return 2
    worst = 0
    for topic in [only] if only else TOPICS:
        for module in TOPICS[topic]:
            worst = max(worst, subprocess.run([sys.executable, "-m", "benchmarks", module], check=False).returncode)
    return worst


def one(module: str) -> int:
    importlib.import_module(module).run()
    return 0


if __name__ == "__main__":
    sys.exit(one(sys.argv[1]) if len(sys.argv) > 1 else main())
