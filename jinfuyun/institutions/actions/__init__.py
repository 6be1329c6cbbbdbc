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
from jinfuyun.institutions.actions.requests import TakenIn, ask, decline, take_in_directory, take_up
from jinfuyun.institutions.actions.units import (
    UnitInUse,
    add_unit,
    close_unit,
    invite_colleague,
    place_person,
    revise_unit,
)

__all__ = [
    "FourEyes",
    "TakenIn",
    "UnitInUse",
    "add_unit",
    "admit",
    "ask",
    "close_unit",
    "decline",
    "invite_colleague",
    "leave",
    "place_person",
    "propose",
    "resume",
    "revise",
    "revise_unit",
    "send_back",
    "submit",
    "suspend",
    "take_in_directory",
    "take_up",
]
