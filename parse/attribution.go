package parse

import (
	"regexp"
	"strings"
)

var (
	fullURL = regexp.MustCompile(`https?://[^\s)"'<>]+`)
	domain  = regexp.MustCompile(`(?i)(?:^|[\s:])((?:[a-z0-9-]+\.)+(?:vn|com|org|net|gov|ru|cn|info))(?:$|[\s).])`)
)

// address is the original's address in a source line: in full, or a bare host
// ("Nguồn: mod.gov.vn"), taken for its https home.
func address(text string) *string {
	if u := fullURL.FindString(text); u != "" {
		return new(strings.TrimRight(u, ".,;:!?،؛。，；"))
	}
	if m := domain.FindStringSubmatch(text); m != nil {
		return new("https://" + m[1])
	}
	return nil
}
