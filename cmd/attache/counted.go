package main

import "fmt"

// counted is n of a thing in words: 1 page, 2 pages.
func counted(n int, thing string) string { return fmt.Sprintf("%d %s", n, noun(n, thing)) }

// noun is the thing's name for n of it; its plural ends in s.
func noun(n int, thing string) string {
	if n == 1 {
		return thing
	}
	return thing + "s"
}

// addresses is n of them in words.
func addresses(n int) string {
	if n == 1 {
		return "1 address"
	}
	return fmt.Sprintf("%d addresses", n)
}
