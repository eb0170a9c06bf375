# Verbs for people; each is a command one could type. `make help` lists them.
GO      ?= go
CC      ?= cc
PLUGINS := dummy json cloudtrail k8saudit http_json
TOOL    := $(GO) tool -modfile=tools/go.mod
# go test with a line per package as it ends, and what is left.
TESTRUN := GO="$(GO)" $(GO) run ./internal/testrun -timeout=30m
FUZZTIME ?= 30s
# Packages with tests of allocations, time and memory, which leave out the race detector.
NORACE  := ./filter ./plugins/cloudtrail ./plugins/json ./plugins/k8saudit ./rules
BENCH   ?= .
BENCHTIME ?= 300ms
COUNT   ?= 1

.DEFAULT_GOAL := help
.PHONY: help build plugins demo test race asan fuzz bench bench-table bars lint fmt gen conformance check clean FORCE

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

build: ## build bin/gyr
	$(GO) build -trimpath -o bin/gyr ./cmd/gyr

plugins: $(PLUGINS:%=bin/plugins/lib%.so) bin/plugins/libdummy_c.so ## build the reference plugins as shared libraries in bin/plugins

bin/plugins/lib%.so: FORCE
	CGO_ENABLED=1 $(GO) build -trimpath -buildmode=c-shared -o $@ ./plugins/$*/cshared

bin/plugins/libdummy_c.so: FORCE
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -O2 -shared -fPIC -fvisibility=hidden -I sdk-cpp/include -I abi -o $@ plugins/dummy_c/dummy_c.cpp

demo: build plugins ## run the main job on sample logs, linked in and as shared library
	@GO="$(GO)" demo/run.sh

test: ## run all tests, with the race detector where it does not disturb
	CGO_ENABLED=1 $(TESTRUN) -race ./...
	CGO_ENABLED=1 $(TESTRUN) $(NORACE)
	CGO_ENABLED=1 $(TESTRUN) -run=TenThousand ./loader

race: ## run the tests of the concurrent packages ten times with the race detector
	CGO_ENABLED=1 $(GO) test -race -count=10 ./engine/... ./pipeline/... ./output/... ./loader/...

asan: ## run the tests of the C parts with the address, leak and undefined behaviour sanitizers
	ASAN_OPTIONS=quarantine_size_mb=1 LSAN_OPTIONS=suppressions=$(CURDIR)/loader/testdata/leaks.txt CGO_ENABLED=1 CGO_CFLAGS="-g -O1 -fsanitize=undefined -fno-sanitize-recover=undefined" \
		CGO_LDFLAGS=-fsanitize=undefined $(GO) test -asan -short ./loader/... ./internal/cmem/...

fuzz: ## run every fuzz target for FUZZTIME (30s)
	@GO="$(GO)" FUZZTIME="$(FUZZTIME)" tools/fuzz.sh

bench: ## run the benchmarks (BENCH=name, COUNT=10, SHORT=-short) into bin/bench.txt, for benchstat (tools/go.mod)
	@mkdir -p bin
	@{ CGO_ENABLED=1 $(GO) test -run='^$$' -bench='$(BENCH)' -benchtime=$(BENCHTIME) -count=$(COUNT) -benchmem -timeout=1h $(SHORT) ./...; \
		echo $$? >bin/bench.status; } | tee bin/bench.txt; exit $$(cat bin/bench.status)

bench-table: ## write the table of docs/PERFORMANCE.md from bin/bench.txt
	$(GO) run ./internal/bench/cmd docs/PERFORMANCE.md <bin/bench.txt

bars: ## hold the speed against what docs/PERFORMANCE.md promises
	CGO_ENABLED=1 $(GO) test -count=1 -run='^TestBars' -v -p 1 ./engine ./internal/bench ./internal/interop -bars

lint: ## run golangci-lint
	$(TOOL) golangci-lint run

fmt: ## format all Go files
	$(TOOL) gofumpt -w .

gen: ## regenerate what is generated
	$(GO) generate ./...

conformance: build ## compare with what Falco 0.44.1 was recorded to do
	$(GO) test -count=1 -run=Conformance ./...

check: ## what CI runs: format, vet, build without cgo, tests, generated files, clean tree
	@GO="$(GO)" tools/check.sh

clean: ## remove bin/
	rm -rf bin
