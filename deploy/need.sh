#!/bin/sh
# Is each named tool there? If not: install it through apt when we are root on Debian, else say what to do.
#   sh deploy/need.sh python3.11 venv npm chromium fonts postgres15 java17
set -eu

is_there() {
  case "$1" in
    venv) python3.11 -c 'import ensurepip, venv' 2>/dev/null ;;
    chromium) command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    fonts) [ -n "$(fc-list :lang=zh family 2>/dev/null)" ] ;;
    java17) [ "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')" -ge 17 ] ;;
    postgres15) [ -x /usr/lib/postgresql/15/bin/initdb ] ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

package_of() {
  case "$1" in
    venv) echo python3.11-venv ;;
    chromium) echo chromium-headless-shell ;;
    fonts) echo 'fonts-noto-cjk fontconfig' ;;
    java17) echo openjdk-17-jre-headless ;;
    postgres15) echo postgresql-15 ;;
    *) echo "$1" ;;
  esac
}

# Debian's package starts a server of its own; we only want the programs.
without_starting_servers() {
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
}

missing=''
for tool in "$@"; do is_there "$tool" || missing="$missing $tool"; done
[ -n "$missing" ] || exit 0

packages=''
for tool in $missing; do packages="$packages $(package_of "$tool")"; done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "正在安装：$packages" >&2
  case "$missing" in *postgres15*) without_starting_servers ;; esac
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

for tool in $missing; do
  is_there "$tool" || {
    echo "缺少 $tool。请以管理员身份运行：apt-get install $packages" >&2
    exit 1
  }
done
