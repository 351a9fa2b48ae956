package article

// Ledger is what became of one source's work items in a stretch of time. What it
// says adds up: carried in + opened = closed + carried out.
type Ledger struct {
	Day        string          `json:"day"` // '2006-01-02': a calendar day, or the drop whose window it is
	Source     string          `json:"source"`
	CarriedIn  int             `json:"carried_in"`
	Opened     map[string]int  `json:"opened"` // by kind: new, revisit, backfill
	Closed     map[Outcome]int `json:"closed"`
	CarriedOut int             `json:"carried_out"`
	Missing    []Missing       `json:"missing"` // the most frequent reasons why something is not there
}

// Missing is one reason why addresses gave no record.
type Missing struct {
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason"`
	Count   int     `json:"count"`
	Example string  `json:"example"` // one of the addresses
}

// Balance reports whether the ledger adds up. One that does not says that the
// store lies: an item was lost, or ended before it began.
func (l Ledger) Balance() bool { return l.Off() == 0 }

// Off is by how many items it does not add up: above zero, so many were lost; below,
// so many ended that were never open.
func (l Ledger) Off() int {
	sum := l.CarriedIn - l.CarriedOut
	for _, n := range l.Opened {
		sum += n
	}
	for _, n := range l.Closed {
		sum -= n
	}
	return sum
}
