package story

import "regexp"

// datelines are what agencies set before the first sentence. They differ
// between two printings of one text, and the date in them is not the news.
var datelines = regexp.MustCompile(`^\s*(?:` +
	`[^\n()]{0,40}\([^\n()]{1,60}\)\s*[–—―:-]` + // Hanoi (VNA) –    Hà Nội (TTXVN 21/11) -
	`|\([^\n()]{1,80}\)` + // (أردو بوينت / سبوتنيك - 28 كانون الثاني 2022ء)
	`|[\p{Lu}\p{M} ,.]{2,40}[–—―]` + // HÀ NỘI —
	`|[^\n。，]{0,20}社[^\n。，]{0,20}(?:电|讯|電|訊|——)` + // 越通社河内11月21日电
	`)`)

// dateline is the length of text's dateline; 0 when it has none.
func dateline(text string) int {
	return len(datelines.FindString(text[:min(len(text), 400)]))
}
