"""The score of one enterprise, with its reasons; and the same arithmetic as SQL, for many. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinfuyun.data.score.card import DIMENSIONS, Bin, Card, Characteristic, Value


@dataclass(frozen=True, slots=True)
class Mark:
    """One characteristic: its value, the bin it fell into (None: unknown) and its points."""

    characteristic: Characteristic
    value: Value
    bin: Bin | None
    points: int

    @property
    def known(self) -> bool:
        return self.bin is not None

    @property
    def cost(self) -> int:
        """Points below the best."""
        return self.characteristic.best - self.points

    def better(self) -> Bin | None:
        """The nearest bin worth more; None at the best, and of what is unknown."""
        if self.bin is None:
            return None
        bins = self.characteristic.bins
        here = bins.index(self.bin)
        worth_more = [i for i, each in enumerate(bins) if each.points > self.points]
        return bins[min(worth_more, key=lambda i: abs(i - here))] if worth_more else None


@dataclass(frozen=True, slots=True)
class Score:
    """`score` and `grade` are None where too little is known. `coverage`: share of characteristics known, 0 to 1."""

    card: Card
    score: int | None
    grade: str | None
    coverage: float
    marks: tuple[Mark, ...]

    def reasons(self) -> list[Mark]:
        """What is known and cost points, the most first."""
        return sorted((each for each in self.marks if each.known and each.cost > 0), key=lambda each: -each.cost)

    def unknown(self) -> list[Mark]:
        return [each for each in self.marks if not each.known]

    def dimensions(self) -> dict[str, int | None]:
        """0 (all points lost) to 100 of each dimension, from what is known of it; None: nothing."""
        return {name: _share([each for each in self._known() if each.characteristic.dimension == name])
                for name in DIMENSIONS}  # fmt: skip

    def _known(self) -> Iterable[Mark]:
        return (each for each in self.marks if each.known)


def mark(card: Card, values: Mapping[str, Value]) -> Score:
    """`values`: the facts by name; what is not there is unknown, and so is a word that no bin knows."""
    marks = tuple(_mark(each, values.get(each.indicator)) for each in card.characteristics)
    coverage = sum(each.known for each in marks) / len(marks)
    if coverage < card.coverage_min:
        return Score(card, None, None, coverage, marks)
    low, high = card.span
    score = min(max(card.start + sum(each.points for each in marks), low), high)
    return Score(card, score, card.grade_of(score), coverage, marks)


def score_sql(card: Card, table: str, *, keep: str) -> str:
    """A SELECT of the columns `keep`, `coverage`, and `score`, `grade` (NULL where too little is known), over a table
    that has a column a characteristic. The same figures as `mark` gives, on every engine."""
    points = " + ".join(points_sql(each) for each in card.characteristics)
    known = " + ".join(f"CASE WHEN {_known_sql(each)} THEN 1 ELSE 0 END" for each in card.characteristics)
    low, high = card.span
    enough = f"coverage >= {card.coverage_min!r}"
    grades = " ".join(f"WHEN points >= {grade.low} THEN {_word(grade.name)}" for grade in card.grades)
    return (
        f"SELECT {keep}, coverage, CASE WHEN {enough} THEN points END AS score,"
        f" CASE WHEN {enough} THEN CASE {grades} END END AS grade"
        f" FROM (SELECT {keep}, least(greatest({card.start} + {points}, {low}), {high}) AS points,"
        f" CAST({known} AS DOUBLE) / {len(card.characteristics)} AS coverage FROM {table}) AS summed"
    )


def points_sql(characteristic: Characteristic) -> str:
    """What one characteristic is worth, over its column."""
    name = _name(characteristic.indicator)
    if characteristic.bins[0].among:
        cases = [f"WHEN {name} IN ({_words(each)}) THEN {each.points}" for each in characteristic.bins]
        return f"CASE {' '.join(cases)} ELSE {characteristic.unknown} END"
    cases = [f"WHEN {name} < {each.high!r} THEN {each.points}" for each in characteristic.bins[:-1]]
    whole = " ".join([f"WHEN {name} IS NULL THEN {characteristic.unknown}", *cases])
    return f"CASE {whole} ELSE {characteristic.bins[-1].points} END"


def _mark(characteristic: Characteristic, value: Value) -> Mark:
    found = characteristic.bin_of(value)
    return Mark(characteristic, value, found, found.points if found else characteristic.unknown)


def _share(marks: list[Mark]) -> int | None:
    worst, best = (sum(getattr(each.characteristic, end) for each in marks) for end in ("worst", "best"))
    return round(100 * (sum(each.points for each in marks) - worst) / (best - worst)) if best > worst else None


def _known_sql(characteristic: Characteristic) -> str:
    name = _name(characteristic.indicator)
    if characteristic.bins[0].among:
        return f"{name} IN ({', '.join(_words(each) for each in characteristic.bins)})"
    return f"{name} IS NOT NULL"


def _words(each: Bin) -> str:
    return ", ".join(_word(word) for word in each.among)


def _word(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
