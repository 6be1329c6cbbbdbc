"""The verbs of the coordination mechanism."""

from jinfuyun.coordination.actions.enterprise import declare, withdraw
from jinfuyun.coordination.actions.institution import apply, contact, grant, refuse
from jinfuyun.coordination.actions.moving import NotAgreed, OnTheList
from jinfuyun.coordination.actions.platform import end_opted_out, remind
from jinfuyun.coordination.actions.regulator import enlist, enlist_demand, judge, look_up, recommend, send_back, view
from jinfuyun.coordination.actions.visits import Planned, Taken, cancel_visit, finish_visit, plan_visit, take_in_visits
from jinfuyun.coordination.actions.zones import Empty, close_zone, keep_zone, publish_zone

__all__ = [
    "Empty",
    "NotAgreed",
    "OnTheList",
    "Planned",
    "Taken",
    "apply",
    "cancel_visit",
    "close_zone",
    "contact",
    "declare",
    "end_opted_out",
    "enlist",
    "enlist_demand",
    "finish_visit",
    "grant",
    "judge",
    "keep_zone",
    "look_up",
    "plan_visit",
    "publish_zone",
    "recommend",
    "refuse",
    "remind",
    "send_back",
    "take_in_visits",
    "view",
    "withdraw",
]
