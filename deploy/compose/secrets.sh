#!/bin/sh
# 生成所有密钥，并为每个渠道生成一把 API 密钥（只显示这一次）；从不覆盖。用法：sh deploy/compose/secrets.sh [渠道 …]
# Makes every secret, and an API key for each channel, shown this one time; never overwrites. Usage: … [CHANNEL …]
set -eu
umask 077
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
dir=${KESU_SECRETS_DIR:-$here/secrets}
[ $# -gt 0 ] || set -- web hotline

fail() { printf '%s\n%s\n' "$1" "$2" >&2; exit 1; }
random_hex() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() {
    if command -v sha256sum >/dev/null; then sha256sum; elif command -v shasum >/dev/null; then shasum -a 256; else openssl dgst -sha256 -r; fi | cut -d' ' -f1
}

for channel; do
    case $channel in
        '' | *[!a-z0-9-]*) fail "渠道名只用小写字母、数字和连字符：$channel" "a channel's name has lower-case letters, digits and hyphens: $channel" ;;
    esac
done
[ ! -e "$dir" ] || fail "$dir 已存在，不会覆盖：主密钥一旦丢失，封存的内容再也读不出。" \
    "$dir is there and is not overwritten: what was sealed under a lost master key can never be read again."

# Made elsewhere and moved in whole: a run that was broken off leaves nothing half made.
new=$dir.new.$$
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"
for name in master_key postgres kesu_admin kesu_intake kesu_routing kesu_followup kesu_reporting; do
    random_hex > "$new/$name"
done
{
    printf '{"keys": ['
    separator=
    for channel; do
        key=$(random_hex)
        hash=$(printf %s "$key" | sha256)
        printf '%s\n  {"channel": "%s", "sha256": "%s"}' "$separator" "$channel" "$hash"
        separator=,
        printf '%s %s\n' "$channel" "$key" >> "$new/shown"
    done
    printf '\n]}\n'
} > "$new/api_keys.json"
shown=$(cat "$new/shown")
rm "$new/shown"
# Containers read them under a user of their own, so the files are readable; nobody else gets into the directory.
chmod 444 "$new"/*
mv "$new" "$dir"

echo "密钥在 $dir，请备份 master_key。各渠道的 API 密钥只显示这一次，文件里只有散列：" >&2
echo "The secrets are in $dir; back up master_key. API keys, shown this one time (the file has their hashes alone):" >&2
printf '%s\n' "$shown"
