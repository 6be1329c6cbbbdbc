"""A score card from a table of what happened: bins, evidence, logistic regression, points, and how good it is.

It needs optbinning, scikit-learn and scipy, which `make run` does not install: they are imported where they are used.
"""
