"""Which figures of a page say of which indicator they are, and which numbers stand there without a name.

A number on a page is a figure of an indicator (`data-indicator`), a bound of a rule or scheme (`data-rule`), how long
a list is (`data-list`), or one object's own, as it was written down (`data-field`, the facts of an object, the amount
that is asked for).
"""

import re
from html.parser import HTMLParser
from typing import NamedTuple

NUMBER = re.compile(r"\d")
# What is a number and no figure: days, months, versions, numbers of papers and laws, of enterprises and of phones.
NO_FIGURES = re.compile(
    r"\d{4}-\d{2}(-\d{2})?( \d{2}:\d{2}(:\d{2})?)?|\d{4}-Q\d|第 \d+ 版|\d{4} 版|[A-Z]{2,4}\d{1,24}(-\d+)?"
    r"|示例\d号银行|\b[0-9A-HJ-NPQRTUWXY]{18}\b|\d{3}\*{4}\d{4}|\b1\d{10}\b|〔\d{4}〕\d+号"
    # The rules of publishing, and what counting again found, in words of the page.
    r"|小于 5|不足 5 [户家笔]|满分 100%|满 \d+ 个工作日|登记后 \d+ 日内|[\d,]+ 个数字与封存的一致|（\d+( 款)?）$"
)
# The frame of the page, what is chosen from, the words of definitions; what products and the way of an enterprise say.
PASSED_BY = {"script", "style", "title", "header", "footer", "nav", "select", "option", "form", "time", "dialog"}
PASSED_BY_CLASS = {"figure-why", "sandbox-bar", "card-offer", "way", "facts", "said", "timeline", "chips-row"}
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle"}


class Figure(NamedTuple):
    """`names`: of indicators; `row`, `column`: of the table it stands in."""

    names: str
    text: str
    row: str
    column: str


class Traced(HTMLParser):
    """`figures`: the marked elements; `rules`: names of rules; `loose`: texts with a number outside of any."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures: list[Figure] = []
        self.rules: set[str] = set()
        self.loose: list[str] = []
        self._open: list[tuple[str, bool, int | None]] = []  # tag, passed by, place in `figures`
        self._row: str | None = None  # the first cell of the row that is open
        self.feed(page)

    @property
    def names(self) -> set[str]:
        return {name for one in self.figures for name in one.names.split()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        of = {name: value or "" for name, value in attrs}
        _, passed, place = self._open[-1] if self._open else ("", False, None)
        classes = set(of.get("class", "").split())
        passed = passed or tag in PASSED_BY or bool(PASSED_BY_CLASS & classes) or (tag == "td" and "money" in classes)
        passed = passed or bool({"data-rule", "data-list", "data-field"} & set(of))
        self.rules |= set(of.get("data-rule", "").split())
        if tag == "tr":
            self._row = ""
        if of.get("data-indicator"):
            place = len(self.figures)
            self.figures.append(Figure(of["data-indicator"], "", (self._row or "").strip(), of.get("data-label", "")))
        self._open.append((tag, passed, place))

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._row = None
        while tag not in VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _, _ in self._open]
        _, passed, place = self._open[-1] if self._open else ("", False, None)
        if place is not None:
            self.figures[place] = self.figures[place]._replace(text=self.figures[place].text + data.strip())
        elif not passed and NUMBER.search(NO_FIGURES.sub("", data)):
            self.loose.append(data.strip())
        if "td" in tags and place is None and self._row is not None and not self._row.strip():
            self._row = data
