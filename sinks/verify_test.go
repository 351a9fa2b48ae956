package sinks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func row(id string, revision int) string {
	return fmt.Sprintf(`{"article_id":"vtcnews:%s","revision":%d,"source":"vtcnews","schema_version":"1.0.0","title":"Tàu hải quân thăm Đà Nẵng"}`, id, revision)
}

// sealed is a drop of two parts in its own bucket; claim may falsify the
// manifest before it is put.
func sealed(t *testing.T, s Settings, parts [][]string, claim func(*Manifest)) (*Bucket, Manifest) {
	t.Helper()
	b := made(t, s)
	m := sample()
	m.Files, m.Rows, m.Sources = nil, 0, map[string]SourceCount{}
	for i, rows := range parts {
		f, err := WriteJSONL(filepath.Join(t.TempDir(), "part"), rowsOf(rows...))
		if err != nil {
			t.Fatal(err)
		}
		key := JSONLKey(day, 0, i, f.SHA256)
		if _, err := b.Put(t.Context(), Object{Key: key, Path: f.Path, SHA256: f.SHA256, Bytes: f.Bytes, ContentType: JSONLType}); err != nil {
			t.Fatal(err)
		}
		m.Files = append(m.Files, ManifestFile{Key: key, Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: FormatJSONL})
		m.Rows += f.Rows
	}
	m.Sources["vtcnews"] = SourceCount{m.Rows}
	if claim != nil {
		claim(&m)
	}
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.PutBytes(t.Context(), ManifestKey(day, 0), raw, "application/json"); err != nil {
		t.Fatal(err)
	}
	return b, m
}

var twoParts = [][]string{{row("ar1", 1), row("ar2", 1)}, {row("ar1", 2), row("ar3", 1)}}

func TestVerifySound(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][][]string{"two parts": twoParts, "no news": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, m := sealed(t, settings(), parts, nil)
			r, err := Verify(t.Context(), b, day)
			if err != nil || !r.OK || r.Rows != m.Rows || len(r.Files) != len(parts) || r.Manifest != ManifestKey(day, 0) {
				t.Errorf("%+v, %v", r, err)
			}
			raw, err := json.Marshal(r)
			if err != nil || bytes.Contains(raw, []byte("null")) {
				t.Errorf("as JSON: %s, %v", raw, err)
			}
		})
	}
}

// edit changes an object behind the service's back.
func edit(t *testing.T, b *Bucket, key string, change func([]byte) []byte) {
	t.Helper()
	path := onDisk(b, key)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(raw), 0o600); err != nil { // in place: its attributes stay
		t.Fatal(err)
	}
}

func TestVerifyFindsDamageOnDisk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage func(*testing.T, *Bucket, string)
		want   FileStatus
	}{
		"a flipped bit": {func(t *testing.T, b *Bucket, key string) {
			edit(t, b, key, func(raw []byte) []byte { raw[len(raw)/2] ^= 1; return raw })
		}, FileSHADiffers},
		"cut short": {func(t *testing.T, b *Bucket, key string) {
			edit(t, b, key, func(raw []byte) []byte { return raw[:len(raw)-9] })
		}, FileSHADiffers},
		"something added": {func(t *testing.T, b *Bucket, key string) {
			edit(t, b, key, func(raw []byte) []byte { return append(raw, raw...) })
		}, FileSHADiffers},
		"emptied": {func(t *testing.T, b *Bucket, key string) {
			edit(t, b, key, func([]byte) []byte { return nil })
		}, FileSHADiffers},
		"removed": {func(t *testing.T, b *Bucket, key string) {
			if err := os.Remove(onDisk(b, key)); err != nil {
				t.Fatal(err)
			}
		}, FileMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, m := sealed(t, settings(), twoParts, nil)
			c.damage(t, b, m.Files[1].Key)
			r, err := Verify(t.Context(), b, day)
			if err != nil || r.OK || r.Files[0].Status != FileOK || r.Files[1].Status != c.want || r.Files[1].Detail == "" {
				t.Errorf("%+v, %v; want %s", r, err, c.want)
			}
		})
	}
}

func TestVerifyFindsWhatTheManifestGetsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts  [][]string
		claim  func(*Manifest)
		status FileStatus
		says   string
	}{
		"row count":   {twoParts, func(m *Manifest) { m.Rows++; m.Files[1].Rows++; m.Sources["vtcnews"] = SourceCount{m.Rows} }, FileRowsDiffer, "2 rows, expected 3"},
		"twice":       {[][]string{{row("ar1", 1)}, {row("ar1", 1)}}, nil, FileBadRows, "row 1: vtcnews:ar1 revision 1 is there twice"},
		"schema":      {twoParts, func(m *Manifest) { m.SchemaVersion = "2.0.0" }, FileBadRows, `schema_version "1.0.0", expected "2.0.0"`},
		"no JSON":     {[][]string{{row("ar1", 1)}, {"{"}}, nil, FileBadRows, "row 1: unexpected end"},
		"no identity": {[][]string{{row("ar1", 1)}, {`{"schema_version":"1.0.0"}`}}, nil, FileBadRows, "is missing"},
		"no UTF-8":    {[][]string{{row("ar1", 1)}, {strings.Replace(row("ar2", 1), "Tàu", "T\xe0u", 1)}}, nil, FileBadRows, "not UTF-8"},
		"format":      {twoParts, func(m *Manifest) { m.Rows = 2; m.Files[1].Format = "csv"; m.Sources["vtcnews"] = SourceCount{2} }, FileUnreadable, `format "csv"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := sealed(t, settings(), c.parts, c.claim)
			r, err := Verify(t.Context(), b, day)
			if err != nil || r.OK || r.Files[1].Status != c.status || !strings.Contains(r.Files[1].Detail, c.says) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestVerifyFindsFileThatDoesNotUnpack(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	text := []byte("as plain as day\n")
	key := JSONLKey(day, 0, 0, digest(text))
	m := sample()
	m.Rows, m.Sources = 1, map[string]SourceCount{"vtcnews": {1}}
	m.Files = []ManifestFile{{Key: key, Bytes: int64(len(text)), SHA256: digest(text), Rows: 1, Format: FormatJSONL}}
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for k, body := range map[string][]byte{key: text, ManifestKey(day, 0): raw} {
		if _, err := b.PutBytes(t.Context(), k, body, ""); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := Verify(t.Context(), b, day); err != nil || r.OK || r.Files[0].Status != FileUnreadable {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestVerifyFindsWhatBelongsToNobody(t *testing.T) {
	t.Parallel()
	b, _ := sealed(t, settings(), twoParts, func(m *Manifest) {
		m.Sources = map[string]SourceCount{"vtcnews": {3}, "baotintuc": {1}}
	})
	stray := JSONLKey(day, 1, 0, strings.Repeat("f", 64))
	for _, key := range []string{stray, JSONLKey("2026-11-22", 0, 0, ""), LiveKey(day, "run", "")} {
		if _, err := b.PutBytes(t.Context(), key, []byte("?"), ""); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Verify(t.Context(), b, day)
	if err != nil || r.OK || len(r.Strays) != 1 || r.Strays[0] != stray || len(r.Problems) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestVerifyReadsTheNewestManifest(t *testing.T) {
	t.Parallel()
	b, m := sealed(t, settings(), twoParts, nil)
	m.Rev = 1
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.PutBytes(t.Context(), ManifestKey(day, 1), raw, "application/json"); err != nil {
		t.Fatal(err)
	}
	if r, err := Verify(t.Context(), b, day); err != nil || !r.OK || r.Rev != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	edit(t, b, ManifestKey(day, 1), func(raw []byte) []byte { return raw[:len(raw)/2] })
	if r, err := Verify(t.Context(), b, day); err != nil || r.OK || len(r.Problems) != 1 {
		t.Errorf("with half a manifest: %+v, %v", r, err)
	}
}

func TestVerifyBehindALyingProxy(t *testing.T) {
	t.Parallel()
	s := settings()
	_, m := sealed(t, s, twoParts, nil)
	b := through(t, s, nil, func(r *http.Response) error {
		if strings.Contains(r.Request.URL.Path, "part-00001") {
			return flip(r)
		}
		return nil
	})
	r, err := Verify(t.Context(), b, day)
	if err != nil || r.OK || r.Files[0].Status != FileOK || r.Files[1].Status != FileSHADiffers || r.Files[1].Key != m.Files[1].Key {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestVerifyOfWhatIsNotSealed(t *testing.T) {
	t.Parallel()
	b := made(t, settings())
	if _, err := Verify(t.Context(), b, day); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "not sealed") {
		t.Error(err)
	}
}
