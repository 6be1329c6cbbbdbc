"""The `jinfuyun` command. Each sub-command prints for people, or one JSON line with --json."""

import argparse
import contextlib
import json
import os
import re
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from jinfuyun.config import database, keys, places, postgres
from jinfuyun.config.up import CannotGoUp, prepare, up
from jinfuyun.kit.errors import Refused

CHINA = ZoneInfo("Asia/Shanghai")
ENTERPRISES_MAX, MONTHS_MAX, DIRT_MAX = 6_000_000, 120, 0.5  # of a pretend province; beyond, numbers would repeat


class Trouble(Exception):
    """Expected: printed as one sentence, exit code 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; the exit code is 0 if everything is well, 1 if not, 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    try:
        answer: dict[str, Any] = options.run(options)
    except (Trouble, Refused, CannotGoUp, postgres.CannotStart) as trouble:
        _print({"ok": False, "error": str(trouble)}, options, str(trouble), file=sys.stderr)
        return 1
    except psycopg.OperationalError as lost:
        _print({"ok": False, "error": str(lost)}, options, f"与数据库的连接中断，请重试：{lost}", file=sys.stderr)
        return 1
    if answer:
        _print(answer, options, str(answer.pop("text", "")))
    return 0 if answer.get("ok", True) else 1


def _print(answer: dict[str, Any], options: argparse.Namespace, text: str, **where: Any) -> None:
    if getattr(options, "json", False):
        print(json.dumps({key: value for key, value in answer.items() if key != "text"}, ensure_ascii=False))
    elif text:
        print(text, **where)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jinfuyun", description="福建省金融服务云平台")
    commands = parser.add_subparsers(required=True, metavar="命令")

    going_up = commands.add_parser("up", help="起整个平台，Ctrl-C 停止")
    going_up.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="监听地址（默认 127.0.0.1）")
    going_up.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="端口（默认 8000）")
    going_up.set_defaults(run=_up)

    commands.add_parser("prepare", help="按当前版本准备数据库（角色、表）和静态文件；部署时先于启动运行").set_defaults(
        run=_prepare
    )

    _add_deliver(commands)
    nightly = commands.add_parser("nightly", help="夜间整理：清理数据湖，更新随时间变化的企业数据文档")
    nightly.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="数据截至这一天（默认各自的最后一个完整月）"
    )
    nightly.add_argument("--all", action="store_true", help="全部企业的数据文档都重建，不只是变化了的")
    nightly.add_argument(
        "--engine", choices=("duckdb", "spark"), default="duckdb", help="由谁计算指标（默认本机 duckdb）"
    )
    nightly.add_argument("--master", metavar="URL", help="Spark 集群的主节点，例如 spark://host:7077")
    nightly.add_argument("--lake-as", default="", metavar="URL", help="集群所见的数据湖目录，例如 s3a://bucket/lake")
    _with_json(nightly).set_defaults(run=_in_platform("nightly"))

    report = commands.add_parser("report", help="在企业自己的有效授权下，出一份企业本人的信用报告（记入账本）")
    report.add_argument("uscc", metavar="USCC", help="统一社会信用代码")
    report.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="写到哪个文件")
    _with_json(report).set_defaults(run=_in_platform("report"))

    book = commands.add_parser("book", help="账本").add_subparsers(required=True, metavar="动作")
    verify = book.add_parser("verify", help="核对账本的每一条、每一个封印和签名")
    verify.add_argument("--head", type=Path, help="另存的封印（每行一个 JSON）；默认用 var/book/heads.jsonl")
    _with_json(verify).set_defaults(run=_in_platform("book_verify"))

    kept = commands.add_parser("keys", help="密钥").add_subparsers(required=True, metavar="动作")
    backup = kept.add_parser("backup", help="把全部密钥备份到一个文件（请离线妥善保管）")
    backup.add_argument("file", type=Path, metavar="FILE")
    _with_json(backup).set_defaults(run=_keys_backup)

    _add_statistics(commands)
    _add_sandbox(commands)
    _add_score(commands)
    _processes(commands)
    return parser


def _processes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What `up` starts, each by itself."""
    commands.add_parser("worker", help="处理后台任务（由 up 启动）").set_defaults(run=_worker)
    commands.add_parser("sealer", help="为账本加封（由 up 启动）").set_defaults(run=_sealer)
    commands.add_parser("robots", help="沙箱里自动办理的银行（由 up 启动）").set_defaults(run=_robots)
    watch = commands.add_parser("watch", help="看守投递目录 var/drop/<数据名>/：文件与清单都到齐即处理（由 up 启动）")
    watch.add_argument("--once", action="store_true", help="只看一遍就结束")
    _with_json(watch).set_defaults(run=_watch)


