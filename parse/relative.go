package parse

import (
	"regexp"
	"strings"
	"time"
)

// agos are the ways our languages say how long ago something was: a number, and
// the stem of a unit, in the order of the groups.
var agos = func() (forms []*regexp.Regexp) {
	for _, form := range []string{
		`(\d{1,3}) ?(sec|min|hour|day)[a-z]* ago`,
		`(\d{1,3}) (giây|phút|giờ|tiếng|ngày) trước`,
		`منذ (\d{1,3}) (ثاني|ثوان|دقيق|دقائق|ساع|يوم|أيام)`,
		`il y a (\d{1,3}) (sec|min|heure|jour)`,
		`hace (\d{1,3}) (seg|min|hora|día)`,
		`(\d{1,3}) (сек|мин|час|дн|день)[а-я]* назад`,
		`(\d{1,3}) ?(秒|分钟|小时|天)前`,
	} {
		forms = append(forms, regexp.MustCompile(fold(form)))
	}
	return forms
}()

var agoUnits = func() map[string]time.Duration {
	units := map[string]time.Duration{}
	for unit, stems := range map[time.Duration]string{
		time.Second: "sec giây ثاني ثوان seg сек 秒",
		time.Minute: "min phút دقيق دقائق мин 分钟",
		time.Hour:   "hour giờ tiếng ساع heure hora час 小时",
		day:         "day ngày يوم أيام jour día дн день 天",
	} {
		for stem := range strings.FieldsSeq(stems) {
			units[fold(stem)] = unit
		}
	}
	return units
}()

const day = 24 * time.Hour

// parseAgo reads "6 minutes ago" as of now, which must be when the page was
// fetched. It is as exact as its unit: hours and days know the day only.
func parseAgo(raw string, now time.Time, zone *time.Location) (moment, bool) {
	if now.IsZero() {
		return moment{}, false
	}
	text := fold(raw)
	for _, form := range agos {
		m := form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		unit := agoUnits[m[2]]
		at := now.Add(-time.Duration(atoi(m[1])) * unit).In(zone)
		if unit < time.Hour {
			return moment{at: at.Truncate(time.Minute), precision: "minute"}, true
		}
		return moment{at: time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone), precision: "day"}, true
	}
	return moment{}, false
}
