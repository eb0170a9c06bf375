#!/usr/bin/env bash
# `make check`: what CI holds a change against, cheapest first.
set -euo pipefail
cd "$(dirname "$0")/.."
GO=${GO:-go}

step() { printf '== %s\n' "$*"; }

step format
unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
    printf 'not formatted (make fmt):\n%s\n' "$unformatted"
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
git diff --exit-code || { echo 'generated files are not current (make gen)'; exit 1; }

step 'clean tree'
if [ -n "$(git status --porcelain)" ]; then
    git status --short
    echo 'the checks have left something behind'
    exit 1
fi
