package newsroom

import (
	"fmt"
	"strings"
	"time"
)

var weekdaysVI = [...]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}

// vietnameseWeekday is the day of t as "Thứ Năm".
func vietnameseWeekday(t time.Time) string { return weekdaysVI[t.Weekday()] }

// Months as the Arab press of the Levant names them.
var monthsLevant = [...]string{
	"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
	"تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
}

// arabicDate is t as "28 كانون الثاني 2022".
func arabicDate(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), monthsLevant[t.Month()-1], t.Year())
}

// sentenceCase is "Thứ Năm" as "Thứ năm".
func sentenceCase(words string) string {
	first, rest, _ := strings.Cut(words, " ")
	return first + " " + strings.ToLower(rest)
}
