package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"attache/internal/article"
	"attache/internal/topic"
)

// topicCmd is about what is kept and why.
type topicCmd struct {
	Decide  topicDecideCmd  `cmd:"" default:"withargs" help:"Decide texts from standard input; \"attache topic --batch\" will do."`
	Explain topicExplainCmd `cmd:"" help:"Show a page with what counted, and what would have to change."`
	Audit   topicAuditCmd   `cmd:"" help:"List what was kept out in a period, the nearest misses first, or a random sample."`
	Diff    topicDiffCmd    `cmd:"" help:"Try other lexicons or another threshold on what was decided before."`
}

func (s settings) decider() (*topic.Decider, error) {
	c, err := s.load()
	if err != nil {
		return nil, err
	}
	return topic.New(topic.Options{Threshold: c.Topic.Threshold, Dir: c.Topic.Lexicons})
}

// topicDecideCmd answers many texts.
type topicDecideCmd struct {
	settings
	Batch bool `help:"Read JSON lines {id, title, text, language} from standard input, answer each with one line."`
}

func (c *topicDecideCmd) Run(ctx context.Context) error {
	if !c.Batch {
		return errors.New(`say what to decide: "attache topic --batch" reads texts from standard input, "attache topic explain PAGE" shows one page`)
	}
	decider, err := c.decider()
	if err != nil {
		return err
	}
	return decideBatch(ctx, decider, os.Stdin, os.Stdout)
}

// topicAnswer is the decision on one text.
type topicAnswer struct {
	ID        json.RawMessage  `json:"id"` // as it was given
	Score     float64          `json:"score"`
	Match     bool             `json:"match"`
	Acts      []string         `json:"acts"`
	Countries []string         `json:"countries"`
	Signals   []article.Signal `json:"signals"`
}

// topicMistake answers a line that is no question.
type topicMistake struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Error string          `json:"error"`
}

// maxText bounds a line of input, bytes; a longer one is answered with a mistake.
const maxText = 16 << 20

// decideBatch answers each line of in with one of out, in order.
func decideBatch(ctx context.Context, decider *topic.Decider, in io.Reader, out io.Writer) error {
	lines, w := bufio.NewReaderSize(in, 64<<10), bufio.NewWriter(out)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for ctx.Err() == nil {
		line, tooLong, err := boundedLine(lines, maxText)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("standard input: %w", err)
		}
		last := err != nil
		if len(bytes.TrimSpace(line)) > 0 {
			if err := e.Encode(decideLine(decider, line, tooLong)); err != nil {
				return err
			}
		}
		if last || lines.Buffered() == 0 { // somebody may be waiting for the answer
			if err := w.Flush(); err != nil || last {
				return err
			}
		}
	}
	return context.Cause(ctx)
}

func decideLine(decider *topic.Decider, line []byte, tooLong bool) any {
	var q struct {
		ID                    json.RawMessage
		Title, Text, Language string
	}
	if tooLong {
		return topicMistake{Error: fmt.Sprintf("this line is longer than %d bytes", maxText)}
	}
	if err := json.Unmarshal(line, &q); err != nil {
		return topicMistake{q.ID, "this line is no question: " + err.Error()}
	}
	if q.Title == "" && q.Text == "" {
		return topicMistake{q.ID, "there is neither title nor text"}
	}
	if q.ID == nil {
		q.ID = json.RawMessage("null")
	}
	d := decider.Decide(topic.Text{Title: q.Title, Body: q.Text, Language: q.Language})
	return topicAnswer{q.ID, d.Score, d.Match, d.Acts, d.Countries, d.Signals}
}

// boundedLine reads a line, of one that is longer than limit only the beginning.
func boundedLine(r *bufio.Reader, limit int) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) <= limit {
			line = append(line, part...)
		} else {
			tooLong = true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}
