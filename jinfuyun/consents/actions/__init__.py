"""What one may do with a consent: making it, ending it."""

from jinfuyun.consents.actions.end import (
    end as end,
)
from jinfuyun.consents.actions.end import (
    name_institution as name_institution,
)
from jinfuyun.consents.actions.end import (
    pause as pause,
)
from jinfuyun.consents.actions.end import (
    release_institution as release_institution,
)
from jinfuyun.consents.actions.end import (
)
from jinfuyun.consents.actions.end import (
    revoke as revoke,
)
from jinfuyun.consents.actions.sign import (
    Incomplete as Incomplete,
)
from jinfuyun.consents.actions.sign import (
    check_terms as check_terms,
)
from jinfuyun.consents.actions.sign import (
    check_utilities as check_utilities,
)
from jinfuyun.consents.actions.sign import (
    keep_letter as keep_letter,
)
from jinfuyun.consents.actions.sign import (
)
from jinfuyun.consents.actions.sign import (
    prepare as prepare,
)
from jinfuyun.consents.actions.sign import (
    put_in_force as put_in_force,
    resume as resume,
)
from jinfuyun.consents.actions.sign import (
    send_sign_link as send_sign_link,
)
from jinfuyun.consents.actions.sign import (
    sign as sign,
)
