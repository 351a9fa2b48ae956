package sinks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"attache/internal/article"
)

// printer makes the JSON of rows from the columns: the inverse of scanner.
type printer struct {
	columns []*column
	leaves  []*leaf // of the row group
	out     bytes.Buffer
	enc     *json.Encoder // into out
	most    int           // bytes of a row
}

var errLevels = errors.New("its columns contradict one another")

func newPrinter(columns []*column, most int) *printer {
	p := &printer{columns: columns, most: most}
	p.enc = json.NewEncoder(&p.out)
	p.enc.SetEscapeHTML(false)
	return p
}

// print gives the JSON of the next row, valid until the one after it.
func (p *printer) print() ([]byte, error) {
	p.out.Reset()
	if err := p.object(p.columns); err != nil {
		return nil, err
	}
	return p.out.Bytes(), nil
}

func (p *printer) object(columns []*column) error {
	before := byte('{')
	for _, c := range columns {
		p.out.WriteByte(before)
		p.out.Write(c.key)
		if err := p.value(c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		before = ','
	}
	return p.out.WriteByte('}')
}

func (p *printer) value(c *column) error {
	def, err := p.level(c.first)
	switch {
	case err != nil:
		return err
	case def >= c.def && c.List:
		return p.list(c)
	case def >= c.def:
		return p.element(c)
	}
	for i := c.first; i < c.last; i++ { // nothing is there, in none of its leaves
		if def, err := p.level(i); err != nil || def >= c.def {
			return cmp.Or(err, errLevels)
		}
		p.leaves[i].ready = false
	}
	switch {
	case c.List:
		p.out.WriteString("[]")
	case c.Nullable:
		p.out.WriteString("null")
	default:
		return errLevels
	}
	return nil
}

// level is the definition level of a leaf's next value.
func (p *printer) level(i int) (int, error) {
	more, err := p.leaves[i].peek()
	if err == nil && !more {
		err = errLevels
	}
	return p.leaves[i].nextDef, err
}

func (p *printer) list(c *column) error {
	for before := byte('['); ; before = ',' {
		p.out.WriteByte(before)
		rep := p.leaves[c.first].nextRep
		for i := c.first; i < c.last; i++ {
			if _, err := p.level(i); err != nil || p.leaves[i].nextRep != rep {
				return cmp.Or(err, errLevels)
			}
		}
		if err := p.element(c); err != nil {
			return err
		}
		if more, err := p.leaves[c.first].peek(); err != nil {
			return err
		} else if !more || p.leaves[c.first].nextRep != c.rep {
			return p.out.WriteByte(']')
		}
	}
}

func (p *printer) element(c *column) error {
	if p.out.Len() > p.most {
		return fmt.Errorf("the row is longer than %d bytes", p.most)
	}
	if c.Type == article.Struct {
		return p.object(c.fields)
	}
	if def, err := p.level(c.first); err != nil || def < c.def {
		return cmp.Or(err, errLevels)
	}
	v, err := p.leaves[c.first].scalar()
	if err != nil {
		return err
	}
	switch is := v.(type) {
	case []byte:
		if v = string(is); !utf8.Valid(is) {
			return errors.New("not UTF-8")
		}
	case int64:
		if c.Type == article.Time {
			v = time.UnixMicro(is).UTC()
		}
	}
	if err := p.enc.Encode(v); err != nil {
		return err
	}
	p.out.Truncate(p.out.Len() - 1) // the encoder's line feed
	return nil
}
