#!/bin/sh
# `make demo`: gyr on sample CloudTrail logs, twice, and whether the alerts are the same.
# It needs bin/gyr and bin/plugins (make build plugins). All it writes is below bin/demo.
set -eu
cd "$(dirname "$0")/.."

work=bin/demo
export GYR_DEMO_LOGS="$work/logs" GYR_DEMO_PLUGINS="$PWD/bin/plugins" GYR_DEMO_ALERTS

# say prints a line above what belongs to it.
say() { printf '\n=== %s\n\n' "$*"; }

mkdir -p "$work"
rm -rf "$work/logs" "$work/linked.txt" "$work/shared.txt"
say "Sample logs: a day's first six hours in four AWS accounts"
"${GO:-go}" run ./internal/trailgen/cmd -o "$work/logs"

say "gyr with the plugins linked in"
GYR_DEMO_ALERTS="$work/linked.txt"
bin/gyr -c demo/linked.yaml

say "gyr with the same plugins as shared libraries (alerts go to $work/shared.txt)"
GYR_DEMO_ALERTS="$work/shared.txt"
bin/gyr -c demo/shared.yaml

alerts=$(wc -l <"$work/linked.txt")
if [ "$alerts" -eq 0 ]; then
    echo "demo: no alerts; the logs hold an intrusion that the rules should find" >&2
    exit 1
fi
if ! cmp "$work/linked.txt" "$work/shared.txt"; then
    echo "demo: linked-in and shared plugins gave different alerts" >&2
    exit 1
fi
say "Both runs gave the same $((alerts)) alerts"
