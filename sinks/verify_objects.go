package sinks

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// dropRoots are the folders of which a drop has one of its own.
var dropRoots = []string{"v1/jsonl/", parquetRoot, "v1/rejects/", "v1/_quality/", manifestRoot}

const parquetRoot = "v1/parquet/"

// inventory is what lies in dropRoots: keys by the drop's date, sorted; those of no
// drop, or in no place that attache knows, under "".
type inventory map[string][]string

// take lists the objects of one drop.
func take(ctx context.Context, o Objects, date string) (inventory, error) {
	all := inventory{}
	for _, root := range dropRoots {
		objects, err := o.List(ctx, root+"drop_date="+date+"/")
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			all.add(object.Key)
		}
	}
	return all, nil
}

// rest is what lies below v1/ besides the drops.
type rest struct {
	captures map[string]int64 // sizes, bytes
	parts    []string         // keys of live parts
	schemas  []string         // versions
}

// takeAll lists everything.
func takeAll(ctx context.Context, o Objects) (all inventory, more rest, err error) {
	objects, err := o.List(ctx, "v1/")
	if err != nil {
		return nil, more, err
	}
	all, more.captures = inventory{}, map[string]int64{}
	for _, object := range objects {
		key := object.Key
		switch version := schemaName.FindStringSubmatch(key); {
		case segmentKey.MatchString(key) && fetchDate(key) != "":
			more.captures[key] = object.Bytes
		case partOf(key) != "":
			more.parts = append(more.parts, key)
		case version != nil:
			more.schemas = append(more.schemas, version[1])
		case key == LatestKey, key == probeKey:
		default:
			all.add(key)
		}
	}
	return all, more, nil
}

// schemaName is how the schema of a version is called, whether it is known or not.
var schemaName = regexp.MustCompile(`^v1/_schema/article-((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))\.schema\.json$`)

// unused says which schemas no manifest names. Where drops before the oldest were removed
// for their age, or not copied, one of theirs may be left: that is noted.
func (p *past) unused(versions []string) (findings []Finding, notes []string) {
	for _, version := range versions {
		switch key := SchemaKey(version); {
		case p.named[version]:
		case len(p.manifests) > 0 && p.manifests[0].previous != nil:
			notes = append(notes, fmt.Sprintf("%s: no manifest names this version; what was sealed before %s is not here", key, p.oldest))
		default:
			findings = append(findings, Finding{"", key, Stray, "no manifest names this version"})
		}
	}
	return findings, notes
}

func (all inventory) add(key string) {
	day := ""
	for _, root := range dropRoots {
		folder, _, ok := strings.Cut(strings.TrimPrefix(key, root), "/")
		if d, named := strings.CutPrefix(folder, "drop_date="); strings.HasPrefix(key, root) && ok && named && isDate(d) {
			day = d
		}
	}
	all[day] = append(all[day], key)
}

// revs are the revisions of a drop that have a manifest, lowest first.
func (all inventory) revs(date string) (revs []int) {
	for _, key := range all[date] {
		if rev, ok := manifestRev(date, key); ok {
			revs = append(revs, rev)
		}
	}
	slices.Sort(revs)
	return revs
}

// sealed are the drops that have a manifest, oldest first.
func (all inventory) sealed() (dates []string) {
	for date := range all {
		if len(all.revs(date)) > 0 {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	return dates
}

// strays says which objects of the drop its manifests do not account for. An old
// report may stay or go.
func (v *verifier) strays(keys []string) {
	const named, replaced = "named", "replaced"
	role := map[string]string{}
	for i, m := range v.all {
		for _, f := range m.Reports {
			role[f.Key] = named
		}
		files := m.Files
		if m.Rejects != nil {
			files = append(slices.Clone(files), *m.Rejects)
		}
		for _, f := range files {
			role[f.Key] = replaced
			if i == len(v.all)-1 {
				role[f.Key] = named
			}
		}
	}
	for _, key := range keys {
		_, manifest := manifestRev(v.report.Date, key)
		switch {
		case manifest || role[key] == named:
		case role[key] == replaced:
			v.say(key, Superseded, "r%d took its place: readers of plain prefixes see its rows too; remove it", v.report.Rev)
		default:
			v.say(key, Stray, "no manifest names it")
		}
	}
}
