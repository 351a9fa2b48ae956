package sinks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// badForm says how a text that parses as a T, a manifest or the pointer to one, is not in
// the form in which attache writes it: a key is missing or null that must not be, or
// stands twice, in one spelling or two, so that readers may take it for different things.
// Keys that are not known may be there: later attaches write more.
func badForm[T any](raw []byte) (details []string) {
	if !utf8.Valid(raw) {
		return []string{"it is not UTF-8"}
	}
	f := &form{Decoder: json.NewDecoder(bytes.NewReader(raw))}
	f.UseNumber()
	f.value(reflect.TypeFor[T](), "", true)
	return f.details
}

type form struct {
	*json.Decoder
	details []string
	ended   bool // there is no further token
}

const mostDetails = 10

func (f *form) say(format string, args ...any) {
	if len(f.details) < mostDetails {
		f.details = append(f.details, fmt.Sprintf(format, args...))
	}
}

// value goes through one value that is to be of a type; nil: of any.
func (f *form) value(of reflect.Type, path string, must bool) {
	if of != nil && of.Kind() == reflect.Pointer {
		of, must = of.Elem(), false
	}
	token, err := f.Token()
	if err != nil { // it parsed: there is none
		f.ended = true
		return
	}
	switch token {
	case json.Delim('{'):
		f.object(of, path)
	case json.Delim('['):
		var element reflect.Type
		if of != nil && of.Kind() == reflect.Slice {
			element = of.Elem()
		}
		for !f.ended && f.More() {
			f.value(element, path, true)
		}
		_, _ = f.Token()
	case nil:
		if must && of != nil {
			f.say("its %s is null", path)
		}
	}
}

func (f *form) object(of reflect.Type, path string) {
	fields, element := map[string]reflect.Type{}, reflect.Type(nil)
	switch {
	case of == nil:
	case of.Kind() == reflect.Map:
		element = of.Elem()
	case of.Kind() == reflect.Struct:
		for _, field := range reflect.VisibleFields(of) {
			if name := field.Tag.Get("json"); name != "" {
				fields[name] = field.Type
			}
		}
	}
	had := map[string]bool{}
	for !f.ended && f.More() {
		token, _ := f.Token()
		key, _ := token.(string)
		below := strings.TrimPrefix(path+"."+key, ".")
		if had[key] {
			f.say("its key %s stands there twice", below)
		}
		had[key] = true
		kind, known := fields[key]
		for name := range fields {
			if !known && strings.EqualFold(name, key) {
				f.say("its key %s is also there as %q", strings.TrimPrefix(path+"."+name, "."), key)
			}
		}
		if !known {
			kind = element
		}
		f.value(kind, below, known || element != nil)
	}
	_, _ = f.Token()
	for _, name := range union(fields, fields) {
		if !had[name] {
			f.say("it has no %s", strings.TrimPrefix(path+"."+name, "."))
		}
	}
}
