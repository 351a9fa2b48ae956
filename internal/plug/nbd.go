package plug

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// The protocol of network block devices, as far as QEMU needs it to use one disk
// (github.com/NetworkBlockDevice/nbd, doc/proto.md).
const (
	nbdMagic      = 0x4e42444d41474943
	nbdOption     = 0x49484156454F5054
	nbdOptReply   = 0x3e889045565a9
	nbdRequest    = 0x25609513
	nbdReply      = 0x67446698
	nbdFixed      = 1 << 0
	nbdNoZeroes   = 1 << 1
	optGo         = 7
	repAck        = 1
	repInfo       = 3
	repUnknown    = 1<<31 + 1
	hasFlags      = 1 << 0
	sendsFlush    = 1 << 2
	cmdRead       = 0
	cmdWrite      = 1
	cmdDisconnect = 2
	cmdFlush      = 3
	errIO         = 5
	mostBytes     = 64 << 20 // of one request
)

// Serve gives the disk to one client after the other, until l is closed. Requests are done
// one at a time, in the order they come.
func (d *Disk) Serve(l net.Listener) error {
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		} else if err != nil {
			return err
		}
		d.served.Lock()
		_ = d.serve(c) // it ends with the machine, whichever way that ends
		d.served.Unlock()
		_ = c.Close()
	}
}

func (d *Disk) serve(c io.ReadWriter) error {
	in, out := bufio.NewReaderSize(c, 1<<20), bufio.NewWriterSize(c, 1<<20)
	if err := d.greet(in, out); err != nil {
		return err
	}
	for {
		var r struct {
			Magic       uint32
			Flags, Type uint16
			Cookie      uint64
			At          uint64
			Bytes       uint32
		}
		if err := binary.Read(in, binary.BigEndian, &r); err != nil {
			return err
		}
		if r.Magic != nbdRequest || r.Bytes > mostBytes || r.Type == cmdDisconnect {
			return fmt.Errorf("the client ended, or asked for %+v", r)
		}
		var data []byte
		if r.Type == cmdRead || r.Type == cmdWrite {
			data = make([]byte, r.Bytes)
		}
		var err error
		switch r.Type {
		case cmdRead:
			err = d.read(data, int64(r.At)) // one that is too large is negative, and refused
		case cmdWrite:
			if _, err := io.ReadFull(in, data); err != nil {
				return err
			}
			err = d.write(data, int64(r.At))
			data = nil
		case cmdFlush:
			err = d.flush()
		default:
			err = fmt.Errorf("unknown command %d", r.Type)
		}
		answer := struct {
			Magic, Err uint32
			Cookie     uint64
		}{nbdReply, 0, r.Cookie}
		if err != nil {
			answer.Err, data = errIO, nil
		}
		if err := errors.Join(binary.Write(out, binary.BigEndian, answer), second(out.Write(data)), out.Flush()); err != nil {
			return err
		}
	}
}

func second(_ int, err error) error { return err }

// greet agrees with the client that it gets the one disk there is, whatever it calls it.
func (d *Disk) greet(in io.Reader, out *bufio.Writer) error {
	send := func(all ...any) (err error) {
		for _, v := range all {
			err = errors.Join(err, binary.Write(out, binary.BigEndian, v))
		}
		return errors.Join(err, out.Flush())
	}
	if err := send(uint64(nbdMagic), uint64(nbdOption), uint16(nbdFixed|nbdNoZeroes)); err != nil {
		return err
	}
	var flags uint32
	if err := binary.Read(in, binary.BigEndian, &flags); err != nil {
		return err
	}
	for {
		var o struct {
			Magic        uint64
			Option, Size uint32
		}
		if err := binary.Read(in, binary.BigEndian, &o); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, in, int64(o.Size)); err != nil {
			return err
		}
		reply := func(kind uint32, data []byte) error {
			return send(uint64(nbdOptReply), o.Option, kind, uint32(len(data)), data)
		}
		if o.Option != optGo {
			if err := reply(repUnknown, nil); err != nil {
				return err
			}
			continue
		}
		info := binary.BigEndian.AppendUint64([]byte{0, 0}, uint64(len(d.seen))) // kind 0: the export
		info = binary.BigEndian.AppendUint16(info, hasFlags|sendsFlush)
		return errors.Join(reply(repInfo, info), reply(repAck, nil))
	}
}
