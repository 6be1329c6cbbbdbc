"""`jinfuyun up`: the whole platform by one command, down by one Ctrl-C, the database last."""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from types import FrameType

from jinfuyun.config import database, keys, places, postgres, province
from jinfuyun.config.supervisor import Child, end_all_leftovers, missing_tools

READY_SECONDS_MAX = 60
LOOK_EVERY_SECONDS = 0.2
FREE_BYTES_MIN = 300 * 1024 * 1024
DATABASE_FREE_SECONDS_MAX = 30

Say = Callable[[str], None]


class CannotGoUp(Exception):
    """The platform cannot be started; the text says why and what to do."""


def up(*, host: str, port: int, say: Say) -> None:
    """Start everything, watch it, and return after Ctrl-C (or SIGTERM) when everything has ended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a background shell ignores it
        signal.signal(number, _as_ctrl_c)
    children: list[Child] = []
    with _plain_words_for_a_full_disk(), _only_one_here():
        if count := end_all_leftovers():
            say(f"已清理上次异常退出留下的 {count} 个进程。")
        _check(host, port)
        letters = None
        server = DatabaseChild() if database.address().embedded else None
        try:
            if server:
                server.start()
            sandbox = os.environ.get("JINFUYUN_SANDBOX", "1") == "1"
            if sandbox:
                departments = _start_departments(children, say)
            os.environ.setdefault("JINFUYUN_URL", f"http://{host}:{port}")
            prepare()
            if sandbox:
                _wait_until(departments, children, say)
                province.fill(say)
            _start_all(children, host, port, say)
            letters = province.write_letters() if sandbox else None
            while True:
                for child in children:
                    child.watch(say)
                if server:
                    server.watch(say)
                time.sleep(LOOK_EVERY_SECONDS)
        except KeyboardInterrupt:
            say("正在停止……")
        except subprocess.CalledProcessError as failure:
            raise CannotGoUp(f"首次启动的准备没有完成（{failure}），原因见上。再次启动会接着做。") from failure
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            if letters is not None:
                letters.terminate()
                letters.wait()
            for child in reversed(children):
                child.stop()
            if server:
                server.stop()
    say("已停止，数据保存在 var/。")


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def prepare() -> None:
    """Roles, tables and static files as this version of the code wants them."""
    database.prepare()
    import django  # settings read the environment: not before everything in it is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    collect_static()


def collect_static() -> None:
    """Gather and compress the static files, if any of them changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            changed = storage.get_modified_time(path).timestamp()
            state.update(f"{path} {storage.size(path)} {changed}\n".encode())
    done = places.STATIC / ".collected"
    if done.exists() and done.read_text() == state.hexdigest():
        return
    shutil.rmtree(places.STATIC, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    done.write_text(state.hexdigest())


def _start_departments(children: list[Child], say: Say) -> str:
    """They come up while the tables are looked after; the address that tells when they are there."""
    if not province.PROVINCE.exists():
        say("首次启动：正在生成沙箱省份……")
    province.make()
    _start(province.departments(), children)
    return f"{os.environ['DEPARTMENTS_URL']}/healthz"


def _start_all(children: list[Child], host: str, port: int, say: Say) -> None:
    """The platform's own processes; says so as soon as a page and the worker answer."""
    command = [sys.executable, "-m", "jinfuyun.config.cli"]
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws",
              "--workers", "2", "--blocking-threads", "3", "--respawn-failed-workers", "--workers-kill-timeout", "10",
              "jinfuyun.config.wsgi:application"]  # fmt: skip
    at_once = [Child("web", server), Child("worker", [*command, "worker"])]
    soon = [Child("sealer", [*command, "sealer"]), Child("watch", [*command, "watch"])]
    for child in at_once:
        _start(child, children)
    _wait_until(f"http://{host}:{port}/readyz", children, say)
    if os.environ.get("JINFUYUN_SANDBOX", "1") == "1":
        soon.append(Child("robots", [*command, "robots"]))
    for child in soon:  # nobody waits for these; started with the others they would hold them up
        _start(child, children)
    say(f"金服云已就绪：http://{host}:{port}")
    if os.environ.get("JINFUYUN_SANDBOX", "1") == "1":
        say(f"短信验证码、可试用的企业和人员、各角色账号：http://{host}:{port}/sandbox/")
    say("按 Ctrl-C 停止；数据保存在 var/，下次启动继续使用。")


