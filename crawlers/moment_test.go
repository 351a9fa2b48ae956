package crawlers

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	hanoi := time.FixedZone("", 7*3600)
	for text, want := range map[string]string{
		// W3C Datetime.
		"2026-11-21T09:15:00+07:00":   "2026-11-21T02:15:00Z",
		"2026-11-21T09:15:00+0700":    "2026-11-21T02:15:00Z",
		"2026-11-21T09:15+07:00":      "2026-11-21T02:15:00Z",
		" 2026-11-21T04:04:10.339Z\n": "2026-11-21T04:04:10.339Z",
		"2026-11-21T09:15:00":         "2026-11-21T02:15:00Z",
		"2026-11-21 09:15":            "2026-11-21T02:15:00Z",
		"2026-11-21":                  "2026-11-21T16:59:59Z",
		// RFC 5322, and how feeds bend it.
		"Sat, 21 Nov 2026 09:15:00 +0700":     "2026-11-21T02:15:00Z",
		"Sat, 21 Nov 2026 09:15 GMT+7":        "2026-11-21T02:15:00Z",
		"Sat, 21 Nov 2026 09:15:00 GMT+07:00": "2026-11-21T02:15:00Z",
		"Sat, 21 Nov 2026 02:15:00 GMT":       "2026-11-21T02:15:00Z",
		"21 November 2026 02:15:00 UTC":       "2026-11-21T02:15:00Z",
		"Saturday, 21-Nov-2026 09:15:00":      "2026-11-21T02:15:00Z",
		"Sat, 21 Nov 2026 06:45:00 -0330":     "2026-11-21T10:15:00Z",
		// As pages show it.
		"21/11/2026":                           "2026-11-21T16:59:59Z",
		"00:04 02/10/2026":                     "2026-10-01T17:04:00Z",
		"Xuất bản ngày 25/08/2026 11:31 AM":    "2026-08-25T04:31:00Z",
		"Thứ Năm, 16/7/2026 17:17":             "2026-07-16T10:17:00Z",
		"Thứ ba, 17-09-2019, 11:42 (GMT+7)":    "2019-09-17T04:42:00Z",
		"VTC News•27/09/2024":                  "2024-09-27T16:59:59Z",
		"cập nhật 1.2.2026 lúc 9:05:07, hết":   "2026-02-01T02:05:07Z",
		"2026-11-21T09:15:00 something":        "",
		"Sat, 21 Nov 2026 09:15:00 EST":        "", // whose? not guessed
		"":                                     "",
		"vừa xong":                             "",
		"31/02/2026":                           "",
		"2026-13-01":                           "",
		"2026-11-21T25:00:00Z":                 "",
		"21 Nox 2026 02:15:00 UTC":             "",
		"121/11/2026":                          "",
		"1/2/20261":                            "",
		"99999999999999999999-11-21T09:15:00Z": "",
	} {
		at := moment(text, hanoi)
		got := ""
		if !at.IsZero() {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	if got := moment("Nov 21 2026 9h15", hanoi, "02.01.06", "Jan 2 2006 15h04"); !got.Equal(time.Date(2026, 11, 21, 2, 15, 0, 0, time.UTC)) {
		t.Errorf("by its layout: %s", got)
	}
}

func FuzzMoment(f *testing.F) {
	for _, seed := range []string{"2026-11-21T09:15:00.5+07:00", "Sat, 21 Nov 2026 09:15 GMT+7", "9:15 21/11/2026", "2026-11-21 GMT-99:99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at := moment(text, time.UTC); !at.IsZero() && (at.Year() < -1 || at.Year() > 10_001) {
			t.Errorf("%q is %s", text, at)
		}
	})
}
