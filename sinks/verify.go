package sinks

import (
	"context"
	"fmt"
)

// Report is what the verification of one drop found. It is plain data for JSON and
// tables.
type Report struct {
	OK       bool      `json:"ok"` // nothing was found
	Date     string    `json:"drop_date"`
	Rev      int       `json:"rev"`
	Manifest string    `json:"manifest"` // key of the newest one
	Rows     int64     `json:"rows"`     // as the manifest says
	Objects  int       `json:"objects"`  // that were read to their end
	Bytes    int64     `json:"bytes"`    // of them
	Findings []Finding `json:"findings"`
}

// Verify reads all manifests of a drop and then every byte the newest one names.
// Each file is hashed; its rows are counted and checked to be records of the
// manifest's schema version, of its vocabularies and digests, in order, each article
// revision once, the same in every format, and as many as the manifest says by source,
// change and time; those of articles that were taken down must be tombstones. The
// statistics, indexes and Bloom filters of Parquet files must fit the values. The
// manifests must have their form, agree with themselves and lead to the ones they name,
// the ledgers must add up, the schema must lie beside, and nothing else may lie where
// the drop does.
//
// Damage is in the Report, a file the service cannot give included. The error is
// for what stopped the whole: manifests or listings that cannot be had, a disk without
// room, ctx, or, as [ErrNotFound], a drop that is not sealed.
//
// Files of a bucket are copied to disk (see [Settings]) one at a time, no longer than
// their manifest says; those of a folder are not. Memory grows by about 100 bytes a
// row. While a new revision is being sealed its files count as strays, and then, until
// they are removed, those of the old one as superseded.
func Verify(ctx context.Context, o Objects, date string) (Report, error) {
	all, err := take(ctx, o, date)
	if err != nil {
		return Report{Date: date}, err
	}
	v, err := verify(ctx, o, date, all, nil)
	return v.done(), err
}

// verify looks at one drop, as one of several when there is a past.
func verify(ctx context.Context, o Objects, date string, all inventory, p *past) (*verifier, error) {
	v := &verifier{o: o, past: p, report: &Report{Date: date, Findings: []Finding{}}}
	revs := all.revs(date)
	if len(revs) == 0 {
		return v, &failure{ErrNotFound, fmt.Sprintf("the drop of %s has no manifest in %s: it is not sealed", date, o)}
	}
	v.report.Rev = revs[len(revs)-1]
	v.report.Manifest = ManifestKey(date, v.report.Rev)
	if err := v.manifests(ctx, revs); err != nil || !v.readable {
		return v, err
	}
	v.report.Rows = v.m.Rows
	heads, err := newHeadReader(v.m.SchemaVersion)
	if err != nil {
		v.say(v.report.Manifest, BadSchema, "its rows cannot be checked: %s", err)
	}
	v.rows = &rowChecker{heads: heads, seen: map[revision]mark{}, counts: map[string]*count{}, past: p, down: map[string]bool{}}
	for _, t := range v.m.TakenDown {
		v.rows.down[t.ArticleID] = false
	}
	if err := v.files(ctx); err != nil {
		return v, err
	}
	for _, detail := range ledgerDiffers(v.m, p != nil) {
		v.say(v.report.Manifest, BadLedger, "%s", detail)
	}
	v.strays(all[date])
	if p != nil && p.schemas[v.m.SchemaVersion] {
		return v, nil
	}
	if p != nil {
		p.schemas[v.m.SchemaVersion] = true
	}
	return v, v.schema(ctx)
}

func (v *verifier) done() Report {
	v.report.OK = len(v.report.Findings) == 0
	return *v.report
}