def _start(child: Child, children: list[Child]) -> None:
    children.append(child)  # first into the list: a Ctrl-C between the two lines must not lose it
    child.start()


def _wait_until(address: str, children: list[Child], say: Say) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while (trouble := _what_is_missing(address)) is not None:
        if time.monotonic() > deadline:
            raise CannotGoUp(f"{address} 在 {READY_SECONDS_MAX} 秒内没有就绪（{trouble}），日志在 {places.LOG}。")
        for child in children:
            child.watch(say)
        time.sleep(LOOK_EVERY_SECONDS)


def _what_is_missing(address: str) -> str | None:
    """None if it answers 200, else what it says instead."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return None
    except urllib.error.HTTPError as unready:
        with unready:
            return unready.read().decode(errors="replace")
    except OSError as silence:
        return str(silence)


# --- what may stand in the way -------------------------------------------------------------------------------------


def _check(host: str, port: int) -> None:
    """Everything that can be known beforehand, each with what to do about it."""
    if tools := missing_tools():
        raise CannotGoUp(f"缺少系统程序：{'、'.join(tools)}（Debian：apt-get install util-linux）。")
    if not (places.NODE_MODULES / "bootstrap").is_dir():
        raise CannotGoUp("缺少前端文件，请用 make run 启动（它会先运行 npm ci）。")
    if shutil.disk_usage(places.VAR).free < FREE_BYTES_MIN:
        raise CannotGoUp(f"磁盘空间不足：{places.VAR} 至少需要 {FREE_BYTES_MIN // 1024 // 1024} MB 可用空间。")
    if named := os.environ.get("JINFUYUN_MAP"):
        from jinfuyun.web.public.province_map import MapRefused, features  # here: geometry costs a part of the start

        try:
            features(named)
        except (MapRefused, OSError) as refusal:
            raise CannotGoUp(str(refusal)) from refusal
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise CannotGoUp(
                f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口：PORT={port + 1} make run"
            ) from taken


@contextlib.contextmanager
def _only_one_here() -> Iterator[None]:
    """One supervisor for one var/; the lock dies with its holder, however that ends."""
    places.RUN.mkdir(parents=True, exist_ok=True)
    with (places.RUN / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise CannotGoUp(f"这个目录里的金服云已经在运行（{places.VAR}）。") from held
        yield


@contextlib.contextmanager
def _plain_words_for_a_full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno != errno.ENOSPC:
            raise
        raise CannotGoUp(f"磁盘已满，请清理后重新启动：{places.VAR}") from failure


class DatabaseChild:
    """The embedded PostgreSQL under the same watch; it recovers by itself from a kill."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        deadline = time.monotonic() + DATABASE_FREE_SECONDS_MAX
        while postgres.is_running(places.POSTGRES):  # the one of a killed supervisor is just ending
            if time.monotonic() > deadline:
                raise CannotGoUp("数据库正被另一个 jinfuyun 命令使用，请等它结束后再启动。")
            time.sleep(LOOK_EVERY_SECONDS)
        self.process = postgres.start(places.POSTGRES, password=keys.database_passwords()["postgres"])

    def watch(self, say: Say) -> None:
        if self.process is None or self.process.poll() is None:
            return
        say("数据库意外停止，正在恢复……")
        try:
            self.process = postgres.start(places.POSTGRES, password=keys.database_passwords()["postgres"])
        except postgres.CannotStart as failure:
            say(str(failure))
            time.sleep(1)  # its orphans are still ending; the next look tries again

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            postgres.stop(self.process)
