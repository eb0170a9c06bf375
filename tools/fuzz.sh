#!/usr/bin/env bash
# `make fuzz`: run every fuzz target of the module for FUZZTIME, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}

for dir in $(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do
    for target in $($GO test -list '^Fuzz' "./$dir" | grep '^Fuzz'); do
        printf '== %s %s\n' "$dir" "$target"
        $GO test -run='^$' -fuzz="^$target\$" -fuzztime="${FUZZTIME:-30s}" "./$dir"
    done
done
