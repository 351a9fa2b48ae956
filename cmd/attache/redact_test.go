package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/store"
)

// TestWhatAnArchiveListedCanBeTakenDown: it was not kept, but its page is captured.
func TestWhatAnArchiveListedCanBeTakenDown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(dir, "attache.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Advance(t.Context(), "2026-11-20")
	backfill, began := s.Backfill(t.Context(), "vtcnews", "2026-09-01", "2026-09-02")
	_, opened := s.OpenArchived(t.Context(), backfill, "vtcnews", "list", []store.Listed{{ArticleID: "vtcnews:ar1", URL: "https://vtcnews.vn/a-ar1.html"}})
	if err := errors.Join(err, began, opened, s.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "attache", "drop", "redact", "--data", dir, "--reason", "asked to", "vtcnews:ar1").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "0 revisions of vtcnews:ar1") {
		t.Errorf("%v\n%s", err, out)
	}
}
