package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"attache/internal/metrics/metricstest"
)

func TestScrape(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	rec := httptest.NewRecorder()
	w.Metrics.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	t.Log(rec.Body.String())
	_ = strings.Contains
}
