# Shortcuts only: scripts/test is the one command for every check.
lint := go tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help test quick lint fmt generate demo

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

test: ## every check, as CI runs them
	scripts/test

quick: ## the tests only, without the race detector
	scripts/test --quick

lint: ## the linter alone
	$(lint) run

fmt: ## format the code (gofumpt, imports)
	$(lint) fmt

generate: ## make the generated files again
	go generate ./...

demo: ## see it work against simulated publishers
	go run ./cmd/attache demo
