# The work of the project. Long recipes stand in scripts/.

ADDR  ?= localhost:8080
SPEED ?= 3600
TOOL   = go tool -modfile=tools/go.mod

.DEFAULT_GOAL := help
.PHONY: help deps run build test check soak bench shape shots fmt generate

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what the tests need (as root on Debian; elsewhere, say what is missing)
	@scripts/deps.sh

run: build ## start the demo on http://localhost:8080 (ADDR=…, SPEED=world seconds a second)
	@mkdir -p data
	bin/promesse demo --addr $(ADDR) --db sqlite:data/demo.db --speed $(SPEED)

build: ## build bin/promesse; needs only Go
	go build -o bin/promesse ./cmd/promesse

test: deps ## the whole suite on SQLite, again on PostgreSQL, then in a browser
	scripts/gotest.sh
	scripts/pg.sh --fleeting scripts/gotest.sh
	scripts/browser.sh

check: ## format, vet, staticcheck, build, generated files, modules, lock files, words, pictures
	@scripts/check.sh

soak: deps ## race detector on both engines, 30 s a fuzz target, 1,000 simulated seeds
	scripts/soak.sh

bench: build ## product against limit on SQLite, then on PostgreSQL (needs make deps)
	@status=0; scripts/bench.sh || status=$$?; scripts/pg.sh scripts/bench.sh || status=$$?; exit $$status

shape: ## lengths, sizes, comments, interfaces, tests; gates nothing
	@go -C tools run ./shape ..

shots: deps build ## pictures of the pages, 360 and 1280 px, into docs/shots (shown by docs/pages.md)
	node e2e/shots.mjs

fmt: ## format the Go files
	$(TOOL) gofumpt -w cmd internal tools

generate: ## write the generated files again
	scripts/generated.sh write
