// Package s3_test holds the files beside it to the keys attache writes.
package s3_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const bucket = "arn:aws:s3:::attache-drops"

// policy is the part of IAM's grammar the policies use; anything else is an error.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type policy struct {
	Version   string
	Statement []struct {
		Sid, Effect      string
		Action, Resource list
		Condition        map[string]map[string]list
	}
}

// list is one string or several.
type list []string

func (l *list) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte(`"`)) {
		*l = make(list, 1)
		return json.Unmarshal(b, &(*l)[0])
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// allows reports whether the policy grants an action on a key; a key that ends
// with "/*" stands for all below it.
func (p policy) allows(action, key string) bool {
	for _, s := range p.Statement {
		for _, resource := range s.Resource {
			below, wild := strings.CutSuffix(resource, "*")
			arn := bucket + "/" + key
			if s.Effect == "Allow" && slices.Contains(s.Action, action) && (resource == arn || wild && strings.HasPrefix(arn, below)) {
				return true
			}
		}
	}
	return false
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	keys := layout(t)
	for name, want := range map[string]struct{ get, put, remove func(kind string) bool }{
		"writer-policy.json": {
			get: every, put: every,
			remove: among("live", "parquet", "jsonl", "rejects", "_quality", "_doctor"),
		},
		"reader-policy.json": {
			get: func(kind string) bool { return kind != "raw" && kind != "_doctor" },
			put: among(), remove: among(),
		},
	} {
		p := read[policy](t, name)
		if p.Version != "2012-10-17" {
			t.Errorf("%s: version %q", name, p.Version)
		}
		for _, key := range keys {
			kind, _, _ := strings.Cut(strings.TrimPrefix(key, "v1/"), "/")
			for action, granted := range map[string]bool{"s3:GetObject": want.get(kind), "s3:PutObject": want.put(kind), "s3:DeleteObject": want.remove(kind)} {
				if p.allows(action, key) != granted {
					t.Errorf("%s: %s of %s is allowed: %v, wanted %v", name, action, key, !granted, granted)
				}
			}
		}
		for _, s := range p.Statement {
			if strings.Contains(strings.Join(s.Action, " "), "*") || s.Effect != "Allow" {
				t.Errorf("%s: %s: %s %q", name, s.Sid, s.Effect, s.Action)
			}
			lists := slices.Equal(s.Action, list{"s3:ListBucket"})
			if lists != slices.Equal(s.Resource, list{bucket}) || lists != slices.Equal(s.Condition["StringLike"]["s3:prefix"], list{"", "v1/*"}) {
				t.Errorf("%s: %s: listing belongs to the bucket, with the prefixes attache asks for: %q, %v", name, s.Sid, s.Resource, s.Condition)
			}
			for _, resource := range s.Resource {
				if !lists && !strings.HasPrefix(resource, bucket+"/v1/") {
					t.Errorf("%s: %s: %s is more than attache's", name, s.Sid, resource)
				}
			}
		}
	}
}

func every(string) bool { return true }

func among(kinds ...string) func(string) bool {
	return func(kind string) bool { return slices.Contains(kinds, kind) }
}

// lifecycle is what S3 takes; anything else is an error.
//
// https://docs.aws.amazon.com/cli/latest/reference/s3api/put-bucket-lifecycle-configuration.html
type lifecycle struct {
	Rules []struct {
		ID, Status  string
		Filter      struct{ Prefix string }
		Expiration  *struct{ Days int }
		Transitions []struct {
			Days         int
			StorageClass string
		}
		AbortIncompleteMultipartUpload *struct{ DaysAfterInitiation int }
	}
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, rule := range read[lifecycle](t, "lifecycle.json").Rules {
		if rule.ID == "" || len(rule.ID) > 255 || ids[rule.ID] || rule.Status != "Enabled" || rule.Filter.Prefix == "" {
			t.Errorf("%+v: S3 wants an id of its own, a status and a filter", rule)
		}
		ids[rule.ID] = true
		if rule.Expiration == nil && rule.Transitions == nil && rule.AbortIncompleteMultipartUpload == nil {
			t.Errorf("%s does nothing", rule.ID)
		}
		if rule.Expiration != nil && (rule.Filter.Prefix != "v1/live/" || rule.Expiration.Days < 30) {
			t.Errorf("%s lets %s expire after %d days", rule.ID, rule.Filter.Prefix, rule.Expiration.Days)
		}
		if up := rule.AbortIncompleteMultipartUpload; up != nil && up.DaysAfterInitiation < 1 {
			t.Errorf("%s: after %d days", rule.ID, up.DaysAfterInitiation)
		}
		for _, to := range rule.Transitions {
			if rule.Filter.Prefix != "v1/raw/" || to.Days < 30 || to.StorageClass != "GLACIER_IR" {
				t.Errorf("%s moves %s to %s after %d days; only captures move, and must stay readable at once", rule.ID, rule.Filter.Prefix, to.StorageClass, to.Days)
			}
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d rules", len(ids))
	}
}

// layout is the list of keys in the comment of sinks/keys.go, and the probe's.
func layout(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../../sinks/keys.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"v1/_doctor/probe"}
	for _, m := range regexp.MustCompile(`(?m)^//\t(v1/[^\s,]+)`).FindAllSubmatch(source, -1) {
		keys = append(keys, string(m[1]))
	}
	if len(keys) < 10 || !slices.Contains(keys, "v1/_latest.json") {
		t.Fatalf("the layout reads %q", keys)
	}
	return keys
}

func read[T any](t *testing.T, name string) (v T) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}
