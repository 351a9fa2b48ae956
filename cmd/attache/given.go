package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"attache/config"
	"attache/internal/store"
	"attache/internal/view"
)

// givenDay is a day as it is typed.
type givenDay struct{ time.Time }

// UnmarshalText reads a day.
func (d *givenDay) UnmarshalText(text []byte) (err error) {
	if d.Time, err = time.Parse(time.DateOnly, string(text)); err != nil {
		err = view.NoDay(string(text))
	}
	return err
}

// missing says of a file that cannot be read what should have been named.
func missing(err error, instead string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w; name %s", err, instead)
}

// worked is an error where no attache has worked yet: opening the store would make one.
func worked(c config.Config) error {
	v, err := store.View(c.StoreFile())
	if err == nil {
		return v.Close()
	}
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil // an older one is brought up to date, and what else there is, opening says
}

// known is an error when no source is called so; "" stands for all.
func (s settings) known(id string) error {
	if id == "" {
		return nil
	}
	_, sources, err := s.loadSources()
	if err == nil {
		_, err = pick(sources, []string{id})
	}
	return err
}
