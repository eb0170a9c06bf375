#!/usr/bin/env bash
# `make check`: the checks that CI runs, cheapest first.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}

step() { printf '== %s\n' "$*"; }

step format
unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
    printf 'not formatted; run make fmt:\n%s\n' "$unformatted"
    exit 1
fi

step vet
$GO vet ./...

step 'build without cgo'
CGO_ENABLED=0 $GO build ./...

step test
make test

step 'generated files'
make gen
git diff --exit-code || { echo 'generated files are out of date; run make gen'; exit 1; }

step 'clean tree'
if [ -n "$(git status --porcelain)" ]; then
    git status --short
    echo 'the checks left files behind'
    exit 1
fi
