package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxHead is the largest HTTP head that is read.
const maxHead = 1 << 20

// answerHead is the head of the answer in the form of HTTP/1.1, whatever it came
// by. Transfer coding is undone, so its header goes; and a Content-Length that is
// not that of a body cut short becomes X-Archive-Orig-Content-Length.
func answerHead(e Exchange) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", e.Status, http.StatusText(e.Status))
	drop := map[string]bool{"Transfer-Encoding": true}
	length := strconv.Itoa(len(e.Body))
	said := e.Received.Values("Content-Length")
	bodiless := e.Status == http.StatusNotModified || e.Method == http.MethodHead // the length is that of another answer
	wrong := len(said) > 0 && !bodiless && !slices.Equal(said, []string{length})
	drop["Content-Length"] = wrong
	_ = e.Received.WriteSubset(&b, drop) // into memory
	if wrong {
		fmt.Fprintf(&b, "X-Archive-Orig-Content-Length: %s\r\nContent-Length: %s\r\n", oneLine(said[0]), length)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func requestHead(e Exchange, u *url.URL) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", oneLine(e.Method), oneLine(u.RequestURI()), u.Host)
	_ = e.Sent.WriteSubset(&b, map[string]bool{"Host": true}) // into memory
	b.WriteString("\r\n")
	return b.Bytes()
}

// readAnswer takes an answer's head off its body.
func readAnswer(block []byte) (status int, header http.Header, body []byte, err error) {
	end := bytes.Index(block[:min(len(block), maxHead)], []byte("\r\n\r\n"))
	if end < 0 {
		return 0, nil, nil, errors.New("no end of the HTTP head")
	}
	head := textproto.NewReader(bufio.NewReader(bytes.NewReader(block[:end+4])))
	line, err := head.ReadLine()
	if err != nil {
		return 0, nil, nil, err
	}
	protocol, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err = strconv.Atoi(code)
	if err != nil || len(code) != 3 || !strings.HasPrefix(protocol, "HTTP/") {
		return 0, nil, nil, fmt.Errorf("%q is no status line", line)
	}
	h, err := head.ReadMIMEHeader()
	if err != nil {
		return 0, nil, nil, fmt.Errorf("HTTP head: %w", err)
	}
	return status, http.Header(h), block[end+4:], nil
}
