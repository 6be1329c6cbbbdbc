"""Years of business of a whole province, written in bulk: the same rules decide every step, the rows come by COPY.

No letters are set, nobody is told anything and the platform's book has one line for all of it; everything else stands
as the actions would have left it, and `queries.broken` counts what does not.
"""
