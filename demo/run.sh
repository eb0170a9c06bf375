#!/usr/bin/env bash
# `make demo`: run gyr twice on sample CloudTrail logs and check that the alerts are the same.
# It needs bin/gyr and bin/plugins (make build plugins). It writes only below bin/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

work=bin/demo
export GYR_DEMO_LOGS="$work/logs" GYR_DEMO_PLUGINS="$PWD/bin/plugins" GYR_DEMO_ALERTS

# title prints a heading.
title() { printf '\n=== %s\n\n' "$*"; }

fail() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

for plugin in cloudtrail json; do
    # Without the file gyr would use the built-in plugin and compare it with itself.
    [ -f "$GYR_DEMO_PLUGINS/lib$plugin.so" ] || fail "$GYR_DEMO_PLUGINS/lib$plugin.so not found; run make plugins"
done
mkdir -p "$work"
rm -rf "$work/logs" "$work/linked.txt" "$work/shared.txt"

title "Generating sample logs: six hours of four AWS accounts, with an intrusion"
"${GO:-go}" run ./internal/trailgen/cmd -o "$work/logs"

title "Running gyr with the plugins linked in"
GYR_DEMO_ALERTS="$work/linked.txt"
# Print the readable summary instead of the plain counts at the end. Standard error goes through
# the same pipe, so that alerts and summary stay in order.
bin/gyr --summary -c demo/linked.yaml 2>&1 | awk '/^Events detected: / {counts = 1} /^$/ {counts = 0} !counts {print; fflush()}'

title "Running gyr with the plugins as shared libraries (alerts: $work/shared.txt)"
GYR_DEMO_ALERTS="$work/shared.txt"
bin/gyr -v -c demo/shared.yaml >/dev/null

alerts=$(wc -l <"$work/linked.txt")
[ "$alerts" -gt 0 ] || fail "no alerts, although the logs contain an intrusion"
cmp "$work/linked.txt" "$work/shared.txt" || fail "the alerts of linked-in and shared plugins differ"
title "OK: both runs gave the same $((alerts)) alerts"