def _add_deliver(commands: Any) -> None:
    deliver = commands.add_parser("deliver", help="交付部门的数据文件")
    deliver.add_argument("feed", metavar="FEED", help="哪一种数据，例如 registration、sales_invoices")
    deliver.add_argument("files", type=Path, nargs="+", metavar="FILE")
    deliver.add_argument(
        "--covers-until", type=date.fromisoformat, metavar="DATE",
        help="数据完整到这一天：名单里文件没有提到的企业即为无记录；只有表头的文件必须写明",
    )  # fmt: skip
    _with_json(deliver).set_defaults(run=_in_platform("deliver"))


def _add_statistics(commands: Any) -> None:
    statistics = commands.add_parser("statistics", help="月度统计").add_subparsers(required=True, metavar="动作")
    for name, does in (
        ("close", "关账：封存一个已结束月份的全部指标"),
        ("recompute", "按明细重新计算，与封存的数字核对"),
    ):
        of_month = statistics.add_parser(name, help=does)
        of_month.add_argument("month", metavar="MONTH", help="月份，例如 2026-03")
        _with_json(of_month).set_defaults(run=_in_platform(f"statistics_{name}"))


def _add_sandbox(commands: Any) -> None:
    sandbox = commands.add_parser("sandbox", help="沙箱").add_subparsers(required=True, metavar="动作")
    province = sandbox.add_parser("province", help="生成一个虚构的省：企业、人员和各部门的数据文件")
    province.add_argument("--enterprises", type=_count, required=True, metavar="N", help="企业数")
    province.add_argument("--seed", type=int, required=True, metavar="S", help="同一个种子得到同样的文件")
    province.add_argument("--out", type=Path, required=True, metavar="DIR", help="写到哪个目录")
    province.add_argument("--months", type=_whole_months, default=24, metavar="M", help="多少个整月的数据（默认 24）")
    province.add_argument(
        "--dirt",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="脏数据的比例，0 到 0.5（默认 0）；应有结果见 truth.json",
    )
    province.add_argument("--until", type=date.fromisoformat, help="数据到这一天之前的最后一个完整月（默认今天）")
    _with_json(province).set_defaults(run=_sandbox_province)
    business = sandbox.add_parser("business", help="向沙箱批量写入虚构企业的账号、授权、申请和贷款（先运行 make run）")
    business.add_argument("--enterprises", type=_count, required=True, metavar="N", help="企业数")
    business.add_argument("--seed", type=int, required=True, metavar="S", help="同一个种子得到同样的业务")
    business.add_argument("--months", type=_whole_months, default=24, metavar="M", help="最近多少个月（默认 24）")
    _with_json(business).set_defaults(run=_in_platform("sandbox_business"))


def _add_score(commands: Any) -> None:
    score = commands.add_parser("score", help="评分卡").add_subparsers(required=True, metavar="动作")
    fit = score.add_parser(
        "fit", help="从一张样本表开发评分卡：分箱、证据权重、逻辑回归、校准，交叉验证（先运行 make setup-score）"
    )
    fit.add_argument("data", type=Path, metavar="DATA", help="样本表，.csv（UTF-8）或 .parquet，一行一家企业")
    fit.add_argument("--target", required=True, metavar="COLUMN", help="目标列：1 或“是”为违约，0 或“否”为正常")
    fit.add_argument("--out", type=Path, default=Path("score"), metavar="DIR", help="写到哪个目录（默认 score）")
    fit.add_argument("--max-characteristics", type=_positive, default=12, metavar="N", help="最多几个指标（默认 12）")
    fit.add_argument(
        "--monotone",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="须单调的列：COLUMN（方向由数据定）、COLUMN=up（越大越好）、COLUMN=down（越大越差），或 all",
    )
    fit.add_argument(
        "--by", nargs="+", default=[], metavar="COLUMN", help="按这些列（规模、地区、行业……）分组评价，不作指标"
    )
    fit.add_argument("--without", nargs="+", default=[], metavar="COLUMN", help="不用的列，例如编号、名称")
    fit.add_argument(
        "--repeats", type=_positive, metavar="N", help="5 折交叉验证重复几次（默认：不足 2,000 行 10 次，否则 1 次）"
    )
    fit.add_argument(
        "--name", type=_card_name, default="developed", metavar="NAME", help="评分卡的代号（小写字母和下划线）"
    )
    fit.add_argument("--label", default="小微企业信用评分卡", metavar="TEXT", help="评分卡的名称")
    _with_json(fit).set_defaults(run=_score_fit)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("应是 1 以上的整数")
    return int(text)


