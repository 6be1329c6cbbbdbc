#!/bin/bash
# Runs a command with TEST_DATABASE_URL pointing at a fresh cluster of Debian's PostgreSQL 15 on the loopback, gone afterwards.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
home=$(mktemp -d)
as_server=()
trap '"${as_server[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$home"' EXIT

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >"$home/password"
if [ "$(id -u)" -eq 0 ]; then
  as_server=(runuser -u postgres --)
  chown -R postgres "$home"
fi
port=$(python3.11 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$home"
"${as_server[@]}" "$bin/initdb" -D "$home/data" -U postgres --encoding=UTF8 --locale=C.UTF-8 \
  --auth=scram-sha-256 --pwfile="$home/password" --no-sync >/dev/null
"${as_server[@]}" "$bin/pg_ctl" -D "$home/data" -w -l "$home/server.log" start >/dev/null \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c max_connections=200 -c fsync=off -c timezone=Asia/Shanghai"
cd "$OLDPWD"
TEST_DATABASE_URL="postgresql://postgres:$password@127.0.0.1:$port" "$@"
