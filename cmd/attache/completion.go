package main

import (
	"embed"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"attache/seeds"
)

//go:embed completion
var completionScripts embed.FS

// completionCmd prints what makes a shell complete attache's words.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says where the output goes.
func (completionCmd) Help() string {
	return "In the shell's start file:\n\n    bash  source <(attache completion bash)\n    zsh   source <(attache completion zsh)\n    fish  attache completion fish | source"
}

func (c completionCmd) Run() error {
	script, err := completionScripts.ReadFile("completion/attache." + c.Shell)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(script)
	return err
}

// completeWord is the first argument by which a shell asks; the words so far follow,
// the last of which is to be completed.
const completeWord = "__complete"

// complete writes what the last word may become, one a line; nothing where files may stand.
func complete(w io.Writer, model *kong.Node, words []string) {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "=" }) // bash makes --source=x three words
	if len(words) == 0 {
		return
	}
	last := words[len(words)-1]
	at := asked{node: model}
	for _, word := range words[:len(words)-1] {
		at.take(word)
	}
	for _, candidate := range at.candidates(last, words) {
		if strings.HasPrefix(candidate, last) {
			fmt.Fprintln(w, candidate)
		}
	}
}

// asked is how far the words have led into the commands.
type asked struct {
	node  *kong.Node
	flag  *kong.Flag // whose value is next; nil for none
	place int        // of the positional argument that is next
}

func (a *asked) take(word string) {
	if a.flag != nil {
		a.flag = nil
		return
	}
	if strings.HasPrefix(word, "-") {
		if f := a.find(word); f != nil && !f.IsBool() {
			a.flag = f
		}
		return
	}
	for _, child := range a.node.Children {
		if child.Name == word {
			a.node = child
			return
		}
	}
	a.place++
}

// flags are those that fit, also those of the command that is meant when none is named.
func (a *asked) flags() (all []*kong.Flag) {
	nodes := []*kong.Node{a.node}
	if a.node.DefaultCmd != nil {
		nodes = append(nodes, a.node.DefaultCmd)
	}
	for _, node := range nodes {
		for _, group := range node.AllFlags(true) {
			all = append(all, group...)
		}
	}
	return all
}

func (a *asked) find(word string) *kong.Flag {
	for _, f := range a.flags() {
		if word == "--"+f.Name || f.Short != 0 && word == "-"+string(f.Short) {
			return f
		}
	}
	return nil
}

func (a *asked) candidates(last string, words []string) (all []string) {
	if a.flag != nil {
		return values(a.flag.Value, words)
	}
	if name, _, ok := strings.Cut(last, "="); ok {
		if f := a.find(name); f != nil {
			for _, v := range values(f.Value, words) {
				all = append(all, name+"="+v)
			}
		}
		return all
	}
	if strings.HasPrefix(last, "-") {
		for _, f := range a.flags() {
			all = append(all, "--"+f.Name)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	for _, child := range a.node.Children {
		if !child.Hidden {
			all = append(all, child.Name)
		}
	}
	if i := min(a.place, len(a.node.Positional)-1); i >= 0 && (i == a.place || a.node.Positional[i].IsCumulative()) {
		all = append(all, values(a.node.Positional[i], words)...)
	}
	return all
}

// values are what a flag or an argument may be, if there is a list of it.
func values(v *kong.Value, words []string) []string {
	switch {
	case v.Enum != "":
		return v.EnumSlice()
	case v.Name == "source" || v.Name == "id" || v.Tag.PlaceHolder == "ID":
		return names(knownSources(words))
	}
	return nil
}

// knownSources are those of the configuration the words name, or else attache's own:
// completion says nothing of mistakes.
func knownSources(words []string) []*seeds.Source {
	s := settings{ConfigFile: os.Getenv("ATTACHE_CONFIG")}
	for i, word := range words[:len(words)-1] {
		if word == "--config" || word == "-c" {
			s.ConfigFile = words[i+1]
		}
	}
	_, sources, err := s.loadSources()
	if err != nil {
		sources, _ = seeds.Load("")
	}
	return sources
}
