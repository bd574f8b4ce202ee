#!/bin/sh
# Makes .venv from a lock file, with nothing but Python 3.11 or later and its venv module: set-up.sh LOCK STAMP
set -eu
lock=$1
stamp=$2
needed_mb=900

say() { printf '%s\n%s\n' "$1" "$2" >&2; }
fail() { say "$1" "$2"; exit 1; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    found=
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && new_enough "$candidate"; then found=$candidate; break; fi
    done
    have=$("${PYTHON:-python3}" --version 2>&1 || true)
    [ -n "$found" ] || fail "需要 Python 3.11 或更新版本；这里是：${have}。可用 make PYTHON=/路径/python3 指定。" \
        "Python 3.11 or later is needed; here it is: ${have}. Name another with make PYTHON=/path/to/python3."
    "$found" -c 'import venv, ensurepip' 2>/dev/null || fail \
        "${found} 缺少 venv 模块（Debian/Ubuntu：apt-get install python3-venv）。" \
        "$found has no venv module (Debian/Ubuntu: apt-get install python3-venv)."
    free_mb=$(df -Pk . | awk 'NR == 2 {print int($4 / 1024)}')
    [ "$free_mb" -ge "$needed_mb" ] || fail "磁盘空间不足：需要 ${needed_mb} MB，只有 ${free_mb} MB。" \
        "not enough disk space: $needed_mb MB are needed, $free_mb MB are free."
    say "正在创建 .venv（${found}）…" "making .venv with ${found} …"
    "$found" -m venv --clear .venv
fi

say "正在安装 ${lock} 中的依赖，首次约需一分钟…" "installing what ${lock} lists; the first time this takes about a minute …"
pip() {
    .venv/bin/python -m pip --quiet --disable-pip-version-check "$@" || fail \
        "安装失败：请看上面 pip 的说明（网络、代理、磁盘）。" "installing failed: see what pip says above (network, proxy, disk)."
}
export PIP_ROOT_USER_ACTION=ignore
pip install --require-hashes --no-deps -r "$lock"
pip install --no-deps --no-build-isolation --editable .
touch "$stamp"
