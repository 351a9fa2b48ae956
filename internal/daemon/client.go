package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"
)

// ErrNotRunning is returned when no daemon answers at the socket.
var ErrNotRunning = errors.New("no attache runs in this data folder")

// Client speaks to the daemon that works in a data folder, by its socket: who may open
// that may ask everything.
type Client struct{ http http.Client }

// NewClient speaks to the socket at path; see config.Config.Socket.
func NewClient(path string) *Client {
	return &Client{http.Client{
		Timeout: answerWithin + endWithin,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
				defer cancel()
				return dialSocket(ctx, path)
			},
		},
	}}
}

// maxAnswer is more than the daemon ever says, bytes.
const maxAnswer = 64 << 20

// Do asks, and gives the answer's body. What the daemon refuses is an error that says why.
func (c *Client) Do(ctx context.Context, method, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNotRunning
	case err != nil:
		return nil, fmt.Errorf("the daemon does not answer: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("the daemon does not answer: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return body, nil
	}
	var f Failure
	if err := json.Unmarshal(body, &f); err != nil || f.Error == "" {
		return nil, fmt.Errorf("the daemon answers %s", resp.Status)
	}
	return nil, errors.New(f.Error)
}
