"""The verbs of the coordination mechanism."""

from jinfuyun.coordination.actions.enterprise import declare, withdraw
from jinfuyun.coordination.actions.institution import apply, contact, grant, refuse
from jinfuyun.coordination.actions.moving import NotAgreed, OnTheList
from jinfuyun.coordination.actions.platform import end_opted_out, remind
from jinfuyun.coordination.actions.regulator import enlist, enlist_demand, judge, look_up, recommend, send_back

__all__ = [
    "NotAgreed",
    "OnTheList",
    "apply",
    "contact",
    "declare",
    "end_opted_out",
    "enlist",
    "enlist_demand",
    "grant",
    "judge",
    "look_up",
    "recommend",
    "refuse",
    "remind",
    "send_back",
    "withdraw",
]
