"""What imports cannot show, found by walking syntax trees. Each check takes a package folder and names every break.

A check returns lines such as `consents/actions.py:12 …`; an empty list means the house stands. The tables of
exceptions stand in test_house.py, beside the tests.
"""

import ast
import html.parser
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2

DOORS = ("config", "web", "openapi", "sandbox")
GROUND = ("storage", "data", "kit")  # the other floors that are no business nouns
FUNCTION_LINES_MAX = 50
FILE_LINES_MAX = 400
BANNED_NAMES = ("utils", "helpers", "services", "signals")
CLOCKS = ("now", "today", "utcnow")
CLOCK_HOLDERS = ("timezone", "datetime", "date")
CONVERSIONS = ("localtime", "localdate")  # with an argument they convert, without one they read the clock
SQL_CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|\bCURRENT_(TIMESTAMP|DATE)\b"
)
SQL = re.compile(
    r"""\s*(SELECT | INSERT\ INTO | UPDATE\ [a-z_.]+\ SET | DELETE\ FROM | WITH\ [a-z_]+\ AS | TRUNCATE | GRANT | REVOKE
    | CREATE\ (TABLE|ROLE|INDEX|FUNCTION|SCHEMA|DATABASE|OR\ REPLACE) | ALTER\ (TABLE|ROLE|SCHEMA|DEFAULT)
    | DROP\ (TABLE|ROLE|DATABASE|FUNCTION) | COPY\ [a-z_.]+ )\b""",
    re.VERBOSE,
)
SQL_CALLS = ("raw", "RawSQL", "extra")
FOREIGN_KEYS = ("ForeignKey", "OneToOneField", "ManyToManyField")
FIGURE = re.compile(r"[\d０-９][\d０-９,.]*\s*(万|亿|家|户|笔|元|款|人次|%|％|bp|BP)")
# A check switched off for a line that does not say why.
SILENCED = re.compile(r"# ?(type: ignore|noqa)(\[[^\]]*\]|: ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*)?[ \t]*$", re.MULTILINE)
LACKS = ("keyword-only", "by", "at", "atomic", "record", "permission")


def modules(package: Path) -> Iterator[tuple[str, ast.Module]]:
    """Path below the package and syntax tree of every module."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), ast.parse(path.read_text())


def below_the_doors(package: Path) -> Iterator[tuple[str, ast.Module]]:
    return ((path, tree) for path, tree in modules(package) if path.split("/")[0] not in DOORS)


def silenced(package: Path) -> list[str]:
    return [
        f"{path.relative_to(package).as_posix()}: {found.group()} without a reason"
        for path in sorted(package.rglob("*.py"))
        for found in SILENCED.finditer(path.read_text())
    ]


def is_migration(path: str) -> bool:
    return "/migrations/" in path


def called(node: ast.AST) -> str:
    """The last name of what is called: `f` of f(), `g` of a.b.g(); empty for everything else."""
    if not isinstance(node, ast.Call):
        return ""
    return name_of(node.func)


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imported_as(tree: ast.Module, module: str, name: str) -> set[str]:
    """The names under which a module knows `module.name`."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
        if alias.name == name
    }


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string that is not a docstring; the parts of f-strings too."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


# --- grants, clock, keys -------------------------------------------------------------------------------------------


def grants_made_elsewhere(package: Path) -> list[str]:
    """Only consents/queries.py makes a Grant, or a changed copy of one."""
    found = []
    for path, tree in modules(package):
        if path == "consents/queries.py":
            continue
        names = imported_as(tree, "jinfuyun.kit.grant", "Grant") | {"Grant"}
        copies = imported_as(tree, "dataclasses", "replace") | {"replace"}
        for node in ast.walk(tree):
            makes = called(node) in names
            changes = called(node) in copies and "grant" in name_of(next(iter(getattr(node, "args", [])), node)).lower()
            if makes or changes:
                found.append(f"{path}:{node.lineno} makes a Grant")
    return found


def clock_readers(package: Path) -> list[str]:
    """Below the doors time comes in as `at`."""
    return [
        f"{path}:{node.lineno} reads the clock"
        for path, tree in below_the_doors(package)
        for node in ast.walk(tree)
        if _reads_the_clock(node) or (isinstance(node, ast.ImportFrom) and _imports_a_clock(node))
    ] + [
        f"{path}:{text.lineno} lets the database read the clock"
        for path, tree in below_the_doors(package)
        for text in texts(tree)
        if SQL_CLOCK.search(str(text.value))
    ]


