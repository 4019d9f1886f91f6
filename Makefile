# Everything that can be run here. `make help` lists it.

GO        ?= go
BIN       := bin/sharesmart
MOCK      := github.com/stripe/stripe-mock@v0.203.0
STRIPEGO  := github.com/stripe/stripe-go/v85
VULN      := golang.org/x/vuln/cmd/govulncheck@v1.9.0
VULNDB    := golang.org/x/vulndb@v0.0.0-20261105234957-e22db6528018
LINT      := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME  ?= 30s
FUZZ      ?= param/FuzzDecode param/FuzzForm object/FuzzParse store/pack/FuzzDamagedDelta spec/FuzzMatch resource/FuzzSearch
CRASHES   ?= 50
RACE      ?= ./...
BILLING   ?= .
WITH       = $(if $(filter postgres,$(STORE)),$(GO) run ./internal/store/postgres/pgtest/with)
POSTGRES  ?= ./internal/store/carry ./internal/store/postgres ./internal/servertest ./internal/live ./internal/mail ./internal/member ./internal/resource ./internal/server ./internal/webhook

.PHONY: help build run test race postgres lint vuln vulndb verify generate sdk e2e screens bench scale crash faults property fuzz release reproducible image clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/sharesmart
	$(GO) build -trimpath -o $(BIN) ./cmd/sharesmart

run: ## Run the server with the demo account
	$(GO) run ./cmd/sharesmart serve --demo

test: ## Run all tests that need only Go
	$(GO) test ./...

race: ## Run them with the race detector, but for those that watch or kill another process (RACE=PACKAGES, BILLING=REGEXP for a part)
	$(GO) test -race -skip '^TestCrash' $$($(GO) list $(RACE) | grep -v -e /sdk/ -e /internal/billing$$)
	$(GO) test -race -run '$(BILLING)' -timeout 20m ./internal/billing

postgres: ## Run the suites of the store and the API on PostgreSQL (POSTGRES=PACKAGES, BILLING=REGEXP for a part)
	CI=1 SHARESMART_STORE=postgres $(GO) test -count=1 -vet=off -timeout 20m $(POSTGRES)
	CI=1 SHARESMART_STORE=postgres $(GO) test -count=1 -vet=off -timeout 40m -run '$(BILLING)' ./internal/billing

lint: ## Run go vet, gofmt and golangci-lint
	$(GO) vet ./...
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt would change these files"; exit 1; }
	$(GO) run $(LINT) run

vuln: ## Compare modules with go.sum and look for known holes in what is called (GOVULNDB=file:///path where the net cannot be reached)
	$(GO) mod verify
	$(GO) run $(VULN) $(if $(GOVULNDB),-db $(GOVULNDB)) ./cmd/sharesmart

vulndb: ## Make the database of known holes from its Go module, in bin/vulndb, for GOVULNDB=file://$PWD/bin/vulndb
	cd $$(mktemp -d) && $(GO) run $(firstword $(subst @, ,$(VULNDB)))/cmd/indexdb@$(lastword $(subst @, ,$(VULNDB))) \
		-vulns $$($(GO) mod download -json $(VULNDB) | sed -n 's/.*"Dir": "\(.*\)",/\1/p')/data/osv -out $(CURDIR)/bin/vulndb

generate: ## Compile the spec and the overlay into Go tables
	$(GO) generate ./...

verify: ## Fail if generated code is not up to date
	cd internal/spec && $(GO) run ./gen -check
	cd internal/web/stripejs && $(GO) run ./gen -check
	cd internal/web/docs && $(GO) run ./gen -check
	cd internal/web/docs/reference && $(GO) run ./gen -check
	cd internal/web/docs/search && $(GO) run ./gen -check
	$(GO) generate ./extension && git diff --exit-code --stat -- extension/icons extension/sharesmart.js/dist

sdk: build ## Run the official SDKs against the binary (needs npm, python3-stripe and chromium; STORE=postgres, SUITES)
	BIN=$(CURDIR)/$(BIN) STRIPEGO=$(STRIPEGO) $(WITH) ./sdk/run

e2e: build ## Use the pages and the extension in browsers (needs npm, chromium and firefox-esr; STORE=postgres, TESTS)
	BIN=$(CURDIR)/$(BIN) $(WITH) ./e2e/run

screens: build ## Take pictures of every page into docs/screens
	BIN=$(CURDIR)/$(BIN) SCREENS=$(CURDIR)/docs/screens TESTS="pages.test.mjs dashboard.test.mjs dashboard-objects.test.mjs live.test.mjs docs.test.mjs reference.test.mjs docs-search.test.mjs" ./e2e/run

bench: build ## Measure against stripe-mock in the same run (needs wrk)
	BIN=$(CURDIR)/$(BIN) MOCK=$(MOCK) ./bench/run

scale: build ## Measure SQLite and 1 to 3 processes on PostgreSQL behind HAProxy, and end some under load (needs postgresql, haproxy)
	BIN=$(CURDIR)/$(BIN) $(GO) run ./bench/scale

crash: ## kill -9 under load, CRASHES times; no acknowledged write may be lost
	CRASHES=$(CRASHES) STORE_CRASH_ROUNDS=$(CRASHES) $(GO) test -run 'TestCrash|TestKillMinusNine' -count=1 -timeout 20m ./internal/store/sqlite/ ./cmd/sharesmart/

faults: build ## Break disk and process under load, again and again, and look for what is lost (FAULTS_ROUNDS, FAULTS_SEED)
	BIN=$(CURDIR)/$(BIN) $(GO) run ./faults

property: ## Take payments through 50,000 random steps, with an audit after each (PROPERTY_STEPS, PROPERTY_SEED)
	PROPERTY_STEPS=$${PROPERTY_STEPS:-50000} $(GO) test -run TestPaymentsProperty -count=1 -timeout 30m ./internal/billing

fuzz: ## Fuzz what reads what strangers send, and what is stored packed (FUZZTIME each; FUZZ=PACKAGE/TARGET ... for a part)
	@for target in $(FUZZ); do \
		$(GO) test -run '^$$' -fuzz "^$$(basename $$target)\$$" -fuzztime $(FUZZTIME) ./internal/$$(dirname $$target) || exit 1; \
	done

# Whichever Go is installed, a release is made by the one that go.mod names.
release reproducible vuln: export GOTOOLCHAIN := $(shell sed -n 's/^toolchain //p' go.mod)

release: ## Build archives for all platforms, Debian packages and their sums into bin/release
	$(GO) run ./release -out bin/release

reproducible: ## Build the release twice, from two directories, and compare (PLATFORMS=linux/amd64,... for a part, FRESH=1: with two caches)
	./release/twice

image: ## Lint the Dockerfile, and build and run its image without Docker (needs root, buildah, busybox-static and npm)
	./release/image

clean: ## Remove what was built
	rm -rf bin
