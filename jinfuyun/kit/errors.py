"""Named refusals that several floors share. Every message is what the person reads, so it is Chinese."""


class Refused(Exception):
    """Something expected stands in the way. `str()` is the sentence for the person."""

    message = "操作未能完成。"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class NotFound(Refused):
    """It does not exist, or not for this reader; doors answer 404 to both alike."""

    message = "您访问的内容不存在。"


class NotAllowed(Refused):
    """It is visible, but this act is not this person's; doors answer 403."""

    message = "您没有办理此事项的权限。"


class NotGranted(Refused):
    """No consent in force covers this reading. `why` is the word for it in the book."""

    message = "没有有效的授权，不能查询该企业的数据。"

    def __init__(self, message: str | None = None, *, why: str = "no_consent") -> None:
        super().__init__(message)
        self.why = why


class TooMany(Refused):
    """A limit is used up; doors answer 429."""

    message = "操作过于频繁，请稍后再试。"


class TooLate(Refused):
    """Somebody was first: the thing is no longer in the state this act needs."""

    message = "该事项刚刚已被处理，请刷新后再看。"


class Unreachable(Refused):
    """An outside system did not answer, or not properly."""

    message = "对方系统暂时无法连接，请稍后再试。"
