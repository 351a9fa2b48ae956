package sinks

import "strings"

// Finding is one thing that is wrong.
type Finding struct {
	Drop   string `json:"drop_date"` // empty: of the bucket as a whole
	Key    string `json:"key"`       // of the object that is wrong or not there; empty: of no single one
	Kind   Kind   `json:"kind"`
	Detail string `json:"detail"`
}

// String is the finding as a line for people.
func (f Finding) String() string {
	var words []string
	for _, w := range []string{f.Drop, string(f.Kind), f.Key, f.Detail} {
		if w != "" {
			words = append(words, oneLine(w))
		}
	}
	return strings.Join(words, "  ")
}

// Kind is what sort of thing is wrong. The vocabulary is closed.
type Kind string

// The kinds of finding.
const (
	Missing     Kind = "missing"     // a manifest names it and it is not there
	Differs     Kind = "differs"     // it holds other bytes than its manifest or its name says, or tells of something else
	Unreadable  Kind = "unreadable"  // the service cannot give it, or it does not unpack
	BadRows     Kind = "bad_rows"    // a row is no record of the schema version, or out of order
	RowsDiffer  Kind = "rows_differ" // the rows are not as many, or not those, that the manifest or the other format says
	Duplicate   Kind = "duplicate"   // a revision of an article is there twice, or after a later one
	Stray       Kind = "stray"       // it lies where drops lie and no manifest names it
	Superseded  Kind = "superseded"  // a file of a revision that was replaced is still there: readers see its rows twice
	BadManifest Kind = "manifest"    // it cannot be read, or contradicts itself or its own key
	BadChain    Kind = "chain"       // a manifest or a day is missing, was changed, or does not follow the one before
	BadLedger   Kind = "ledger"      // the work of a source does not add up, in a drop or from one to the next
	BadSchema   Kind = "schema"      // the schema's object or a file's schema is not that of its version
	BadLatest   Kind = "latest"      // the pointer does not lead to the newest drop
)

// Kinds lists the vocabulary.
var Kinds = []Kind{Missing, Differs, Unreadable, BadRows, RowsDiffer, Duplicate, Stray, Superseded, BadManifest, BadChain, BadLedger, BadSchema, BadLatest}

// Mends reports whether a further revision of the drop, or an object put back or removed,
// makes this whole: what attache drop repair does where the drop was sealed.
func (k Kind) Mends() bool {
	switch k {
	case Missing, Differs, Unreadable, BadRows, RowsDiffer, Stray, Superseded, BadManifest, BadSchema:
		return true
	default: // Duplicate, BadChain, BadLedger, BadLatest
		return false
	}
}
