package seeds

import (
	"net/url"
	"slices"
)

// Names reports whether the source itself names a host: of its home, a list, or
// in its rule of spelling.
func (s *Source) Names(host string) bool {
	addresses := []string{s.Home}
	for _, step := range slices.Concat(s.Discover, s.Archive) {
		addresses = append(addresses, braces.ReplaceAllString(step.Address(), "0"))
	}
	for from, to := range s.Spelling.Hosts {
		addresses = append(addresses, "https://"+from, "https://"+to)
	}
	return slices.ContainsFunc(addresses, func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && u.Hostname() == host
	})
}
