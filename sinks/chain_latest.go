package sinks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Latest is what [LatestKey] holds: where the newest sealed drop is.
type Latest struct {
	DropDate string `json:"drop_date"`
	Rev      int    `json:"rev"`
	Manifest string `json:"manifest"` // its key
	Rows     int64  `json:"rows"`
}

// ReadLatest reads the pointer to the newest drop; [ErrNotFound] when there is none,
// [ErrDamaged] when it cannot be read.
func ReadLatest(ctx context.Context, o Objects) (l Latest, err error) {
	body, err := o.Get(ctx, LatestKey)
	if err != nil {
		return l, err
	}
	defer func() { _ = body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(body, maxPointer))
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, &damaged{LatestKey, err}
	}
	if details := badForm[Latest](raw); len(details) > 0 {
		return l, &damaged{LatestKey, errors.New(details[0])}
	}
	return l, nil
}

// latestDiffers says how the pointer does not lead to the newest drop.
func latestDiffers(ctx context.Context, newest *verifier) (detail string, err error) {
	have, err := ReadLatest(ctx, newest.o)
	want := Latest{newest.report.Date, newest.report.Rev, newest.report.Manifest, newest.report.Rows}
	if !newest.readable {
		want.Rows = have.Rows
	}
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, ErrNotFound):
		return "it is missing", nil
	case errors.Is(err, ErrDamaged):
		return err.Error(), nil
	case err != nil:
		return "", err
	case have != want:
		return fmt.Sprintf("it leads to %s r%d with %d rows in %s; the newest drop is %s r%d with %d rows", have.DropDate, have.Rev, have.Rows, have.Manifest, want.DropDate, want.Rev, want.Rows), nil
	}
	return "", nil
}
