"""What evaluation reads: schemes, counting by them, and what stands."""

from jinfuyun.evaluation.queries import reckoning, results, schemes
from jinfuyun.evaluation.queries.schemes import may_decide

__all__ = ["may_decide", "reckoning", "results", "schemes"]
