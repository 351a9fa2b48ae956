package sinks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"

	"attache/internal/schema"
)

// maxRow bounds one record, bytes; a page is cut off long before.
const maxRow = 64 << 20

// verifier verifies one drop.
type verifier struct {
	o        Objects
	report   *Report
	all      []Manifest // those that can be read, lowest revision first
	m        Manifest   // the newest of them
	readable bool       // it is the newest there is
	rows     *rowChecker
	past     *past    // the drops before; nil: this one is looked at alone
	notes    []string // what is not wrong, but good to know
}

func (v *verifier) say(key string, kind Kind, format string, args ...any) {
	v.report.Findings = append(v.report.Findings, Finding{v.report.Date, key, kind, fmt.Sprintf(format, args...)})
}

// files reads everything the manifest names, the rows format by format.
func (v *verifier) files(ctx context.Context) error {
	files := slices.Clone(v.m.Files)
	slices.SortStableFunc(files, func(a, b ManifestFile) int { return cmp.Compare(a.Format, b.Format) })
	for _, f := range files {
		if err := v.file(ctx, f); err != nil {
			return err
		}
	}
	for _, format := range []string{FormatJSONL, FormatParquet} {
		if c := v.rows.counts[format]; c != nil && c.whole {
			for _, detail := range countsDiffer(v.m, c) {
				v.say(v.report.Manifest, RowsDiffer, "%s", detail)
			}
			for _, detail := range ledgerRowsDiffer(v.m, c) {
				v.say(v.report.Manifest, BadLedger, "%s", detail)
			}
			for _, id := range slices.Sorted(maps.Keys(v.rows.down)) {
				if !v.rows.down[id] {
					v.say(v.report.Manifest, RowsDiffer, "it says that %s was taken down, which has no row", id)
				}
			}
			break
		}
	}
	if f := v.m.Rejects; f != nil {
		if err := v.rejects(ctx, *f); err != nil {
			return err
		}
	}
	return v.reports(ctx)
}

// file reads one file of rows.
func (v *verifier) file(ctx context.Context, want ManifestFile) error {
	if v.rows.heads == nil || rowKeys[want.Format] == nil { // of an unknown schema or format
		_, err := v.sound(ctx, want, io.Discard)
		return err
	}
	sum := v.rows.begin(want.Format)
	f, done, err := v.local(ctx, want)
	if f == nil {
		sum.whole = false
		return err
	}
	defer done()
	rows := ReadJSONL(io.NewSectionReader(f, 0, want.Bytes), maxRow)
	if want.Format == FormatParquet {
		switch version, err := ParquetSchemaVersion(f, want.Bytes); {
		case err != nil:
			v.say(want.Key, BadSchema, "%s", err)
			sum.whole = false
			return nil
		case version != v.m.SchemaVersion:
			v.say(want.Key, BadSchema, "its rows are of schema %s, the manifest says %s", version, v.m.SchemaVersion)
		}
		rows = ReadParquet(f, want.Bytes, maxRow)
	}
	found, faults, err := v.rows.file(until(ctx, rows), want)
	for _, fault := range faults {
		v.say(want.Key, fault.kind, "%s", fault)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		v.say(want.Key, Unreadable, "%s", err)
	case found.rows > want.Rows:
		v.say(want.Key, RowsDiffer, "it has more than the %d rows the manifest says", want.Rows)
	case found.rows < want.Rows:
		v.say(want.Key, RowsDiffer, "it has %d rows, the manifest says %d", found.rows, want.Rows)
	case sum.whole && !found.covers(want.Oldest, want.Newest):
		v.say(want.Key, RowsDiffer, "its rows were published %s, the manifest says %s", found, span{oldest: want.Oldest, newest: want.Newest})
		return nil
	default:
		return nil
	}
	sum.whole = false
	return nil
}

// rejects reads what was quarantined, which is no record yet.
func (v *verifier) rejects(ctx context.Context, want ManifestFile) error {
	f, done, err := v.local(ctx, want)
	if f == nil {
		return err
	}
	defer done()
	n := int64(0)
	for row, err := range until(ctx, ReadJSONL(io.NewSectionReader(f, 0, want.Bytes), maxRow)) {
		switch n++; {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			v.say(want.Key, Unreadable, "%s", err)
			return nil
		case !json.Valid(row) || !utf8.Valid(row):
			v.say(want.Key, BadRows, "row %d is not JSON", n)
			return nil
		case n > want.Rows:
			v.say(want.Key, RowsDiffer, "it has more than the %d rows the manifest says", want.Rows)
			return nil
		}
	}
	if n < want.Rows {
		v.say(want.Key, RowsDiffer, "it has %d rows, the manifest says %d", n, want.Rows)
	}
	return nil
}

// until ends rows with ctx.
func until(ctx context.Context, rows iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for row, err := range rows {
			if ctx.Err() != nil {
				yield(nil, context.Cause(ctx))
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// schema reads the schema of the rows that lies beside the drops.
func (v *verifier) schema(ctx context.Context) error {
	key := SchemaKey(v.m.SchemaVersion)
	body, err := v.o.Get(ctx, key)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		v.say(key, BadSchema, "%s", err)
		return nil
	}
	defer func() { _ = body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(body, maxManifest))
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		v.say(key, BadSchema, "%s", err)
	case v.m.SchemaVersion == schema.Version && !bytes.Equal(raw, schema.JSON()), !json.Valid(raw):
		v.say(key, BadSchema, "it is not the schema that was released as %s", v.m.SchemaVersion)
	}
	return nil
}
