# Verbs for people; each is a command one could type. `make help` lists them.
GO      ?= go
CC      ?= cc
PLUGINS := dummy json cloudtrail
TOOL    := $(GO) tool -modfile=tools/go.mod
FUZZTIME ?= 30s

.DEFAULT_GOAL := help
.PHONY: help build plugins demo test race fuzz bench lint fmt gen conformance check clean FORCE

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

build: ## build bin/gyr
	$(GO) build -trimpath -o bin/gyr ./cmd/gyr

plugins: $(PLUGINS:%=bin/plugins/lib%.so) ## build the reference plugins as shared libraries in bin/plugins

bin/plugins/lib%.so: FORCE
	CGO_ENABLED=1 $(GO) build -trimpath -buildmode=c-shared -o $@ ./plugins/$*/cshared

demo: build plugins ## run the main job on sample logs, linked in and as shared library
	@GO="$(GO)" demo/run.sh

test: ## run all tests, with the race detector
	CGO_ENABLED=1 $(GO) test -race ./...

race: ## run the tests of the concurrent packages ten times with the race detector
	CGO_ENABLED=1 $(GO) test -race -count=10 ./engine/... ./pipeline/... ./output/... ./loader/...

fuzz: ## run every fuzz target for FUZZTIME (30s)
	@GO="$(GO)" FUZZTIME="$(FUZZTIME)" tools/fuzz.sh

bench: ## run all benchmarks; compare two runs with benchstat (tools/go.mod)
	$(GO) test -run='^$$' -bench=. -benchmem ./...

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
