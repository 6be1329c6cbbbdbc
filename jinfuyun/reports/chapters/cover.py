"""0 封面与授权信息: who asks, under which consent, for what. Page and paper set it from the report itself."""

from jinfuyun.reports.chapters.contract import Chapter

COVER = Chapter("0", "cover", "封面与授权信息")
