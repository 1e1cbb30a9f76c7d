#!/bin/sh
# The command on Debian's own Python, which is older than the one that `make` may have found: it starts, backs up a
# zone and compares two. Python 3.11.2 reads some regular expressions for ever, so each step has a limit of time.
# Needs the network, or pip's cache, for the environment; without such a Python it says so and is content.
set -eu
cd "$(dirname "$0")/.."
python=/usr/bin/python3
place=build/smoke

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "smoke: there is no $python of version 3.11 or later; nothing was tried." >&2
    exit 0
fi
if [ ! -x "$place/bin/dns-migrator" ] || [ pyproject.toml -nt "$place/bin/dns-migrator" ]; then
    "$python" tools/make_venv.py "$place"
    "$place/bin/python" -m pip --disable-pip-version-check --quiet install --constraint constraints.txt --editable .
fi

# try CODE ARGUMENT...: the command must end with that exit code, and soon.
try() {
    wanted=$1
    shift
    code=0
    timeout 60 "$place/bin/dns-migrator" "$@" >"$place/said" 2>&1 || code=$?
    if [ "$code" -ne "$wanted" ]; then
        cat "$place/said" >&2
        echo "smoke: 'dns-migrator $*' ended with $code, and $wanted was expected." >&2
        exit 1
    fi
}

rm -rf "$place/backup" "$place/broken"
try 0 --help
try 0 --version
try 0 export sample_zones/old-provider.zone -o "$place/backup"
try 0 diff "$place/backup" sample_zones/old-provider.zone
try 1 diff sample_zones/old-provider.zone sample_zones/new-provider-incomplete.zone
try 1 export sample_zones/broken.zone -o "$place/broken"
echo "smoke: $("$python" --version) starts, exports and compares."
