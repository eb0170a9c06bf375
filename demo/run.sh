#!/usr/bin/env bash
# `make demo`: gyr on sample CloudTrail logs, twice, and whether the alerts are the same.
# It needs bin/gyr and bin/plugins (make build plugins). All it writes is below bin/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

work=bin/demo
export GYR_DEMO_LOGS="$work/logs" GYR_DEMO_PLUGINS="$PWD/bin/plugins" GYR_DEMO_ALERTS

# title prints a line above what belongs to it.
title() { printf '\n=== %s\n\n' "$*"; }

fail() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

for plugin in cloudtrail json; do
    # Without the file gyr would take the plugin that is linked in, and compare it with itself.
    [ -f "$GYR_DEMO_PLUGINS/lib$plugin.so" ] || fail "no $GYR_DEMO_PLUGINS/lib$plugin.so (make plugins)"
done
mkdir -p "$work"
rm -rf "$work/logs" "$work/linked.txt" "$work/shared.txt"

title "Sample logs: six hours in four AWS accounts, and somebody who should not be there"
"${GO:-go}" run ./internal/trailgen/cmd -o "$work/logs"

title "gyr with the plugins linked in"
GYR_DEMO_ALERTS="$work/linked.txt"
# The summary for people takes the place of the plain counts at the end of the output.
bin/gyr --summary -c demo/linked.yaml | awk '/^Events detected: / {counts = 1} !counts {print; fflush()}'

title "gyr with the same plugins as shared libraries; alerts go to $work/shared.txt"
GYR_DEMO_ALERTS="$work/shared.txt"
bin/gyr -v -c demo/shared.yaml >/dev/null

alerts=$(wc -l <"$work/linked.txt")
[ "$alerts" -gt 0 ] || fail "no alerts; the logs hold an intrusion that the rules should find"
cmp "$work/linked.txt" "$work/shared.txt" || fail "linked-in and shared plugins gave different alerts"
title "Both runs gave the same $((alerts)) alerts"
