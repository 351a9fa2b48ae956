package article

import "slices"

// Outcome is how a work item ended. The vocabulary is closed and shared by the
// store, logs and reports: every address that was opened ends in exactly one.
type Outcome string

// The outcomes.
const (
	Stored      Outcome = "stored"       // a first revision
	Revised     Outcome = "revised"      // a further revision
	Unchanged   Outcome = "unchanged"    // looked at again, nothing new
	Duplicate   Outcome = "duplicate"    // another address of an article already held
	OutOfScope  Outcome = "out_of_scope" // read well, not about defence diplomacy
	Quarantined Outcome = "quarantined"  // read, but the result broke a contract
	Withdrawn   Outcome = "withdrawn"    // the publisher took it away
	Blocked     Outcome = "blocked"      // robots.txt or a challenge page says no
	Failed      Outcome = "failed"       // gone, or the retry budget is spent
)

// Outcomes lists the vocabulary in the order reports print it.
var Outcomes = []Outcome{Stored, Revised, Unchanged, Duplicate, OutOfScope, Quarantined, Withdrawn, Blocked, Failed}

// Valid reports whether o belongs to the vocabulary.
func (o Outcome) Valid() bool { return slices.Contains(Outcomes, o) }

// ChangeType says what a revision is to the one before it.
type ChangeType string

// The kinds of revision.
const (
	Added   ChangeType = "added"
	Changed ChangeType = "changed"
	Removed ChangeType = "withdrawn"
)

// ChangeReason says whose doing a revision is.
type ChangeReason string

// Who may change a record: the publisher by editing, we by mending rules or
// the topic decision; or somebody who had its text taken down.
const (
	FromPublisher ChangeReason = "publisher"
	FromRules     ChangeReason = "rules"
	FromTopic     ChangeReason = "topic"
	FromTakedown  ChangeReason = "takedown" // the row is a tombstone
)
