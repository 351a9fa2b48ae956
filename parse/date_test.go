package parse

import (
	"testing"
	"time"
)

// dateForms are the forms publishers print, in the zone a source declares.
var dateForms = []struct {
	raw       string
	declared  string // zone of the source
	want      string // RFC 3339
	precision string
	own       string // zone the page itself gives
}{
	// Machine forms.
	{"2026-08-25T11:31:22+07:00", hcm, "2026-08-25T11:31:22+07:00", "second", "+07:00"},
	{"2026-09-06T15:33:28+0700", hcm, "2026-09-06T15:33:28+07:00", "second", "+07:00"},
	{"2022-01-28T18:04:00+0500", hcm, "2022-01-28T18:04:00+05:00", "second", "+05:00"},
	{"2026-07-08T04:04:10.339Z", hcm, "2026-07-08T04:04:10Z", "second", "+00:00"},
	{"2026-08-25T11:31:22-03:30", hcm, "2026-08-25T11:31:22-03:30", "second", "-03:30"},
	{"2026-08-25 11:31", hcm, "2026-08-25T11:31:00+07:00", "minute", ""},
	{"2026/08/25 11:31", hcm, "2026-08-25T11:31:00+07:00", "minute", ""},
	{"2026-08-25", hcm, "2026-08-25T00:00:00+07:00", "day", ""},
	{"1786939764", hcm, "2026-08-17T11:09:24+07:00", "second", "+00:00"},
	{"1786939764000", karachi, "2026-08-17T04:09:24Z", "second", "+00:00"},
	{"Sat, 27 Jan 2024 14:28:56 +0700", "UTC", "2024-01-27T14:28:56+07:00", "second", "+07:00"},
	{"Sat, 27 Jan 2024 14:28:56 GMT", hcm, "2024-01-27T14:28:56Z", "second", "+00:00"},

	// VTC News: a 24-hour value with a suffix that may mean nothing.
	{"Xuất bản ngày 25/08/2026 11:31 AM", hcm, "2026-08-25T11:31:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 16:31 PM", hcm, "2026-08-25T16:31:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 16:31 AM", hcm, "2026-08-25T16:31:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 00:10 AM", hcm, "2026-08-25T00:10:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 00:10 PM", hcm, "2026-08-25T00:10:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 12:31 PM", hcm, "2026-08-25T12:31:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 12:31 AM", hcm, "2026-08-25T00:31:00+07:00", "minute", ""},
	{"Xuất bản ngày 25/08/2026 4:31 PM", hcm, "2026-08-25T16:31:00+07:00", "minute", ""},
	{"25/08/2026 4:31 p.m.", hcm, "2026-08-25T16:31:00+07:00", "minute", ""},
	{"00:04 02/10/2026", hcm, "2026-10-02T00:04:00+07:00", "minute", ""},
	{", 02/10/2018 07:10:05 GMT", hcm, "2018-10-02T07:10:05+07:00", "second", ""},

	// VietnamPlus and the VNA family.
	{"21/07/2026 07:17", hcm, "2026-07-21T07:17:00+07:00", "minute", ""},
	{"Monday, August 17, 2026 11:09", hcm, "2026-08-17T11:09:00+07:00", "minute", ""},
	{"Thứ Năm, 16/07/2026 17:17 | ", hcm, "2026-07-16T17:17:00+07:00", "minute", ""},
	{"April 2, 2026 - 08:05", hcm, "2026-04-02T08:05:00+07:00", "minute", ""},
	{"2022年12月5日 16:20", hcm, "2022-12-05T16:20:00+07:00", "minute", ""},
	{"2022 年 12 月 5 日", hcm, "2022-12-05T00:00:00+07:00", "day", ""},
	{"17 de agosto de 2026 11:09", hcm, "2026-08-17T11:09:00+07:00", "minute", ""},
	{"Lunes, 3 septiembre 2026", hcm, "2026-09-03T00:00:00+07:00", "day", ""},
	{"1er août 2026 09:05", hcm, "2026-08-01T09:05:00+07:00", "minute", ""},
	{"lundi 17 décembre 2025", hcm, "2025-12-17T00:00:00+07:00", "day", ""},
	{"17 августа 2026 г., 11:09", hcm, "2026-08-17T11:09:00+07:00", "minute", ""},
	{"ngày 5 tháng 9 năm 2026", hcm, "2026-09-05T00:00:00+07:00", "day", ""},

	// QK7 prints "GMT+7", which must never be taken for UTC, whatever is declared.
	{"Thứ ba, 17/09/2019, 11:42 (GMT+7)", hcm, "2019-09-17T11:42:00+07:00", "minute", "+07:00"},
	{"Thứ ba, 17/09/2019, 11:42 (GMT+7)", "UTC", "2019-09-17T11:42:00+07:00", "minute", "+07:00"},
	{"Thứ ba, 17/09/2019, 11:42 GMT+7", hcm, "2019-09-17T11:42:00+07:00", "minute", "+07:00"},
	{"17/09/2019 11:42:10 +07:00 (GMT+7)", "UTC", "2019-09-17T11:42:10+07:00", "second", "+07:00"},
	{"17/09/2019 11:42 UTC+07:00", "UTC", "2019-09-17T11:42:00+07:00", "minute", "+07:00"},
	{"17/09/2019 (GMT+07:00)", hcm, "2019-09-17T00:00:00+07:00", "day", ""},
	{"Thứ\u00a0ba,\u00a017/09/2019,\u00a011:42", hcm, "2019-09-17T11:42:00+07:00", "minute", ""},
	{"14:31 14/10/2025", hcm, "2025-10-14T14:31:00+07:00", "minute", ""},
	{"14/10/2025 14:31-16:00", hcm, "2025-10-14T14:31:00+07:00", "minute", ""},
	{"14/10/2025 14:31-1199 views", hcm, "2025-10-14T14:31:00+07:00", "minute", ""},

	// Vietnam.vn: glued to the publisher; digits and months of the Arab world.
	{"VTC News•27/09/2024", hcm, "2024-09-27T00:00:00+07:00", "day", ""},
	{"Báo Dân tríBáo Dân trí10/11/2024", hcm, "2024-11-10T00:00:00+07:00", "day", ""},
	{"٢٧/٠٩/٢٠٢٤", hcm, "2024-09-27T00:00:00+07:00", "day", ""},
	{"۴ دیسمبر", hcm, "", "", ""},
	{"4 ديسمبر 2025", hcm, "2025-12-04T00:00:00+07:00", "day", ""},
	{"٤ أبريل/نيسان ٢٠٢٥", hcm, "2025-04-04T00:00:00+07:00", "day", ""},
	{"12 شباط/فبراير 2020", hcm, "2020-02-12T00:00:00+07:00", "day", ""},
	{"3 يناير/كانون الثاني 2024", hcm, "2024-01-03T00:00:00+07:00", "day", ""},
	{"3 كانون الثاني/يناير، 2024", hcm, "2024-01-03T00:00:00+07:00", "day", ""},

	// UrduPoint.
	{"28 كانون الثاني 2022ء", karachi, "2022-01-28T00:00:00+05:00", "day", ""},
	{"( أردو بوینت نتورك ۔ / سبوتنيك - 9 تشرين الأول 2021ء)", karachi, "2021-10-09T00:00:00+05:00", "day", ""},
	{"9 تشرين الاول 2021", karachi, "2021-10-09T00:00:00+05:00", "day", ""},
	{"21 دیسمبر 2021ء", karachi, "2021-12-21T00:00:00+05:00", "day", ""},
	{"(UrduPoint News / Sputnik - 14th March, 2023)", karachi, "2023-03-14T00:00:00+05:00", "day", ""},
	{"Umer Jamshaid 6 minutes ago Fri 04th September 2020 | 12:00 AM", karachi, "2020-09-04T00:00:00+05:00", "minute", ""},

	// No dates.
	{"", hcm, "", "", ""},
	{"6 minutes ago", hcm, "", "", ""},
	{"11:42", hcm, "", "", ""},
	{"31/02/2026", hcm, "", "", ""},
	{"00/08/2026", hcm, "", "", ""},
	{"99/08/2026", hcm, "", "", ""},
	{"08/25/2026", hcm, "", "", ""},
	{"25/08/2026 25:61", hcm, "", "", ""},
	{"25/08/1026", hcm, "", "", ""},
	{"125/08/2026", hcm, "", "", ""},
	{"25/08/20261", hcm, "", "", ""},
	{"9999999999", hcm, "", "", ""},
	{"Giấy phép số 486/GP-BTTTT", hcm, "", "", ""},
	{"Hotline 1900 2026", hcm, "", "", ""},
}

const (
	hcm     = "Asia/Ho_Chi_Minh"
	karachi = "Asia/Karachi"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, c := range dateForms {
		zone, err := time.LoadLocation(c.declared)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := parseDate(c.raw, zone)
		if c.want == "" {
			if ok {
				t.Errorf("%q is no date; read as %v", c.raw, got.at)
			}
			continue
		}
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		if !ok || !got.at.Equal(want) || got.precision != c.precision || got.zone != c.own {
			t.Errorf("%q in %s:\n got %v %s, zone %q\nwant %v %s, zone %q",
				c.raw, c.declared, got.at, got.precision, got.zone, want, c.precision, c.own)
		}
	}
}

// Every name of a month is read in each of its languages.
func TestMonthNames(t *testing.T) {
	t.Parallel()
	for name, month := range months {
		if got, ok := parseDate("12 "+name+" 2024", time.UTC); !ok || got.at.Month() != month || got.at.Day() != 12 {
			t.Errorf("12 %s 2024: got %v, want month %d", name, got.at, month)
		}
	}
}
