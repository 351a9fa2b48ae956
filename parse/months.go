package parse

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// monthLists holds the names of the months, January first, in the languages we
// read; Arabic has the Levantine and the Egyptian names.
var monthLists = []string{
	"january february march april may june july august september october november december",
	"jan feb mar apr may jun jul aug sep oct nov dec",
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
	"januar februar märz april mai juni juli august september oktober november dezember",
	"jänner feber mär apr mai jun jul aug sep okt nov dez",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
	"januari februari maart april mei juni juli augustus september oktober november december",
	"januar februar marts april maj juni juli august september oktober november december",
	"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
	"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
	"كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
}

var months = func() map[string]time.Month {
	m := map[string]time.Month{"sept": 9, fold("يونيه"): 6, fold("يوليه"): 7}
	for _, list := range monthLists {
		for i, name := range strings.Fields(list) {
			m[fold(strings.ReplaceAll(name, "_", " "))] = time.Month(i + 1)
		}
	}
	return m
}()

// monthNames is the alternation of all names, longest first.
var monthNames = func() string {
	names := slices.SortedFunc(maps.Keys(months), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = strings.ReplaceAll(regexp.QuoteMeta(name), " ", `\s+`)
	}
	return strings.Join(names, "|")
}()
