package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gauges are what [state] may tell.
var gauges []*prometheus.Desc

func gauge(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc("attache_"+name, help, labels, nil)
	gauges = append(gauges, d)
	return d
}

// How attache itself stands.
var (
	storeReadable  = gauge("store_readable", "1 when all that is read of the store could be read, and the data folder is there.")
	storeBytes     = gauge("store_bytes", "Size of the store's file.")
	storeWALBytes  = gauge("store_wal_bytes", "Size of the store's log beside it.")
	diskFree       = gauge("disk_free_bytes", "Room on the disk of the data folder.")
	diskAboveWarn  = gauge("disk_above_warn_bytes", "Room above disk.warn; below zero, each run says so.")
	diskAboveStop  = gauge("disk_above_stop_bytes", "Room above disk.stop; below zero, nothing is taken in.")
	outboxRows     = gauge("outbox_rows", "Revisions that are in no live part that has landed.")
	outboxOldest   = gauge("outbox_oldest_timestamp_seconds", "When the oldest live part that has not landed was frozen.")
	capturesBytes  = gauge("captures_waiting_bytes", "Captures that are closed and have not landed.")
	capturesOldest = gauge("captures_oldest_timestamp_seconds", "When the oldest of them was closed.")
	newestManifest = gauge("newest_manifest_timestamp_seconds", "When the newest day was sealed, in S3 and read back; until one is, when the first day ended.")
	takedowns      = gauge("takedowns_unfinished", "Texts that must go and are not gone everywhere.")
	takedownOldest = gauge("takedown_oldest_timestamp_seconds", "When the oldest of them was asked for.")
	hostRestUntil  = gauge("host_rest_until_timestamp_seconds", "Until when a host is left in peace; told for half an hour longer.", "host")
	hostRestStep   = gauge("host_rest_step_seconds", "How long the host's back-off is; it doubles for as long as the trouble goes on.", "host")
	clockError     = gauge("clock_error_seconds", "How far this machine's clock is from S3's, either way; or behind what the store has seen.", "reference")
)

// How a source stands. Nothing is told of one that is paused but that, and a ledger that
// does not add up.
var (
	sourcePaused    = gauge("source_paused", "1 while the source is paused.", "source")
	sourceRunning   = gauge("source_running", "1 while a run goes on.", "source")
	sourceDue       = gauge("source_next_due_timestamp_seconds", "When the source is looked at next.", "source")
	sourceLastNew   = gauge("source_last_new_timestamp_seconds", "When the source last had a new article.", "source")
	sourceLastGood  = gauge("source_last_good_run_timestamp_seconds", "When the last run began that saw every list and ended well.", "source")
	sourceLate      = gauge("source_late_seconds", "For how long a run that sees every list has been owed by the schedule.", "source")
	silenceUsual    = gauge("source_usual_silence_seconds", "The source's longest silence in a usual week.", "source")
	silenceRatio    = gauge("source_silence_ratio", "For how long it had nothing new when its lists were last read, in its usual longest silences.", "source")
	volume          = gauge("source_volume_articles", "New articles on the last day that is over.", "source")
	volumeExpected  = gauge("source_volume_expected_articles", "What is usual for such a day.", "source")
	volumeApart     = gauge("source_volume_deviation_ratio", "How far the day was from what is usual, in spreads.", "source")
	volumeUnusual   = gauge("source_volume_unusual", "1 for what the day was: silent, low, high.", "source", "kind")
	coverage        = gauge("source_field_coverage_ratio", "Of the newest pages, the share on which a rule of the source answered.", "source", "field")
	coverageDrop    = gauge("source_field_coverage_drop_ratio", "How much less that is than usual.", "source", "field")
	fallback        = gauge("source_fallback_ratio", "Of the newest pages, the share whose text only the fallback reader found.", "source")
	fallbackRise    = gauge("source_fallback_rise_ratio", "How much more that is than usual.", "source")
	contracts       = gauge("source_contract_break_ratio", "Of the newest pages, the share that broke a contract.", "source")
	contractsRise   = gauge("source_contract_break_rise_ratio", "How much more that is than usual.", "source")
	lost            = gauge("source_lost_ratio", "Of the newest addresses that were visited, the share that ended failed or blocked.", "source")
	emptyRuns       = gauge("source_empty_runs", "How many of the newest runs found nothing listed.", "source")
	barrenRuns      = gauge("source_barren_runs", "How many of the newest runs had pages to read and read none.", "source")
	withdrawalsHeld = gauge("source_withdrawals_held", "Stored articles that are gone from the publisher's site and not withdrawn, because too many are gone at once.", "source")
	quarantined     = gauge("quarantined_pages", "Pages that stand in quarantine.", "source")
	ledgerOpen      = gauge("ledger_open_items", "Addresses that are open.", "source")
	ledgerOff       = gauge("ledger_imbalance_items", "Carried in + opened - closed - carried out, of today or yesterday; anything but 0 says that an address was lost.", "source")
)

func set(to chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

// at tells an instant; of a zero one, nothing.
func at(to chan<- prometheus.Metric, d *prometheus.Desc, t time.Time, labels ...string) {
	if !t.IsZero() {
		set(to, d, seconds(t), labels...)
	}
}
