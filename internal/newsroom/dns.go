package newsroom

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS begins to answer for the room's host names over UDP on a free port of
// 127.0.0.1 and returns that address: each name is 127.0.0.1, but one a scenario
// has dns_rebind for is said to be another address when it is first asked. Nobody
// should connect there; the newsroom does not play it. It ends with Close.
func (r *Room) DNS() (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		c, err := new(net.ListenConfig).ListenPacket(context.Background(), "udp", "127.0.0.1:0")
		if err != nil {
			return "", fmt.Errorf("newsroom: %w", err)
		}
		r.names = c
		go r.answerNames(c)
	}
	return r.names.LocalAddr().String(), nil
}

func (r *Room) answerNames(c net.PacketConn) {
	asked := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(asked)
		if err != nil {
			return // closed
		}
		if answer, err := r.resolve(asked[:n]); err == nil { // else no DNS: like many servers, it says nothing
			_, _ = c.WriteTo(answer, from) // UDP promises nothing
		}
	}
}

// resolve answers one message (RFC 1035).
func (r *Room) resolve(message []byte) ([]byte, error) {
	var p dnsmessage.Parser
	head, err := p.Start(message)
	if err != nil {
		return nil, err
	}
	q, err := p.Question()
	if err != nil {
		return nil, err
	}
	answer := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: head.ID, Response: true, Authoritative: true, RecursionDesired: head.RecursionDesired},
		Questions: []dnsmessage.Question{q},
	}
	host := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	switch address := r.addressOf(host, q.Type); {
	case r.shown.Load().hosts[host] == nil:
		answer.RCode = dnsmessage.RCodeNameError
	case address.Is4() && q.Type == dnsmessage.TypeA:
		answer.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET}, // TTL 0: ask again
			Body:   &dnsmessage.AResource{A: address.As4()},
		}}
	case address.Is6() && q.Type == dnsmessage.TypeAAAA:
		answer.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AAAAResource{AAAA: address.As16()},
		}}
	}
	return answer.Pack()
}

// addressOf is what host is said to be this time. Only questions for the kind of
// address a scenario names count.
func (r *Room) addressOf(host string, kind dnsmessage.Type) netip.Addr {
	r.mu.Lock()
	defer r.mu.Unlock()
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	p := r.play
	if p == nil || p.named[host] {
		return loopback
	}
	for _, rule := range p.rules {
		if lie := rule.rebind(); lie.IsValid() && lie.Is4() == (kind == dnsmessage.TypeA) && (rule.host == nil || rule.host.MatchString(host)) {
			p.named[host] = true
			return lie
		}
	}
	return loopback
}

// rebind is the address its host is said to have at first; invalid for none.
func (r rule) rebind() netip.Addr {
	t := &trouble{}
	for _, set := range r.set {
		set(t)
	}
	return t.rebind
}

// NeedsDNS is an error that names the first rule which only those meet who ask
// [Room.DNS] for addresses; nil when there is none.
func (s *Scenario) NeedsDNS() error {
	for _, r := range s.rules {
		if r.rebind().IsValid() {
			return s.errorf(r, "dns_rebind is for tests that ask the newsroom's own DNS; whoever finds the publishers by network.resolve, as its configuration says, asks no DNS and would never meet it: take this rule out")
		}
	}
	return nil
}
