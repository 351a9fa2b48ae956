// Package doctor looks at an attache and its surroundings and says what is wrong
// and what to do about it. It changes nothing, and works beside a running daemon.
package doctor

import (
	"fmt"
	"time"
)

// Status is how bad a finding is.
type Status string

// The statuses. What fails loses news or drops when it goes on; a warning may come to that.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Finding is what one check found.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"status"`
	Found  string `json:"found"`
	Do     string `json:"do"` // "" when there is nothing to do
}

// Failed reports whether something fails.
func Failed(findings []Finding) bool {
	for _, f := range findings {
		if f.Status == Fail {
			return true
		}
	}
	return false
}

func fine(check, format string, args ...any) Finding {
	return Finding{Check: check, Status: OK, Found: fmt.Sprintf(format, args...)}
}

func warn(check, do, format string, args ...any) Finding {
	return Finding{check, Warn, fmt.Sprintf(format, args...), do}
}

func fail(check, do, format string, args ...any) Finding {
	return Finding{check, Fail, fmt.Sprintf(format, args...), do}
}

// failed is a check that could not be made.
func failed(check string, err error) Finding {
	return fail(check, "see what the message says; the check could not be made", "%v", err)
}

// What waits for S3 lands with the next run. An outage of a day is what attache is
// built for; nobody should learn of it after that day.
const (
	warnWaiting = 2 * time.Hour
	failWaiting = 24 * time.Hour
)

// waiting judges the age of what waits.
func waiting(check string, age time.Duration, format string, args ...any) Finding {
	const do = "see what this says of s3; what waits lands by itself when S3 answers again, or at once by: attache crawl"
	switch {
	case age > failWaiting:
		return fail(check, do, format, args...)
	case age > warnWaiting:
		return warn(check, do, format, args...)
	}
	return fine(check, format, args...)
}

// ago is an age for people.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
