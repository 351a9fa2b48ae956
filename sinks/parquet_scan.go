package sinks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"

	"attache/internal/article"
)

// scanner takes the values of rows from their JSON. It knows the one form that
// [article.Record.JSON] writes: anything else, be it a key too many, another
// order or a number as text, is an error, so that no part of a row is lost.
type scanner struct {
	columns []*column
	values  [][]parquet.Value // by leaf; they refer to the row, and to text
	text    []byte            // texts of the row that had escapes in them
	row     []byte
	at      int
}

func newScanner(version string) (*scanner, error) {
	columns, leaves, err := columnsOf(version)
	return &scanner{columns: columns, values: make([][]parquet.Value, leaves)}, err
}

// scan gives the values of a row, leaf after leaf. They are valid until the next.
func (s *scanner) scan(row []byte, into parquet.Row) (parquet.Row, error) {
	s.row, s.at, s.text = row, 0, s.text[:0]
	for i := range s.values {
		s.values[i] = s.values[i][:0]
	}
	if !utf8.Valid(row) {
		return into, errors.New("not UTF-8")
	}
	// A text never grows when its escapes are undone: no value moves any more.
	s.text = slices.Grow(s.text, len(row))
	err := s.object(s.columns, 0, 0)
	if err == nil && s.at != len(row) {
		err = s.unexpected("the end of the row")
	}
	for _, v := range s.values {
		into = append(into, v...)
	}
	return into, err
}

func (s *scanner) object(columns []*column, rep, def int) error {
	before := byte('{')
	for _, c := range columns {
		if !s.take(before) || !s.word(c.key) {
			return s.unexpected(strconv.Quote(c.Name))
		}
		if err := s.value(c, rep, def); err != nil {
			return err
		}
		before = ','
	}
	if !s.take('}') {
		return s.unexpected("no further field")
	}
	return nil
}

func (s *scanner) value(c *column, rep, def int) error {
	switch {
	case c.List:
		return s.list(c, rep, def)
	case c.Nullable && s.word([]byte("null")):
		s.null(c, rep, def)
		return nil
	}
	return s.element(c, rep)
}

func (s *scanner) list(c *column, rep, def int) error {
	if !s.take('[') {
		return s.unexpected("the list " + c.Name)
	}
	if s.take(']') {
		s.null(c, rep, def)
		return nil
	}
	for {
		if err := s.element(c, rep); err != nil {
			return err
		}
		if s.take(']') {
			return nil
		}
		if rep = c.rep; !s.take(',') {
			return s.unexpected("a comma, or the end of the list " + c.Name)
		}
	}
}

// null says at each leaf that there is nothing from level def on.
func (s *scanner) null(c *column, rep, def int) {
	for i := c.first; i < c.last; i++ {
		s.values[i] = append(s.values[i], parquet.NullValue().Level(rep, def, i))
	}
}

func (s *scanner) element(c *column, rep int) error {
	if c.Type == article.Struct {
		return s.object(c.fields, rep, c.def)
	}
	start := s.at
	v, ok := s.scalar(c.Type)
	if !ok {
		s.at = start
		return s.unexpected(fmt.Sprintf("a value of type %s for %s", c.Type, c.Name))
	}
	s.values[c.first] = append(s.values[c.first], v.Level(rep, c.def, c.first))
	return nil
}

func (s *scanner) scalar(t article.Type) (v parquet.Value, ok bool) {
	switch t {
	case article.String:
		text, ok := s.string()
		return parquet.ByteArrayValue(text), ok
	case article.Time:
		text, ok := s.string()
		at, err := time.Parse(time.RFC3339Nano, string(text))
		at = at.UTC()
		micros := at.UnixMicro()
		return parquet.Int64Value(micros), ok && err == nil && time.UnixMicro(micros).UTC().Format(time.RFC3339Nano) == string(text)
	case article.Bool:
		token := s.token()
		return parquet.BooleanValue(string(token) == "true"), string(token) == "true" || string(token) == "false"
	case article.Double:
		token := s.token()
		f, err := strconv.ParseFloat(string(token), 64)
		if err != nil {
			return v, false
		}
		back, err := json.Marshal(f)
		return parquet.DoubleValue(f), err == nil && bytes.Equal(back, token)
	default:
		token := s.token()
		bits := 64
		if t == article.Int {
			bits = 32
		}
		n, err := strconv.ParseInt(string(token), 10, bits)
		v = parquet.Int64Value(n)
		if t == article.Int {
			v = parquet.Int32Value(int32(n))
		}
		return v, err == nil && strconv.FormatInt(n, 10) == string(token)
	}
}

// token is what stands before the next delimiter.
func (s *scanner) token() []byte {
	start := s.at
	if n := bytes.IndexAny(s.row[start:], ",]}"); n >= 0 {
		s.at += n
	}
	return s.row[start:s.at]
}

// string takes a text in quotes and undoes its escapes.
func (s *scanner) string() (text []byte, ok bool) {
	if !s.take('"') {
		return nil, false
	}
	start, began := s.at, len(s.text)
	for s.at < len(s.row) {
		switch b := s.row[s.at]; {
		case b == '"':
			run := s.row[start:s.at]
			if s.at++; len(s.text) == began {
				return run, true
			}
			s.text = append(s.text, run...)
			return s.text[began:], true
		case b == '\\':
			s.text = append(s.text, s.row[start:s.at]...)
			if !s.escape() {
				return nil, false
			}
			start = s.at
		case b < ' ':
			return nil, false
		default:
			s.at++
		}
	}
	return nil, false
}

// escaped are the characters with an escape of their own.
var escaped = [256]byte{'"': '"', '\\': '\\', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape takes one escape; half a surrogate pair is none.
func (s *scanner) escape() bool {
	rest := s.row[s.at+1:]
	if len(rest) > 0 && escaped[rest[0]] != 0 {
		s.text = append(s.text, escaped[rest[0]])
		s.at += 2
		return true
	}
	if len(rest) < 5 || rest[0] != 'u' {
		return false
	}
	code, err := strconv.ParseUint(string(rest[1:5]), 16, 16)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return false
	}
	s.text = utf8.AppendRune(s.text, rune(code))
	s.at += 6
	return true
}

func (s *scanner) take(b byte) bool {
	if s.at < len(s.row) && s.row[s.at] == b {
		s.at++
		return true
	}
	return false
}

func (s *scanner) word(w []byte) bool {
	if bytes.HasPrefix(s.row[s.at:], w) {
		s.at += len(w)
		return true
	}
	return false
}

func (s *scanner) unexpected(want string) error {
	const shown = 24
	rest := s.row[min(s.at, len(s.row)):]
	return fmt.Errorf("byte %d: %s is expected, there is %q", s.at, want, rest[:min(shown, len(rest))])
}
