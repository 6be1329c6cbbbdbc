"""What one may do with an enterprise: one file per matter."""

from jinfuyun.enterprises.actions.authenticate import (
    HeldByAnother as HeldByAnother,
)
from jinfuyun.enterprises.actions.authenticate import (
    Incomplete as Incomplete,
)
from jinfuyun.enterprises.actions.authenticate import (
    check_elements as check_elements,
)
from jinfuyun.enterprises.actions.authenticate import (
    drop_run as drop_run,
)
from jinfuyun.enterprises.actions.authenticate import (
    finish_run as finish_run,
)
from jinfuyun.enterprises.actions.authenticate import (
    keep_draft as keep_draft,
)
from jinfuyun.enterprises.actions.authenticate import (
    submit_profile as submit_profile,
)
from jinfuyun.enterprises.actions.cases import (
    approve_case as approve_case,
)
from jinfuyun.enterprises.actions.cases import (
    open_case as open_case,
)
from jinfuyun.enterprises.actions.cases import (
    pass_case_on as pass_case_on,
)
from jinfuyun.enterprises.actions.cases import (
    reject_case as reject_case,
)
from jinfuyun.enterprises.actions.mandates import give_mandate as give_mandate
from jinfuyun.enterprises.actions.mandates import take_mandate_back as take_mandate_back
