package transport

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestObserve is told of every request that left, once, whatever became of it.
func TestObserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		fails := answers([]int{500, 0, 200})
		r := plug(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/fails":
				fails(w, r)
			case "/slow":
				pass(3 * time.Second)
				body("chậm")(w, r)
			case "/moves":
				http.Redirect(w, r, "/slow", http.StatusFound)
			case "/cut":
				cutShort(w, r)
			case "/packed":
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = w.Write(packed(t, strings.Repeat("a", 5000)))
			case "/busy":
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}, func(o *Options) {
			o.Observe = func(seen Observation) {
				got = append(got, fmt.Sprintf("%s %s %d %d %s %t", seen.Source, seen.Host, seen.Status, seen.Bytes, seen.Took, seen.Err != nil))
			}
		})
		defer r.unplug()
		small := len(packed(t, strings.Repeat("a", 5000)))
		for _, c := range []struct {
			path string
			want []string
		}{
			{"fails", []string{"news news.example.com 200 0 0s false", "news news.example.com 500 0 0s false", "news news.example.com 0 0 0s true", "news news.example.com 200 0 0s false"}},
			{"slow", []string{"news news.example.com 200 6 3s false"}},
			{"moves", []string{"news news.example.com 302 28 0s false", "news news.example.com 200 6 3s false"}},
			{"cut", []string{"news news.example.com 200 10 0s true"}},
			{"packed", []string{fmt.Sprintf("news news.example.com 200 %d 0s false", small)}},
			{"busy", []string{"news news.example.com 429 0 0s false"}},
			{"busy", nil},
		} {
			got = nil
			_, _, _ = r.get(t.Context(), "http://News.example.com/"+c.path)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s:\n got %q\nwant %q", c.path, got, c.want)
			}
		}
	})
}
