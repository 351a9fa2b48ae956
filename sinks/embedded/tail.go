package embedded

import (
	"strings"
	"sync"
)

// tail keeps the last 4 KiB written to it. Safe for concurrent use.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - tailBytes; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// plain takes out the colours versitygw paints its errors with.
var plain = strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "")

// said is the text on one line as an addition to an error: ": …", or nothing.
func (t *tail) said() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.Join(strings.Fields(plain.Replace(string(t.kept))), " ")
	if text == "" {
		return ""
	}
	return ": " + text
}
