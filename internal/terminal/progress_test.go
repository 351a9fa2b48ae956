package terminal

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// paper is a screen's other end.
type paper struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *paper) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(text)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

func TestLinesWhereNoBarsAre(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out paper
		p := (&Screen{out: &out}).Progress(true)
		for n := range 25 {
			p.At("vtcnews", Step{Text: "reading", Done: float64(n), Of: 100, Count: 2 * n, Unit: "read"})
			time.Sleep(time.Second) //nolint:forbidigo // of the bubble: no time passes
		}
		p.Done("vtcnews", "  ✓ vtcnews")
		p.Done("qk7", "  ✓ qk7")
		p.Close()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		until := time.Date(2000, 1, 1, 0, 1, 40, 0, time.UTC).Local().Format(time.TimeOnly)
		want := []string{
			"… vtcnews         reading, 2.0/s read, about 1m30s more, until " + until,
			"  … vtcnews         reading, 2.0/s read, about 1m20s more, until " + until,
			"  ✓ vtcnews", "  ✓ qk7",
		}
		if strings.Join(lines, "\n") != strings.Join(want, "\n") {
			t.Errorf("%q, want %q", lines, want)
		}
	})
}

func TestAnotherStageHasAPaceOfItsOwn(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := (&Screen{out: &paper{}}).Progress(true)
	p.now = func() time.Time { return now }
	p.At("x", Step{Done: 0, Of: 10, Unit: "searched"})
	now = now.Add(time.Hour)
	p.At("x", Step{Done: 0, Of: 10, Unit: "read"})
	now = now.Add(10 * time.Second)
	if words := p.tasks["x"].pace(Step{Done: 5, Of: 10, Count: 5, Unit: "read"}, now); len(words) != 2 || words[0] != "30/min read" || !strings.HasPrefix(words[1], "about 10s more") {
		t.Errorf("%q", words)
	}
	now = now.Add(60 * time.Hour)
	if words := p.tasks["x"].pace(Step{Done: 5, Of: 10}, now); len(words) != 1 || !strings.Contains(words[0], now.Add(60*time.Hour).Format("until 2006-01-02")) {
		t.Errorf("an end days away has no day: %q", words)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		count int
		took  time.Duration
	}{"1234/s": {12340, 10 * time.Second}, "1.5/s": {3, 2 * time.Second}, "30/min": {1, 2 * time.Second}, "1.0/min": {1, time.Minute}} {
		if got := Rate(c.count, c.took); got != want {
			t.Errorf("%d in %s: %s, want %s", c.count, c.took, got, want)
		}
	}
}

func TestNothingIsShown(t *testing.T) {
	t.Parallel()
	var out paper
	s := &Screen{out: &out, live: true}
	p := s.Progress(false)
	p.At("a", Step{Text: "at work"})
	p.Done("a", "done")
	p.Close()
	if _, err := s.Write([]byte("a line of the log\n")); err != nil || out.String() != "a line of the log\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// TestLogsComeAboveTheBars holds whatever the moment a line is written: none is lost,
// and none is torn.
func TestLogsComeAboveTheBars(t *testing.T) {
	t.Parallel()
	var out paper
	s := &Screen{out: &out, live: true, coloured: true, width: 60}
	log := slog.New(slog.NewTextHandler(s, nil))
	p := s.Progress(true)
	p.At("one", Step{Text: "begins", Of: 50})
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "\x1b[36m") && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond) //nolint:forbidigo // the bars are drawn in their own time
	}
	var all sync.WaitGroup
	for _, name := range []string{"one", "two"} {
		all.Go(func() {
			for n := range 50 {
				p.At(name, Step{Text: "at work", Done: float64(n), Of: 50})
				log.Info("said", "by", name, "n", n)
			}
			if name == "one" {
				p.Done(name, name+" is done")
			}
		})
	}
	all.Wait()
	p.Close()
	p.Close()
	log.Info("last")
	text := out.String()
	if n := strings.Count(text, "msg=said by="); n != 100 {
		t.Errorf("%d lines of 100:\n%s", n, text)
	}
	for _, want := range []string{"one is done", "two", "took ", "\x1b[36m"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
	if !strings.HasSuffix(text, "msg=last\n") {
		t.Errorf("the screen is not the log's again:\n%s", text)
	}
}

func TestAVeryShortShow(t *testing.T) {
	t.Parallel()
	for range 50 {
		var out paper
		p := (&Screen{out: &out, live: true}).Progress(true)
		p.Close() // at once: the drawing may not have begun
		if !strings.Contains(out.String(), "took") {
			t.Fatalf("%q", out.String())
		}
	}
}

func TestColours(t *testing.T) { // sets the environment
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	t.Setenv("NO_COLOR", "")
	t.Setenv("CLICOLOR_FORCE", "")
	if Coloured(file) || Coloured(null) || Person(null) || NewScreen(null).live {
		t.Error("a file, or nothing at all, is taken for a terminal")
	}
	t.Setenv("CLICOLOR_FORCE", "1")
	if !Coloured(file) {
		t.Error("colours are not forced")
	}
	t.Setenv("NO_COLOR", "1")
	if Coloured(file) {
		t.Error("NO_COLOR does not win")
	}
}
