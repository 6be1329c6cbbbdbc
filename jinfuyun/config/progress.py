"""How far a command is, for people at a terminal."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm


@contextlib.contextmanager
def progress(options: argparse.Namespace, title: str) -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal, nothing anywhere else."""
    with tqdm(total=100, desc=title, leave=False, disable=options.json or not sys.stderr.isatty()) as bar:

        def show(stage: str, share: float) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update(max(0, round(share * 100) - bar.n))

        yield show
