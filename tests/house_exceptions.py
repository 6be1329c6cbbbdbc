"""What the house checks let pass, each with its reason. A line that is no longer needed fails the test as well."""

OWN = "one's own account: being signed in as it is the right"
CLOCK = "started by the clock only; no door calls it"
STRANGER = "done by a person who is nobody yet; what he knows and holds is judged instead of a role"

WITHIN_PROFILE = "part of the verb that found whose the enterprise is; that one has the right and the line"

# Public actions that lack something (see house_checks.LACKS) on purpose.
ACTIONS: dict[str, tuple[set[str], str]] = {
    "accounts.accept_invitation": ({"by", "permission"}, STRANGER),
    "accounts.answer_captcha": ({"by", "permission", "record"}, "a stranger's answer to a picture; nothing of anybody"),
    "accounts.ask_picture": ({"by", "permission", "record"}, "a picture for a stranger; nothing of anybody"),
    "accounts.ask_sound": ({"by", "permission", "record"}, "a sound for a stranger; nothing of anybody"),
    "accounts.burn": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "one guarded UPDATE, the last step of verbs that have the right and the line",
    ),
    "accounts.change_password": ({"permission"}, OWN),
    "accounts.change_phone": ({"permission"}, OWN),
    "accounts.check_password": (
        {"by", "permission", "record"},
        "a question asked inside other verbs; its tries are limited and commit on their own",
    ),
    "accounts.close_account": ({"permission"}, OWN),
    "accounts.end_all": ({"by", "atomic", "record", "permission"}, "one UPDATE, part of verbs that book what they do"),
    "accounts.end_sign_in": ({"permission"}, OWN),
    "accounts.forget_what_is_over": ({"permission"}, CLOCK),
    "accounts.give_back": ({"by", "at", "atomic", "record", "permission"}, "one DELETE of a limit's own count"),
    "accounts.hash_password": (
        {"keyword-only", "by", "at", "atomic", "record", "permission"},
        "writes nothing: 24 ms of arithmetic that must not happen inside a transaction",
    ),
    "accounts.log_in": ({"by", "permission"}, STRANGER),
    "accounts.log_in_staff": ({"by", "permission"}, STRANGER),
    "accounts.log_out": (
        {"by", "atomic", "record", "permission"},
        "one UPDATE of the sign-in the session carries",
    ),
    "accounts.log_out_everywhere": ({"permission"}, OWN),
    "accounts.open_account": ({"permission"}, "only the sandbox calls it, as the platform; no door does"),
    "accounts.otp_step": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "writes nothing: reads the digits of an authenticator",
    ),
    "accounts.register": ({"by", "permission"}, STRANGER),
    "accounts.reserve": (
        {"by", "record", "permission"},
        "a count that commits on its own; lines would be a flood",
    ),
    "accounts.reserve_all": (
        {"keyword-only", "by", "record", "permission"},
        "a count that commits on its own; lines would be a flood",
    ),
    "accounts.reset_password": ({"by", "permission"}, STRANGER),
    "accounts.seen": ({"by", "atomic", "record", "permission"}, "one UPDATE a minute, on every request"),
    "accounts.send_code": (
        {"by", "record", "permission"},
        "asked by strangers, limited; the outbox keeps it",
    ),
    "accounts.try_code": ({"by", "record", "permission"}, "a try is counted, not booked; what it allows is booked"),
    "accounts.use_code": ({"by", "record", "permission"}, "a try is counted, not booked; what it allows is booked"),
    "institutions.invite_colleague": ({"record"}, "accounts books the invitation"),
    "institutions.place_person": ({"record"}, "accounts books where he works"),
    "institutions.ask": ({"by", "permission"}, STRANGER),
    "applications.release": (
        {"permission", "record"},
        "part of other verbs, which have the right; consents checks and books the release itself",
    ),
    "applications.release_kept": ({"record"}, "the release of each is booked by consents"),
    "applications.tell_enterprise": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "applications.tell_institution": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "applications.write_down": ({"permission"}, "part of `move` and `submit`, which have the right"),
    "audit.record": (
        {"keyword-only", "atomic", "record", "permission"},
        "is the book: it writes the line in the caller's transaction, under the caller's right",
    ),
    "audit.record_many": ({"atomic", "record", "permission"}, "is the book, as audit.record"),
    "audit.seal": ({"by", "record", "permission"}, "seals the book itself; nobody's act, no line about lines"),
    "consents.check_terms": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "writes nothing: refuses before any supplier is asked",
    ),
    "consents.check_utilities": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "writes nothing: asks suppliers over the network, before the verb that keeps their answers",
    ),
    "demands.end_parties": ({"by", "permission", "record"}, "part of the verbs that end a demand, which are booked"),
    "demands.tell_enterprise": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "demands.tell_party": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "handovers.stop": ({"record"}, "accounts books the seat that closes"),
    "demands.tell_house": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "disputes.tell_enterprise": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "disputes.tell_house": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "disputes.write_down": ({"permission"}, "part of `move` and `raise_dispute`, which have the right"),
    "enterprises.ask_tax": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "writes nothing: asks the tax department over the network, never inside a transaction",
    ),
    "enterprises.end_holding": ({"by", "atomic", "record", "permission"}, WITHIN_PROFILE),
    "enterprises.make_room": ({"by", "atomic", "record", "permission"}, WITHIN_PROFILE),
    "enterprises.end_what_was_signed": ({"by", "atomic", "record", "permission"}, WITHIN_PROFILE),
    "enterprises.keep_draft": ({"record"}, "a draft: what was typed so far, sealed, forgotten when the run is over"),
    "enterprises.keep_registered": ({"record"}, "a draft, as keep_draft; what becomes of it is booked by step 2"),
    "enterprises.learn_registered": ({"record"}, "asks over the network, then keep_registered writes the draft"),
    "enterprises.look_up": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "writes nothing: asks market regulation over the network, never inside a transaction",
    ),
    "enterprises.move": (
        {"keyword-only", "by", "atomic", "record", "permission"},
        "one guarded step inside verbs that have the right and the line",
    ),
    "jobs.defer": (
        {"keyword-only", "by", "at", "record", "permission"},
        "part of another action, inside its transaction; that one has the right, the moment and the line",
    ),
    "oversight.tell_answerers": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "oversight.tell_enterprise": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "oversight.tell_regulators": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "oversight.write_down": ({"permission"}, "part of `move` and of what begins a history, which have the right"),
    "products.keep": ({"record"}, "what a person typed so far, saved by itself; it is booked as a version"),
    "products.discard": ({"record"}, "one's own unfinished typing; nothing of it was ever a version"),
    "matching.look": (
        {"atomic", "record"},
        "writes nothing: the database books the reading on its own before a document leaves it",
    ),
    "loans.event_of": ({"keyword-only", "atomic", "record", "permission"}, "writes nothing: an entry not saved yet"),
    "loans.line_of": ({"keyword-only", "by", "atomic", "record", "permission"}, "writes nothing: a line not saved yet"),
    "loans.loan_of": ({"keyword-only", "by", "atomic", "record", "permission"}, "writes nothing: a loan not saved yet"),
    "loans.move_line": ({"permission"}, "a step inside verbs that have the right"),
    "loans.number": ({"keyword-only", "by", "at", "atomic", "record", "permission"}, "draws a number, writes nothing"),
    "loans.release_over": ({"record"}, "as release_line, which it calls"),
    "loans.release_line": ({"record"}, "consents books the release, and the end of the consent"),
    "loans.settle_up": ({"record"}, "part of the entry that settles, which is booked; consents books the rest"),
    "loans.record": ({"permission"}, "the line of verbs that have the right"),
    "loans.take_in": ({"by"}, "a job: acts in the name of who sent the sheet, whose right is asked again"),
    "loans.tell_enterprise": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "loans.tell_institution": ({"by", "permission", "record"}, "part of other verbs; the outbox is the record"),
    "loans.write_down": ({"permission"}, "part of verbs that have the right"),
    "notifications.deliver": (
        {"by", "atomic", "record", "permission"},
        "a job: sends over the network, then one guarded UPDATE; the outbox itself is the record",
    ),
    "notifications.forget_messages": ({"permission"}, CLOCK),
    "notifications.follow_phone": (
        {"by", "at", "record", "permission"},
        "part of verbs of accounts, which have the right and the line",
    ),
    "notifications.mute": ({"permission"}, OWN),
    "notifications.mark_read": ({"by", "record", "permission"}, "one's own notices, no trace wanted"),
    "notifications.notify": (
        {"by", "record", "permission"},
        "part of another action, inside its transaction; the outbox itself is the record",
    ),
    "pushes.keep_part": (
        {"record"},
        "a part of thousands; the whole is booked when it begins, is complete, is taken in",
    ),
    "pushes.use_request_id": (
        {"record", "permission"},
        "a mark that a signed request was seen, for every request; what it asks is judged after it",
    ),
    "reports.keep_printed": ({"permission"}, "part of the two verbs that print, which have the right or none to give"),
    "reports.print_waiting": ({"permission"}, "the worker makes what a reader asked for; nothing is handed out"),
    "supervision.gather_drawdowns": ({"at", "record"}, "the night's own count, once more; nothing is changed or read"),
}

