"""Which figures of a page say of which indicator they are, and which numbers stand there without a name."""

import re
from html.parser import HTMLParser

NUMBER = re.compile(r"\d")
# What is a number and no figure: days, months, versions of definitions, how small is small, numbers of papers; how
# long a list of business is, and the days that a rule gives.
NO_FIGURES = re.compile(
    r"\d{4}-\d{2}(-\d{2})?( \d{2}:\d{2}(:\d{2})?)?|第 \d+ 版|小于 5|[\d,]+ 个数字与封存的一致|JB\d+-\d+"
    r"|（\d+）$|\d{4} 版|满 \d+ 个工作日|登记后 \d+ 日内|不足 5 户|满分 100%"
)
# The frame of the page, what is chosen from, the words of definitions; what products and the way of an enterprise say.
PASSED_BY = {"script", "style", "title", "header", "footer", "nav", "select", "option", "form", "time", "dialog"}
PASSED_BY_CLASS = {"figure-why", "sandbox-bar", "card-offer", "way"}
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle"}


class Traced(HTMLParser):
    """`named`: (indicators, text) of each marked element; `loose`: texts with a number outside of any."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.named: list[tuple[str, str]] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, bool, int | None]] = []  # tag, passed by, place in `named`
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        of, before = dict(attrs), self._open[-1] if self._open else ("", False, None)
        passed = before[1] or tag in PASSED_BY or bool(PASSED_BY_CLASS & set((of.get("class") or "").split()))
        place = before[2]
        if of.get("data-indicator"):
            place = len(self.named)
            self.named.append((of["data-indicator"] or "", ""))
        self._open.append((tag, passed, place))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, passed, place = self._open[-1] if self._open else ("", False, None)
        if place is not None:
            name, text = self.named[place]
            self.named[place] = (name, text + data)
        elif not passed and NUMBER.search(NO_FIGURES.sub("", data)):
            self.loose.append(data.strip())