def _reads_the_clock(node: ast.AST) -> bool:
    if called(node) in CLOCKS:
        return True
    if isinstance(node, ast.Attribute):  # handed on uncalled, as in default=timezone.now
        by_name = name_of(node.value) in CLOCK_HOLDERS and node.attr in CLOCKS
        return by_name or (name_of(node.value) == "time" and node.attr in ("time", "time_ns"))
    if isinstance(node, ast.keyword):
        return node.arg in ("auto_now", "auto_now_add")
    return called(node) in CONVERSIONS and not node.args


def _imports_a_clock(node: ast.ImportFrom) -> bool:
    clocks = {
        "time": {"time", "time_ns"},
        "django.utils.timezone": set(CLOCKS),
        "django.db.models.functions": {"Now"},
    }
    return any(alias.name in clocks.get(node.module or "", ()) for alias in node.names)


def open_back_doors(package: Path) -> list[str]:
    """A foreign key that crosses folders has related_name="+"."""
    found = []
    for path, tree in modules(package):
        if is_migration(path):
            continue
        homes = {
            alias.asname or alias.name: (node.module or "").split(".")[1]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jinfuyun.")
            for alias in node.names
        }
        for node in ast.walk(tree):
            if called(node) in FOREIGN_KEYS:
                assert isinstance(node, ast.Call)
                options = {option.arg: option.value for option in node.keywords}
                target = node.args[0] if node.args else options.get("to")
                closed = isinstance(name := options.get("related_name"), ast.Constant) and name.value == "+"
                if _house_of(target, homes, path.split("/")[0]) != path.split("/")[0] and not closed:
                    found.append(f'{path}:{node.lineno} crosses folders without related_name="+"')
    return found


def _house_of(target: ast.AST | None, homes: Mapping[str, str], own: str) -> str:
    """The folder of the model a foreign key points to."""
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return target.value.split(".")[0] if "." in target.value else own
    if isinstance(target, ast.Attribute):  # settings.AUTH_USER_MODEL, accounts.User, models.User
        return "accounts" if target.attr == "AUTH_USER_MODEL" else homes.get(name_of(target.value), "?")
    return homes.get(name_of(target), own) if target is not None else own


def signals_and_look_ups_by_name(package: Path) -> list[str]:
    """No signals, no models fetched by string (migrations have to)."""
    found = []
    for path, tree in modules(package):
        for node in ast.walk(tree):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.endswith(".signals") or module == "django.dispatch":
                found.append(f"{path}:{node.lineno} uses signals")
            if called(node) == "get_model" and not is_migration(path):
                found.append(f"{path}:{node.lineno} fetches a model by its name")
    return found


# --- actions, permissions, jobs ------------------------------------------------------------------------------------


def action_lacks(package: Path) -> dict[str, set[str]]:
    """What each public action lacks, by its name (`products.publish`): see LACKS. Whole ones are not named."""
    found: dict[str, set[str]] = {}
    for noun, trees in _action_modules(package).items():
        functions = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, function in functions.items():
            lacks = set() if name.startswith("_") else _lacks(function, functions)
            if lacks:
                found[f"{noun}.{name}"] = lacks
    return found


def _action_modules(package: Path) -> dict[str, list[ast.Module]]:
    by_noun: dict[str, list[ast.Module]] = {}
    for path, tree in below_the_doors(package):
        noun, _, rest = path.partition("/")
        if rest == "actions.py" or rest.startswith("actions/"):
            by_noun.setdefault(noun, []).append(tree)
    return by_noun


def _lacks(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    named = {argument.arg for argument in function.args.kwonlyargs}
    reached = list(_reach(function, functions, set()))
    calls = {called(node) for each in reached for node in ast.walk(each)}
    has = {
        "keyword-only": not (function.args.posonlyargs or function.args.args or function.args.vararg),
        "by": "by" in named,
        "at": "at" in named,
        "atomic": any(_is_atomic(each) for each in reached),
        "record": "record" in calls,
        "permission": bool(calls & {"require", "may"}),
    }
    return {lack for lack in LACKS if not has[lack]}


def _reach(
    function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], seen: set[str]
) -> Iterator[ast.FunctionDef]:
    """The function and the functions of the same actions that it calls."""
    seen.add(function.name)
    yield function
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            callee = functions.get(node.func.id)
            if callee is not None and callee.name not in seen:
                yield from _reach(callee, functions, seen)