def _card_name(text: str) -> str:
    if not re.fullmatch("[a-z_]+", text):
        raise argparse.ArgumentTypeError("只能用小写字母和下划线")
    return text


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= ENTERPRISES_MAX:
        raise argparse.ArgumentTypeError(f"应在 1 到 {ENTERPRISES_MAX} 之间")
    return count


def _whole_months(text: str) -> int:
    months = int(text)
    if not 1 <= months <= MONTHS_MAX:
        raise argparse.ArgumentTypeError(f"应在 1 到 {MONTHS_MAX} 之间")
    return months


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= DIRT_MAX:
        raise argparse.ArgumentTypeError(f"应在 0 到 {DIRT_MAX} 之间")
    return share


def _with_json(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--json", action="store_true", help="只输出一行 JSON")
    return parser


@contextlib.contextmanager
def platform() -> Iterator[None]:
    """The platform for one command: a running database (ours or the one that runs already), Django ready."""
    with contextlib.ExitStack() as stack:
        if database.address().embedded:
            if not (places.POSTGRES / "data").exists():
                raise Trouble("这里还没有数据库，请先运行 make run。")
            stack.enter_context(postgres.serving(places.POSTGRES, password=keys.database_passwords()["postgres"]))
        django_ready()
        yield


def django_ready() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
    django.setup()


def _up(options: argparse.Namespace) -> dict[str, Any]:
    up(host=options.host, port=options.port, say=lambda text: print(text, flush=True))
    return {}


def _prepare(options: argparse.Namespace) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        if database.address().embedded:
            stack.enter_context(postgres.serving(places.POSTGRES, password=keys.database_passwords()["postgres"]))
        prepare()
    return {"ok": True, "text": "数据库和静态文件已就绪。"}


def _worker(options: argparse.Namespace) -> dict[str, Any]:
    django_ready()
    from jinfuyun.config.worker import work

    work()
    return {}


def _watch(options: argparse.Namespace) -> dict[str, Any]:
    if options.once:
        return _in_platform("watch")(options)
    django_ready()
    from jinfuyun.config.worker import watch_for_ever

    watch_for_ever()
    return {}


def _sealer(options: argparse.Namespace) -> dict[str, Any]:
    django_ready()
    from jinfuyun.config.worker import seal_for_ever

    seal_for_ever()
    return {}


def _robots(options: argparse.Namespace) -> dict[str, Any]:
    django_ready()
    from jinfuyun.config.worker import robots_for_ever

    robots_for_ever()
    return {}


def _in_platform(name: str) -> Callable[[argparse.Namespace], dict[str, Any]]:
    """A function of commands.py, called when the platform stands."""

    def run(options: argparse.Namespace) -> dict[str, Any]:
        with platform():
            from jinfuyun.config import commands

            answer: dict[str, Any] = getattr(commands, name)(options)
            return answer

    return run


def _score_fit(options: argparse.Namespace) -> dict[str, Any]:
    from jinfuyun.config.scoring import fit_card

    return fit_card(options)


def _sandbox_province(options: argparse.Namespace) -> dict[str, Any]:
    from jinfuyun.config.progress import progress
    from jinfuyun.sandbox.province import generate

    until = options.until or datetime.now(CHINA).date()
    with progress(options, "生成") as show:
        made = generate(
            enterprises=options.enterprises, seed=options.seed, until=until, out=options.out, months=options.months,
            dirt=options.dirt, on_progress=show,
        )  # fmt: skip
    text = f"已生成 {made.enterprises} 家企业，{sum(made.rows.values())} 行，在 {options.out}。"
    return {"ok": True, "enterprises": made.enterprises, "rows": made.rows, "text": text}


def _keys_backup(options: argparse.Namespace) -> dict[str, Any]:
    """A tar of var/keys that only its owner may read; never over an existing file."""
    files = keys.key_files()
    if not files:
        raise Trouble("还没有密钥，请先运行 make run。")
    try:
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise Trouble(f"{options.file} 已存在，不覆盖。") from there
    except OSError as failure:
        raise Trouble(f"不能写入 {options.file}：{failure.strerror}") from failure
    with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as archive:
        for path in files:
            archive.add(path, arcname=str(path.relative_to(places.KEYS)))
    return {"ok": True, "file": str(options.file), "keys": len(files),
            "text": f"已备份 {len(files)} 个密钥文件到 {options.file}。没有它们，加密的个人信息无法恢复。"}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
