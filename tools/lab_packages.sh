#!/bin/sh
# Install the Debian packages of the laboratory and of the tests, if any is missing. Needs root.
set -eu
list=$(dirname "$0")/../tests/lab/packages.txt
missing=
for package in $(grep -v '^#' "$list"); do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Installing name servers and a database for the tests:$missing" >&2
apt-get -qq update
# No server may start by itself, and PostgreSQL makes no database of its own: the tests start theirs, on loopback.
made=
trap 'rm -f $made' EXIT
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    made=$policy
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
fi
clusters=/etc/postgresql-common/createcluster.d
mkdir -p "$clusters"
made="$made $clusters/dns-migrator-tests.conf"
echo 'create_main_cluster = false' > "$clusters/dns-migrator-tests.conf"
DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y $missing >/dev/null
