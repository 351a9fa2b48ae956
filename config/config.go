// Package config is the operator's settings: one YAML file, all of it optional,
// read strictly. Defaults first, then the file, then the checks.
package config

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml"

	"attache/internal/strictyaml"
	"attache/seeds"
)

// Config is everything an operator can set.
type Config struct {
	Data    string  `yaml:"data"`    // folder for the store, the spool and the embedded S3
	Zone    string  `yaml:"zone"`    // IANA zone whose midnight ends a drop
	Crawl   Crawl   `yaml:"crawl"`   // how to behave towards publishers
	Sources Sources `yaml:"sources"` // which publishers
	Revisit Revisit `yaml:"revisit"` // which articles are looked at again
	Capture Capture `yaml:"capture"` // pages as they were sent
	Topic   Topic   `yaml:"topic"`   // what to keep
	S3      S3      `yaml:"s3"`      // where records land
	Seal    Seal    `yaml:"seal"`    // when a day is closed
	Disk    Disk    `yaml:"disk"`    // how full the disk of Data may get
	Store   Store   `yaml:"store"`   // how long what is over is kept
	HTTP    HTTP    `yaml:"http"`    // for operators and their monitoring
	Alarms  Alarms  `yaml:"alarms"`  // who is told what is wrong
	Network Network `yaml:"network"` // for test networks
	Log     Log     `yaml:"log"`
}

// Crawl says who we are and what we bear.
type Crawl struct {
	Contact   string      `yaml:"contact"`     // e-mail or https address publishers can reach; required for live sources
	Timeout   seeds.Span  `yaml:"timeout"`     // of one request, waits for its turn not counted
	Longest   seeds.Span  `yaml:"longest"`     // of one run over one source; what is left waits for the next
	Patience  seeds.Span  `yaml:"patience"`    // a host's back-off as short as this is waited for within a run
	MaxPage   Size        `yaml:"max_page"`    // largest page, decoded; feeds, sitemaps and JSON lists may have 50 MB
	Attempts  int         `yaml:"attempts"`    // visits an address gets before it is given up as failed
	Sources   int         `yaml:"parallel"`    // sources crawled at once
	Proxy     string      `yaml:"proxy"`       // http or https address every request goes through; the environment's are ignored
	Pace      *seeds.Pace `yaml:"pace"`        // replaces every source's pace; only with network.resolve
	RobotsFor seeds.Span  `yaml:"robots_keep"` // how long a robots.txt is believed; RFC 9309 says a day at most
}

// Sources selects and extends the embedded sources.
type Sources struct {
	Dir  string   `yaml:"dir"`  // folder of more source files; same name replaces
	Only []string `yaml:"only"` // ids; empty is all
}

// Revisit says which articles are looked at again, and when.
type Revisit struct {
	After    []seeds.Span `yaml:"after"`     // ages, counted from when the address was first seen
	NearMiss float64      `yaml:"near_miss"` // what is out of scope is looked at again from this score on
	Confirm  seeds.Span   `yaml:"confirm"`   // a page that is gone is withdrawn when it is still gone after this
}

// Capture is how what publishers send is kept, as WARC files.
type Capture struct {
	Keep    bool       `yaml:"keep"`
	Segment Size       `yaml:"segment"` // a file is closed at this size,
	Age     seeds.Span `yaml:"age"`     // or at this age, and lands in S3
}

// Topic tunes the decision.
type Topic struct {
	Threshold float64 `yaml:"threshold"` // 0…1; at least this score is kept
	Lexicons  string  `yaml:"lexicons"`  // folder of lexicon files that extend the embedded ones
}

// S3 is the bucket; with none named, the embedded server keeps objects in Data.
// Credentials come from the AWS SDK's own chain, never from this file.
type S3 struct {
	Bucket    string `yaml:"bucket"`
	Prefix    string `yaml:"prefix"`
	Region    string `yaml:"region"`
	Endpoint  string `yaml:"endpoint"` // for S3 other than Amazon's
	PathStyle bool   `yaml:"path_style"`
	Checksum  string `yaml:"checksum"` // when_supported or when_required
}

// Embedded reports whether the S3 is our own child over a folder.
func (s S3) Embedded() bool { return s.Bucket == "" }

// Seal is when a closed day becomes a drop.
type Seal struct {
	At       Clock      `yaml:"at"`        // time of day in Zone
	KeepLive seeds.Span `yaml:"keep_live"` // live parts stay so long after their day was sealed
}

// Disk keeps what waits for S3 from filling the disk: the store must always have
// room to note how things ended.
type Disk struct {
	Warn Size `yaml:"warn"` // with less room than this, each run says so
	Stop Size `yaml:"stop"` // with less, no run takes in more; what is there still lands
}

// Store says how long the store keeps what is over. That an article is known, it
// keeps for ever.
type Store struct {
	Items      seeds.Span `yaml:"keep_items"`       // work items that ended, and the last text of their articles
	Runs       seeds.Span `yaml:"keep_runs"`        // runs that ended well
	FailedRuns seeds.Span `yaml:"keep_failed_runs"` // runs that did not
}

