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