# Files outside data/, models.py, queries.py and migrations that hold SQL.
SQL = {
    "config/database.py": "makes roles, database and rights as the server's superuser, before Django can connect",
    "supervision/queries/feeds.py": "two grouped statements over the feeds of reports; queries of a noun that has many",
    "sandbox/province.py": "writes the pretend province's people from a table of its own; touches no database of ours",
    "sandbox/files.py": "writes the pretend departments' files from tables of its own; touches no database of ours",
    "sandbox/departments/registers.py": "what the pretend departments have on file; touches no database of ours",
}

# Text in templates that looks like a figure and is none.
FIGURES: dict[str, str] = {}

# Routes that nobody needs to sign in for.
PUBLIC_ROUTES = {
    "/": "the home page",
    "/help": "how to use the platform, read before registering",
    "/agreement": "the agreement one accepts by registering",
    "/privacy": "what happens to personal data",
    "/policies": "support policies are open to everybody",
    "/zones": "zones are open to everybody while they run",
    "/search": "what is searched is open to everybody",
    "/products": "the market is open to everybody",
    "/evaluations": "ranks that the regulator published",
    "/products/compare": "the market is open to everybody",
    "/healthz": "load balancers",
    "/readyz": "load balancers and the supervisor",
    "/captcha.webp": "the picture of the forms below",
    "/captcha.wav": "the picture of the forms below, to be heard",
    "/join": "how an institution asks to be admitted",
    "/register": "how people come in",
    "/login": "how people come in",
    "/logout": "who is signed out already stays so",
    "/password": "a lost password, given back by SMS",
    "/invited/<str:token>": "the link in the invitation is the key",
    "/verify": "anyone checks a letter or a report",
    "/verify/<code:number>": "anyone checks a letter or a report",
    "/api/docs": "what programs may ask, to be read before one has a key",
    "/api/v1/openapi.json": "what programs may ask, to be read before one has a key",
    "/sandbox/": "invented people to try; absent when the sandbox is off",
    "/sandbox/people.json": "invented people to try; absent when the sandbox is off",
    "/sandbox/captcha": "the answer for programs that try; absent when the sandbox is off",
    "/sandbox/faults": "switches of the pretend departments; absent when the sandbox is off",
    "/sandbox/robots": "switch of the robot banks; absent when the sandbox is off",
    "/sandbox/phone": "pretend phones; absent when the sandbox is off",
    "/sandbox/phone/<slug:number>": "pretend phones; absent when the sandbox is off",
    "/sandbox/phone/<slug:number>.json": "pretend phones; absent when the sandbox is off",
    "/sign/<str:token>": "the link in the SMS is the key; signing needs the code sent to the owner's phone",
}