// HTTP is the server for operators: health, metrics, control. Whatever holds a secret
// is in a file of its own.
type HTTP struct {
	Listen    string `yaml:"listen"`          // host:port; empty for none
	TokenFile string `yaml:"token_file"`      // its one line is the token of requests: Authorization: Bearer …
	BasicFile string `yaml:"basic_auth_file"` // its one line is user:password
	Cert      string `yaml:"tls_cert"`        // PEM; with tls_key, the server speaks TLS only
	Key       string `yaml:"tls_key"`
}

// Open reports whether requests need no token and no password.
func (h HTTP) Open() bool { return h.TokenFile == "" && h.BasicFile == "" }

// Alarms say where alarms are sent, beside the metrics that Prometheus reads. The
// message is Alertmanager's.
type Alarms struct {
	Webhook Secret     `yaml:"webhook"`      // its address; empty for none
	File    string     `yaml:"webhook_file"` // holds the address, instead
	Repeat  seeds.Span `yaml:"repeat"`       // what goes on is sent again after so long
	Mute    []string   `yaml:"mute"`         // AttacheSourceSilent, or AttacheSourceSilent/qk7 for one source or host
}

// Network bends name resolution, for newsroom and test networks only. A host
// named here may be reached on the given address although it is loopback.
type Network struct {
	Resolve map[string]string `yaml:"resolve"` // host name: "127.0.0.1:8443"
	CAFile  string            `yaml:"ca_file"` // PEM trusted besides the system's
}

// Log is what goes to standard error.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text for people, json for programs, auto for text at a terminal and json elsewhere
}

const day = seeds.Span(24 * time.Hour)

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		Data: "attache-data",
		Zone: "Asia/Ho_Chi_Minh",
		Crawl: Crawl{
			Timeout:   seeds.Span(30 * time.Second),
			Longest:   seeds.Span(2 * time.Hour),
			Patience:  seeds.Span(30 * time.Second),
			MaxPage:   8 << 20,
			Attempts:  5,
			Sources:   4,
			RobotsFor: seeds.Span(24 * time.Hour),
		},
		Sources: Sources{Only: []string{}},
		Revisit: Revisit{
			After:    []seeds.Span{seeds.Span(time.Hour), seeds.Span(6 * time.Hour), seeds.Span(24 * time.Hour), seeds.Span(7 * 24 * time.Hour)},
			NearMiss: 0.1,
			Confirm:  seeds.Span(6 * time.Hour),
		},
		Capture: Capture{Keep: true, Segment: 64 << 20, Age: seeds.Span(time.Hour)},
		Topic:   Topic{Threshold: 0.5},
		S3:      S3{Region: "us-east-1", Checksum: "when_supported"},
		Seal:    Seal{At: Clock{Hour: 0, Minute: 30}, KeepLive: 7 * day},
		Disk:    Disk{Warn: 2 << 30, Stop: 256 << 20},
		Store:   Store{Items: 400 * day, Runs: 90 * day, FailedRuns: 400 * day},
		HTTP:    HTTP{Listen: "127.0.0.1:9464"},
		Alarms:  Alarms{Repeat: seeds.Span(4 * time.Hour), Mute: []string{}},
		Network: Network{Resolve: map[string]string{}},
		Log:     Log{Level: "info", Format: "auto"},
	}
}

// Load reads the file; an empty name is the defaults. Every mistake is
// returned, each with file, line and what to do.
func Load(name string) (Config, error) {
	if name == "" {
		return Default(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w; name a file that can be read by --config or ATTACHE_CONFIG (attache config show prints one to begin with)", err)
	}
	return Parse(name, data)
}

// Parse reads the text of a configuration file. Relative folders in it are
// relative to the working directory, as they are on the command line.
func Parse(name string, data []byte) (Config, error) {
	c := Default()
	if err := strictyaml.Decode(name, data, &c); err != nil {
		return Config{}, err
	}
	if err := c.check(name, data); err != nil {
		return Config{}, err
	}
	return c, nil
}

// YAML is what is in force, in the form of the file. It holds no secrets: a webhook's
// address is hidden, and an endpoint with a password in it is refused.
func (c Config) YAML() ([]byte, error) {
	return yaml.MarshalWithOptions(c, yaml.Indent(2), yaml.IndentSequence(true))
}

// Location is Zone, loaded; check has made sure that it exists.
func (c Config) Location() *time.Location {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// StoreFile is the store's file under Data.
func (c Config) StoreFile() string { return filepath.Join(c.Data, "attache.db") }

// SpoolDir holds what is on its way to S3.
func (c Config) SpoolDir() string { return filepath.Join(c.Data, "spool") }

// Socket is where the daemon that works in Data is spoken to.
func (c Config) Socket() string { return filepath.Join(c.Data, "attache.sock") }

// CaptureDir holds captures on their way to S3.
func (c Config) CaptureDir() string { return filepath.Join(c.Data, "raw") }

// S3Dir is the embedded S3's.
func (c Config) S3Dir() string { return filepath.Join(c.Data, "s3") }
