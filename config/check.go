package config

import (
	"errors"
	"math"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/alarm"
	"attache/internal/strictyaml"
	"attache/seeds"
)

// check reports every value that decoded but makes no sense.
func (c *Config) check(name string, data []byte) error {
	var problems []error
	wrong := func(path, format string, args ...any) {
		problems = append(problems, strictyaml.At(name, data, path, format, args...))
	}
	if c.Data == "" {
		wrong("$.data", "is empty; name a folder that attache may fill, or leave the key out for attache-data")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		wrong("$.zone", "%q is no IANA time zone; write one such as Asia/Ho_Chi_Minh or UTC", c.Zone)
	}
	c.Crawl.check(wrong)
	if c.Crawl.Pace != nil && len(c.Network.Resolve) == 0 {
		wrong("$.crawl.pace", "would set aside what each source's file grants its publisher; it works only together with network.resolve")
	}
	c.Revisit.check(wrong)
	if c.Capture.Keep && (c.Capture.Segment < 1<<20 || time.Duration(c.Capture.Age) < time.Minute) {
		wrong("$.capture", "segment must be 1MiB or more and age 1m or more: each file is an object in S3")
	}
	if math.IsNaN(c.Topic.Threshold) || c.Topic.Threshold <= 0 || c.Topic.Threshold > 1 {
		wrong("$.topic.threshold", "%v must be above 0 and at most 1; 0.5 is the default", c.Topic.Threshold)
	}
	c.Store.check(wrong)
	c.S3.check(wrong)
	c.HTTP.check(wrong)
	if c.Disk.Stop >= c.Disk.Warn {
		wrong("$.disk", "warn must be more than stop, or nobody is warned")
	}
	c.Alarms.check(wrong)
	for host, address := range c.Network.Resolve {
		if _, _, err := net.SplitHostPort(address); err != nil {
			wrong("$.network.resolve", "%s: %q is no host:port such as 127.0.0.1:8443", host, address)
		}
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		wrong("$.log.level", "%q is unknown; write debug, info, warn or error", c.Log.Level)
	}
	if !slices.Contains([]string{"auto", "text", "json"}, c.Log.Format) {
		wrong("$.log.format", "%q is unknown; write auto, text or json", c.Log.Format)
	}
	slices.SortStableFunc(problems, func(a, b error) int { return line(a) - line(b) })
	return errors.Join(problems...)
}

// line is where a problem stands in the file; 0 for the file as a whole.
func line(problem error) int {
	if e, ok := errors.AsType[*strictyaml.Error](problem); ok {
		return e.Line
	}
	return 0
}

func (a *Alarms) check(wrong func(path, format string, args ...any)) {
	if u, err := url.Parse(string(a.Webhook)); a.Webhook != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		wrong("$.alarms.webhook", "is no http(s) address such as https://hooks.example.org/…; config show hides it, so copy it from where it was made")
	}
	if a.Webhook != "" && a.File != "" {
		wrong("$.alarms.webhook_file", "is set beside webhook; keep one of them")
	}
	if a.Repeat < seeds.Span(5*time.Minute) {
		wrong("$.alarms.repeat", "%s is too short: people stop reading; 5m is the least, 4h the default", a.Repeat)
	}
	for _, entry := range a.Mute {
		if err := alarm.CheckMute(entry); err != nil {
			wrong("$.alarms.mute", "%s", err)
		}
	}
}

// leastKept is what sources are judged by: their usual is that of the last 28 days.
const leastKept = 30 * day

func (s *Store) check(wrong func(path, format string, args ...any)) {
	for _, kept := range []struct {
		path string
		age  seeds.Span
	}{{"$.store.keep_items", s.Items}, {"$.store.keep_runs", s.Runs}} {
		if kept.age < leastKept {
			wrong(kept.path, "%s is too short: a source is judged by its last 28 days; 30d is the least", kept.age)
		}
	}
	if s.FailedRuns < s.Runs {
		wrong("$.store.keep_failed_runs", "%s is shorter than keep_runs; what failed is kept at least as long as what went well", s.FailedRuns)
	}
}

func (r *Revisit) check(wrong func(path, format string, args ...any)) {
	for i, age := range r.After {
		if age < seeds.Span(time.Minute) || i > 0 && age <= r.After[i-1] {
			wrong("$.revisit.after", "must be ages of 1m or more, each longer than the one before, such as [1h, 6h, 1d, 7d]; [] looks at nothing again")
			break
		}
	}
	if math.IsNaN(r.NearMiss) || r.NearMiss < 0 || r.NearMiss > 1 {
		wrong("$.revisit.near_miss", "%v must be from 0 to 1; 0.1 is the default", r.NearMiss)
	}
	if r.Confirm < seeds.Span(time.Hour) {
		wrong("$.revisit.confirm", "%s is too soon: a site may be under repair; 1h is the least", r.Confirm)
	}
}

func (c *Crawl) check(wrong func(path, format string, args ...any)) {
	if c.Contact != "" && !strings.Contains(c.Contact, "@") && !strings.HasPrefix(c.Contact, "https://") {
		wrong("$.crawl.contact", "%q is neither an e-mail address nor an https address; publishers must be able to reach you", c.Contact)
	}
	if strings.ContainsAny(c.Contact, "\r\n") {
		wrong("$.crawl.contact", "must be one line: it is sent in a header")
	}
	if c.Timeout <= 0 {
		wrong("$.crawl.timeout", "must be more than nothing; 30s is the default")
	}
	if c.Longest < seeds.Span(time.Minute) {
		wrong("$.crawl.longest", "%s is too short for a run; 2h is the default", c.Longest)
	}
	if u, err := url.Parse(c.Proxy); c.Proxy != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		wrong("$.crawl.proxy", "is no http(s) address such as http://proxy.example.org:3128")
	} else if c.Proxy != "" && u.User != nil {
		wrong("$.crawl.proxy", "must not hold a password; let the proxy know this machine by its address")
	}
	if c.Attempts < 1 {
		wrong("$.crawl.attempts", "%d is too few; an address needs at least 1 visit", c.Attempts)
	}
	if c.Sources < 1 {
		wrong("$.crawl.parallel", "%d is too few; write 1 or more", c.Sources)
	}
	if time.Duration(c.RobotsFor) > 24*time.Hour {
		wrong("$.crawl.robots_keep", "%s is too long; RFC 9309 allows 24h at most", c.RobotsFor)
	}
}

func (s *S3) check(wrong func(path, format string, args ...any)) {
	if s.Region == "" {
		wrong("$.s3.region", "is empty; write the bucket's region, or leave the key out for us-east-1")
	}
	if !slices.Contains([]string{"when_supported", "when_required"}, s.Checksum) {
		wrong("$.s3.checksum", "%q is unknown; write when_supported, or when_required for servers that refuse newer checksums", s.Checksum)
	}
	if s.Prefix != "" && (strings.HasPrefix(s.Prefix, "/") || strings.HasSuffix(s.Prefix, "/")) {
		wrong("$.s3.prefix", "%q must not begin or end with a slash", s.Prefix)
	}
	if s.Endpoint == "" {
		return
	}
	u, err := url.Parse(s.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		wrong("$.s3.endpoint", "is no http(s) address such as https://s3.example.org")
	case u.User != nil:
		wrong("$.s3.endpoint", "must not hold a password; give the key to the AWS SDK, by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile")
	case s.Bucket == "":
		wrong("$.s3.endpoint", "is set without s3.bucket; name the bucket too, or leave both out for the embedded S3")
	}
}
