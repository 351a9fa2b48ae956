// Package container_test holds the files beside it to each other and to the program.
package container_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"attache/config"
)

// compose is the part of the Compose specification the file uses; anything else is an error.
//
// https://github.com/compose-spec/compose-spec/blob/main/spec.md
type compose struct {
	Name     string             `yaml:"name"`
	Hardened map[string]any     `yaml:"x-hardened"`
	Services map[string]service `yaml:"services"`
	Volumes  map[string]any     `yaml:"volumes"`
}

type service struct {
	Build       struct{ Context, Dockerfile string }
	Image       string
	Command     []string
	User        string
	Environment map[string]string
	Volumes     []string
	Tmpfs       []string
	MemLimit    string                       `yaml:"mem_limit"`
	PIDsLimit   int                          `yaml:"pids_limit"`
	Grace       string                       `yaml:"stop_grace_period"`
	DependsOn   map[string]map[string]string `yaml:"depends_on"`
	ReadOnly    bool                         `yaml:"read_only"`
	CapDrop     []string                     `yaml:"cap_drop"`
	SecurityOpt []string                     `yaml:"security_opt"`
	Restart     string
	NetworkMode string `yaml:"network_mode"`
	Logging     map[string]any
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCompose(t *testing.T) {
	t.Parallel()
	var c compose
	if err := yaml.UnmarshalWithOptions(read(t, "compose.yaml"), &c, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"attache", "s3"} {
		s := c.Services[name]
		if !s.ReadOnly || s.User != "65532:65532" || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may do more than it needs: %+v", name, s)
		}
		for key, value := range s.Environment {
			if !regexp.MustCompile(`^\$\{S3_(ACCESS|SECRET)_KEY:\?.+\}$`).MatchString(value) {
				t.Errorf("%s: %s has a value of its own in the file", name, key)
			}
		}
	}
	for name, s := range c.Services {
		for dependency := range s.DependsOn {
			if _, ok := c.Services[dependency]; !ok {
				t.Errorf("%s waits for %s, which is none of the services", name, dependency)
			}
		}
		for _, v := range s.Volumes {
			if from, _, _ := strings.Cut(v, ":"); !strings.HasPrefix(from, "./") {
				if _, ok := c.Volumes[from]; !ok {
					t.Errorf("%s: no volume %s is declared", name, from)
				}
			}
		}
	}
	// The S3 is the one attache's tests run against.
	version := regexp.MustCompile(`versity/versitygw (v\S+)`).FindSubmatch(read(t, "../../go.mod"))
	if want := "versity/versitygw:" + string(version[1]); c.Services["s3"].Image != want {
		t.Errorf("the S3 is %s; go.mod has %s", c.Services["s3"].Image, want)
	}
	settings, err := config.Load("attache.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if bucket := strings.Join(c.Services["bucket"].Command, " "); !strings.Contains(bucket, "/objects/"+settings.S3.Bucket+" ") {
		t.Errorf("the bucket of attache.example.yaml is %s; %q makes another", settings.S3.Bucket, bucket)
	}
	if port := c.Services["s3"].Command[1]; settings.S3.Endpoint != "http://s3"+port {
		t.Errorf("attache.example.yaml looks for S3 at %s; it listens on %s", settings.S3.Endpoint, port)
	}
}

func TestContainerfile(t *testing.T) {
	t.Parallel()
	text := string(read(t, "Containerfile"))
	version := regexp.MustCompile(`\ngo (\d+\.\d+)`).FindSubmatch(read(t, "../../go.mod"))
	for _, want := range []string{"FROM golang:" + string(version[1]) + "-", "CGO_ENABLED=0", "\nFROM scratch\n", "\nUSER 65532:65532\n", "\nHEALTHCHECK ", "ca-certificates.crt"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}