def _is_atomic(function: ast.FunctionDef) -> bool:
    blocks = [item.context_expr for node in ast.walk(function) if isinstance(node, ast.With) for item in node.items]
    return any(name_of(d) == "atomic" or called(d) == "atomic" for d in [*function.decorator_list, *blocks])


def members_never_named(package: Path, kind: str, defined_in: str) -> set[str]:
    """Members of the enum `kind` that no module but its own and the binding table names."""
    members = {
        target.id
        for path, tree in modules(package) if path == defined_in
        for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind
        for line in node.body if isinstance(line, ast.Assign)
        for target in line.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    named = {
        node.attr
        for path, tree in modules(package) if path != defined_in
        for node in ast.walk(tree) if isinstance(node, ast.Attribute) and name_of(node.value) == kind
        and not (path == "config/jobs.py" and _is_binding(node, tree))
    }  # fmt: skip
    return members - named


def _is_binding(node: ast.Attribute, tree: ast.Module) -> bool:
    """Whether the name stands as a key of BINDINGS, which alone defers nothing."""
    tables = [each for each in tree.body if isinstance(each, ast.AnnAssign) and name_of(each.target) == "BINDINGS"]
    return any(isinstance(table.value, ast.Dict) and node in table.value.keys for table in tables)


# --- shape ---------------------------------------------------------------------------------------------------------


def business_folders(package: Path) -> set[str]:
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    return folders - set(DOORS) - set(GROUND)


def contract_folders(pyproject: Path) -> set[str]:
    """The folders that the contract "Inside one business folder" names."""
    contracts = tomllib.loads(pyproject.read_text())["tool"]["importlinter"]["contracts"]
    [inside] = [contract for contract in contracts if contract["name"].startswith("2 ")]
    return {name.split(".")[1] for name in inside["containers"]}


def too_long(package: Path) -> list[str]:
    """Functions and files that should have been two; generated migrations aside."""
    found = []
    for path, tree in modules(package):
        if is_migration(path):
            continue
        lines = len((package / path).read_text().splitlines())
        if lines > FILE_LINES_MAX:
            found.append(f"{path} has {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    found.append(f"{path}:{node.lineno} {node.name} has {length} lines")
    return found


def names_that_say_nothing(package: Path) -> list[str]:
    return sorted(
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.stem in BANNED_NAMES and (path.is_dir() or path.suffix == ".py")
    )


class _Words(html.parser.HTMLParser):
    """Collects what a person reads; scripts, styles and attributes are not that."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def figures_in_templates(templates: Path) -> list[str]:
    """A figure on a page comes from a table, never from the template's own text."""
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    found = []
    for path in sorted(templates.rglob("*.html")):
        for data in environment.parse(path.read_text()).find_all(jinja2.nodes.TemplateData):
            reader = _Words()
            reader.feed(data.data)
            found += [
                f"{path.relative_to(templates).as_posix()}:{data.lineno} {figure.group()}"
                for words in reader.words
                for figure in FIGURE.finditer(words)
            ]
    return found


def sql_elsewhere(package: Path) -> list[str]:
    """SQL stands in data/, models.py, queries.py and migrations."""
    found = []
    for path, tree in modules(package):
        if path.startswith("data/") or is_migration(path) or Path(path).name in ("models.py", "queries.py"):
            continue
        lines = [text.lineno for text in texts(tree) if SQL.match(str(text.value))]
        lines += [node.lineno for node in ast.walk(tree) if called(node) in SQL_CALLS]
        found += [f"{path}:{line} holds SQL" for line in sorted(set(lines))]
    return found


def malformed_decisions(folder: Path) -> list[str]:
    """Records are numbered without a gap and say context, decision and price."""
    found = []
    for expected, path in enumerate(sorted(folder.glob("*.md")), start=1):
        if not re.fullmatch(rf"{expected:04d}-[a-z0-9-]+\.md", path.name):
            found.append(f"{path.name} should be number {expected:04d}")
        headings = re.findall(r"^#+ .+$", path.read_text(), re.MULTILINE)
        if [heading.split(" ", 1)[0] for heading in headings[:1]] != ["#"] or [
            heading for heading in headings if heading.startswith("## ")
        ] != ["## Context", "## Decision", "## Price"]:
            found.append(f"{path.name} lacks its title, or one of Context, Decision, Price")
    return found
