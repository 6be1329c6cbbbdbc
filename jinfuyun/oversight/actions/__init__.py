"""Everything that happens to notes, complaints and looks, one file each; call-backs; what the platform does itself."""

from jinfuyun.oversight.actions.complaints import (
    answer_complaint,
    fetch_file,
    file_complaint,
    raise_complaint,
    rate,
    scan_file,
    settle,
    withdraw,
)
from jinfuyun.oversight.actions.looks import agree, ask_look, open_look, refuse
from jinfuyun.oversight.actions.notes import answer_note, call_back, close_note, lift_note, return_note, send_note
from jinfuyun.oversight.actions.platform import erase_files, lapse_answered, remind, reveal_looks, set_clocks_right

__all__ = [
    "agree",
    "answer_complaint",
    "answer_note",
    "ask_look",
    "call_back",
    "close_note",
    "erase_files",
    "fetch_file",
    "file_complaint",
    "lapse_answered",
    "lift_note",
    "open_look",
    "raise_complaint",
    "rate",
    "refuse",
    "remind",
    "return_note",
    "reveal_looks",
    "scan_file",
    "send_note",
    "set_clocks_right",
    "settle",
    "withdraw",
]
