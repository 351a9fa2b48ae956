package article_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

func fields(t *testing.T) []article.Field {
	t.Helper()
	all, err := article.Fields(article.SchemaVersion)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// each visits fields and what is in them.
func each(fields []article.Field, do func(article.Field)) {
	for _, f := range fields {
		do(f)
		each(f.Fields, do)
	}
}

// A field of the struct without its declaration, or one that says otherwise, fails here.
func TestFieldsAreThoseOfTheStruct(t *testing.T) {
	t.Parallel()
	same(t, "", reflect.TypeFor[article.Record](), fields(t))
}

func same(t *testing.T, path string, of reflect.Type, declared []article.Field) {
	t.Helper()
	var there []reflect.StructField
	for _, f := range reflect.VisibleFields(of) {
		if !f.Anonymous {
			there = append(there, f)
		}
	}
	if len(there) != len(declared) {
		t.Errorf("%q: %d fields in the struct, %d declared", path, len(there), len(declared))
		return
	}
	kinds := map[reflect.Kind]article.Type{
		reflect.String: article.String, reflect.Int: article.Int, reflect.Int64: article.Long,
		reflect.Float64: article.Double, reflect.Bool: article.Bool, reflect.Struct: article.Struct,
	}
	for i, f := range there {
		d, typ := declared[i], f.Type
		list, null := typ.Kind() == reflect.Slice, typ.Kind() == reflect.Pointer
		if list || null {
			typ = typ.Elem()
		}
		want := kinds[typ.Kind()]
		if typ == reflect.TypeFor[time.Time]() {
			want = article.Time
		}
		if name := f.Tag.Get("json"); name != d.Name || want != d.Type || list != d.List || null != d.Nullable {
			t.Errorf("%s%s is %s, list %v, null %v; declared is %s: %s, list %v, null %v", path, name, want, list, null, d.Name, d.Type, d.List, d.Nullable)
		}
		if d.Type == article.Struct {
			same(t, path+d.Name+".", typ, d.Fields)
		}
	}
}

func TestFieldIDs(t *testing.T) {
	t.Parallel()
	seen := map[int]string{}
	add := func(id int, name string) {
		if id < 1 || seen[id] != "" {
			t.Errorf("%s has the id %d, which %q has", name, id, seen[id])
		}
		seen[id] = name
	}
	each(fields(t), func(f article.Field) {
		add(f.ID, f.Name)
		if f.List {
			add(f.Element, "an element of "+f.Name)
		} else if f.Element != 0 {
			t.Errorf("%s is no list and has an element", f.Name)
		}
		// What is new stands at the end of its struct: readers by place keep theirs.
		if !slices.IsSortedFunc(f.Fields, func(a, b article.Field) int { return a.ID - b.ID }) {
			t.Errorf("the ids in %s do not ascend", f.Name)
		}
	})
	if top := fields(t); !slices.IsSortedFunc(top, func(a, b article.Field) int { return a.ID - b.ID }) {
		t.Error("the ids do not ascend")
	}
	// Were one left out, it could be taken for free and used again.
	if len(seen) != 63 {
		t.Errorf("%d ids: one was added or has gone; say so here and above declared", len(seen))
	}
}

func TestFieldsAreDescribed(t *testing.T) {
	t.Parallel()
	names := map[article.Type]any{
		article.String: "", article.Time: time.Time{}, article.Int: int32(0), article.Long: int64(0), article.Double: 0., article.Bool: false, article.Struct: map[string]any{},
	}
	each(fields(t), func(f article.Field) {
		if f.Name == "drop_date" || f.Name == "rev" {
			t.Errorf("%s is the name of a partition", f.Name)
		}
		if !strings.HasSuffix(f.Meaning, ".") || strings.TrimSpace(f.Meaning) != f.Meaning || f.Since == "" {
			t.Errorf("%s: meaning %q, since %q", f.Name, f.Meaning, f.Since)
		}
		of := reflect.TypeOf(names[f.Type])
		if f.List {
			of = reflect.SliceOf(of)
		}
		v := reflect.New(of)
		if err := json.Unmarshal([]byte(f.Example), v.Interface()); err != nil || f.Example == "null" {
			t.Errorf("%s: the example %s: %v", f.Name, f.Example, err)
		}
		if text, _ := reflect.TypeAssert[string](v.Elem()); f.Values != nil && !slices.Contains(f.Values, text) {
			t.Errorf("%s: the example %s is none of %v", f.Name, f.Example, f.Values)
		}
		if f.Type == article.Struct {
			d := json.NewDecoder(strings.NewReader(f.Example))
			var keys []string
			for tok, err := d.Token(); err == nil; tok, err = d.Token() {
				if s, ok := tok.(string); ok {
					keys = append(keys, s)
				}
			}
			for _, in := range f.Fields {
				if !slices.Contains(keys, in.Name) {
					t.Errorf("%s: the example %s lacks %s", f.Name, f.Example, in.Name)
				}
			}
		}
	})
}

// The examples together are a record.
func TestExamplesMakeARecord(t *testing.T) {
	t.Parallel()
	var row bytes.Buffer
	for i, f := range fields(t) {
		row.WriteString("{,"[min(i, 1):][:1] + `"` + f.Name + `":` + f.Example)
	}
	row.WriteByte('}')
	var r article.Record
	d := json.NewDecoder(&row)
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || r.ArticleID != "vtcnews:ar1035071" || r.PublishedAt == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFieldsOfAVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "1", "1.0", "1.0.0.0", "1.0.x", "1.0.-1", "1.0.01", "0.9.0", "1.0.1", "1.1.0", "2.0.0", "v1.0.0", "99999999999999999999.0.0"} {
		if got, err := article.Fields(version); err == nil {
			t.Errorf("%q has %d fields", version, len(got))
		}
	}
	if _, err := article.Fields("1.7.0"); err == nil || !strings.Contains(err.Error(), "use a newer one") {
		t.Error(err)
	}
}
