"""Everything that happens to institutions: how they come and go, and their branches."""

from jinfuyun.institutions.actions.admission import (
    FourEyes,
    admit,
    leave,
    propose,
    resume,
    revise,
    send_back,
    submit,
    suspend,
)
from jinfuyun.institutions.actions.units import UnitInUse, add_unit, close_unit, place_person, revise_unit

__all__ = [
    "FourEyes",
    "UnitInUse",
    "add_unit",
    "admit",
    "close_unit",
    "leave",
    "place_person",
    "propose",
    "resume",
    "revise",
    "revise_unit",
    "send_back",
    "submit",
    "suspend",
]
