package terminal

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Every is how often a task is told of where no bars can be drawn.
const Every = 10 * time.Second

// Step is how far a task has come.
type Step struct {
	Text     string  // in words, such as "3 of 40 lists"
	Done, Of float64 // of the whole; Of is 0 while nobody knows
	Count    int     // what the rate is of: so many since the task began,
	Unit     string  // in a word, such as "read"; another one is another stage with its own pace; "" for no rate
}

// Progress tells how tasks get on: a bar for each on a terminal, and otherwise a line
// for each every ten seconds. Safe for concurrent use.
type Progress struct {
	screen *Screen
	now    func() time.Time
	began  time.Time

	mu    sync.Mutex
	tasks map[string]*task
	bars  progress.Writer // nil: lines
	drawn chan struct{}   // closed when the bars are drawn for the last time
}

type task struct {
	began, told time.Time
	first       Step
	bar         *progress.Tracker
}

// Progress begins to tell. With shown false nothing is.
func (s *Screen) Progress(shown bool) *Progress {
	p := &Progress{screen: s, now: time.Now, began: time.Now(), tasks: map[string]*task{}}
	switch {
	case !shown:
		p.screen = &Screen{out: io.Discard}
	case s.live:
		p.draw()
	}
	return p
}

// draw begins to draw bars; Close ends it.
func (p *Progress) draw() {
	p.bars, p.drawn = progress.NewWriter(), make(chan struct{})
	style := progress.StyleBlocks
	style.Visibility = progress.StyleVisibility{Tracker: true}
	style.Options.Separator, style.Options.DoneString, style.Options.ErrorString = "  ", "", ""
	if p.screen.coloured {
		style.Colors.Tracker = text.Colors{text.FgCyan}
	}
	p.bars.SetStyle(style)
	p.bars.SetOutputWriter(p.screen.out)
	p.bars.SetTerminalWidth(p.screen.width)
	p.screen.mu.Lock()
	p.screen.bars = p.bars
	p.screen.mu.Unlock()
	go func() {
		defer close(p.drawn)
		p.bars.Render()
	}()
}

// At tells how far a task has come; its first call begins it.
func (p *Progress) At(name string, s Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	t, known := p.tasks[name]
	if !known {
		t = &task{began: now, told: now, first: s}
		p.tasks[name] = t
		if p.bars != nil {
			t.bar = &progress.Tracker{Message: name, AutoStopDisabled: true}
			p.bars.AppendTracker(t.bar)
		}
	}
	if s.Unit != t.first.Unit { // another stage of it, with a pace of its own
		t.began, t.first = now, s
	}
	line := fmt.Sprintf("%-15s %s", name, strings.Join(append([]string{s.Text}, t.pace(s, now)...), ", "))
	switch {
	case t.bar != nil:
		t.bar.UpdateMessage(line)
		if s.Of > 0 {
			t.bar.UpdateTotal(fine)
			t.bar.SetValue(int64(fine * min(1, s.Done/s.Of)))
		}
	case now.Sub(t.told) >= Every:
		t.told = now
		p.say("  … " + line)
	}
}

// fine is how many steps a bar has.
const fine = 1000

// pace is how quickly a task gets on, and when it may end: as quickly as it did
// since it began.
func (t *task) pace(s Step, now time.Time) (words []string) {
	took := now.Sub(t.began)
	if count := s.Count - t.first.Count; count > 0 && took >= time.Second && s.Unit != "" {
		words = append(words, Rate(count, took)+" "+s.Unit)
	}
	done, left := s.Done-t.first.Done, s.Of-s.Done
	if done <= 0 || left <= 0 {
		return words
	}
	rest := time.Duration(float64(took) / done * left)
	if took < time.Second || rest < time.Second {
		return words
	}
	layout := "15:04:05"
	if rest > 12*time.Hour {
		layout = "2006-01-02 15:04"
	}
	return append(words, fmt.Sprintf("about %s more, until %s", rest.Round(time.Second), now.Add(rest).Format(layout)))
}

// Rate is so many in a time in words, by the second or the minute: 12.5/s, 30/min.
func Rate(count int, took time.Duration) string {
	each := float64(count) / took.Seconds()
	unit := "/s"
	if each < 1 {
		each, unit = each*60, "/min"
	}
	if each >= 10 {
		return fmt.Sprintf("%.0f%s", each, unit)
	}
	return fmt.Sprintf("%.1f%s", each, unit)
}

// Done ends a task, begun or not, with a line that stays.
func (p *Progress) Done(name, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.tasks[name]
	delete(p.tasks, name)
	if t == nil || t.bar == nil {
		p.say(line)
		return
	}
	t.bar.UpdateMessage(line)
	t.bar.MarkAsDone()
}

// Close ends the telling; tasks that are not done end as they are. The screen is the
// logs' alone again when it returns. Calling it again does nothing.
func (p *Progress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars == nil {
		return
	}
	p.screen.mu.Lock() // what is written now waits for the last drawing
	defer p.screen.mu.Unlock()
	for _, t := range p.tasks {
		t.bar.MarkAsDone()
	}
	// The last drawing takes place, and shows what was logged, only if a bar is there.
	last := &progress.Tracker{Message: "  took " + p.now().Sub(p.began).Round(100*time.Millisecond).String()}
	p.bars.AppendTracker(last)
	last.MarkAsDone()
	for ended := false; !ended; { // Stop is lost on a drawing that is only just beginning
		p.bars.Stop()
		select {
		case <-p.drawn:
			ended = true
		case <-time.After(10 * time.Millisecond):
		}
	}
	p.screen.bars, p.bars = nil, nil
}

func (p *Progress) say(line string) { _, _ = io.WriteString(p.screen, line+"\n") } // a closed terminal: there is nobody to tell
