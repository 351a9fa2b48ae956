package transport

import "bytes"

// full holds for a page with as much text as an article. It is a quick look,
// because every page gets one: most are let through by it. What it does not
// understand it takes for no text.
func full(page []byte) bool {
	size := 0
	for len(page) > 0 {
		open := bytes.IndexByte(page, '<')
		if open < 0 {
			open = len(page)
		}
		if size += solid(page[:open]); size >= bare {
			return true
		}
		page = pastTag(page[open:])
	}
	return false
}

// pastTag is what follows the tag or comment at the front, and the text of
// elements that nobody sees.
func pastTag(page []byte) []byte {
	if bytes.HasPrefix(page, []byte("<!--")) {
		return past(page, []byte("-->"))
	}
	var quote byte
	for i, b := range page {
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			for _, unseen := range []string{"script", "style", "title"} {
				if named(page[1:], unseen) {
					return pastEnd(page[i+1:], unseen)
				}
			}
			return page[i+1:]
		}
	}
	return nil
}

func pastEnd(page []byte, name string) []byte {
	for len(page) > 0 {
		page = past(page, []byte("</"))
		if named(page, name) {
			return past(page, []byte(">"))
		}
	}
	return nil
}

// named holds when what follows < or </ is this name.
func named(tag []byte, name string) bool {
	return len(tag) > len(name) && bytes.EqualFold(tag[:len(name)], []byte(name)) && bytes.IndexByte([]byte(" \t\r\n/>"), tag[len(name)]) >= 0
}

func past(page, mark []byte) []byte {
	_, after, _ := bytes.Cut(page, mark)
	return after
}
