package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"attache/config"
	"attache/seeds"
)

// chosen gives the sources of the configuration, at the pace it sets.
func chosen(c config.Config) ([]*seeds.Source, error) {
	all, err := seeds.Load(c.Sources.Dir)
	if err != nil {
		return nil, err
	}
	picked, err := pick(all, c.Sources.Only)
	if err != nil || c.Crawl.Pace == nil {
		return picked, err
	}
	for _, s := range picked {
		if host := live(s, c.Network.Resolve); host != "" {
			return nil, fmt.Errorf("crawl.pace would hurry the real %s of source %s: it is for hosts that network.resolve names; leave crawl.pace out, or choose sources by sources.only", host, s.ID)
		}
		s.Pace = *c.Crawl.Pace
	}
	return picked, nil
}

// live is the first host of the source that resolve does not name; "" when it names all.
func live(s *seeds.Source, resolve map[string]string) string {
	addresses := []string{s.Home}
	for _, step := range s.Discover {
		addresses = append(addresses, step.Address())
	}
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		if _, ok := resolve[u.Hostname()]; !ok {
			return u.Hostname()
		}
	}
	return ""
}

// pick gives the named sources; all when none is named.
func pick(all []*seeds.Source, ids []string) ([]*seeds.Source, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var picked []*seeds.Source
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s *seeds.Source) bool { return s.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("no source is called %q; the sources are %s", id, strings.Join(names(all), ", "))
		}
		picked = append(picked, all[i])
	}
	return picked, nil
}

func names(sources []*seeds.Source) (ids []string) {
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	return ids
}
