package alarm

import "time"

// Rules are all alarms, the most urgent first.
var Rules = []Rule{
	{
		Name: "AttacheDown", Severity: Critical, Only: `up{job="attache"} == 0`, For: 5 * time.Minute,
		Says:  "Prometheus cannot scrape attache at {{ $labels.instance }}.",
		Means: "The daemon does not run, or its HTTP address cannot be reached. Only Prometheus can raise this one: who uses the webhook alone should let something else watch the process, as systemd does.",
		Do:    "`systemctl status attache` and its log say why it ended. `attache doctor` works without the daemon. It goes on where it was when it is started again.",
	},
	{
		Name: "AttacheDropsStopped", Severity: Critical, Metric: "attache_newest_manifest_timestamp_seconds", Age: true, Op: ">", Limit: 26 * 3600, For: 15 * time.Minute,
		Says:  "No day was sealed for {{ $value | humanizeDuration }}.",
		Means: "The newest manifest is older than a day and two hours: analysts get no drops, whatever else works.",
		Do:    "`attache doctor` names what is in the way: most often S3 (see AttacheS3Failing), a full disk, or a daemon that does not run. `attache drop seal` does at once what is left, and says why it cannot. No day is lost: each is sealed later, one after the other.",
	},
	{
		Name: "AttacheLedgerOff", Severity: Critical, Metric: "attache_ledger_imbalance_items", Op: "!=", Limit: 0, For: 5 * time.Minute,
		Says:  "The ledger of {{ $labels.source }} is off by {{ $value }}: addresses were lost or counted twice.",
		Means: "Carried in + opened is not closed + carried out. That must not happen: the store lies, or attache has an error.",
		Do:    "Keep a copy first: `attache store backup`. Then `attache store check` and `attache ledger --source ID` show where it is off. Report it with the copy.",
	},
	{
		Name: "AttacheStoreUnreadable", Severity: Critical, Metric: "attache_store_readable", Op: "==", Limit: 0, For: 2 * time.Minute,
		Says:  "The store cannot be read, and nothing below it can be judged.",
		Means: "A reading of the store failed or took too long, or the data folder is not where it was. While this lasts, alarms about sources, drops and landing say nothing.",
		Do:    "Look at the disk and its messages, then at `attache doctor`. If the data folder was moved or unmounted, put it back and restart attache. If the file is damaged, put the newest copy back as docs/OPERATIONS.md says.",
	},
	{
		Name: "AttacheDiskStopped", Severity: Critical, Metric: "attache_disk_above_stop_bytes", Op: "<", Limit: 0, For: time.Minute,
		Says:  "The disk is so full that nothing new is taken in.",
		Means: "Less room than `disk.stop` is free. Runs take nothing in; what waits for S3 still lands. Lists may meanwhile drop what they listed.",
		Do:    "Make room. If S3 was down, what waits in the data folder goes by itself when S3 answers; else move or delete what is not attache's, or enlarge the disk. Runs go on by themselves.",
	},
	{
		Name: "AttacheS3Failing", Severity: Critical, Metric: "attache_s3_failing", Op: ">", Limit: 0, For: 15 * time.Minute,
		Says:  "S3 has failed {{ $labels.operation }} each time for a quarter of an hour or longer.",
		Means: "The service does not answer, is overloaded, or refuses the credentials. Records wait on this machine, and land when it answers.",
		Do:    "`attache doctor` tries every right attache needs and says which fails. `attache_s3_requests_total` has the results: unreachable is the network or the service, denied the credentials or the policy (deploy/s3).",
	},
	{
		Name: "AttacheLoopStalled", Severity: Critical, Metric: "attache_scheduler_last_look_timestamp_seconds", Age: true, Op: ">", Limit: 300, For: time.Minute,
		Says:  "The schedule has not moved for {{ $value | humanizeDuration }}.",
		Means: "The daemon's loop, which looks every second, hangs. Under systemd the watchdog restarts it.",
		Do:    "Restart attache. Before that, `kill -QUIT` its process: the log then holds where it hangs. Report it.",
	},
	{
		Name: "AttacheTakedownUnfinished", Severity: Critical, Metric: "attache_takedown_oldest_timestamp_seconds", Age: true, Op: ">", Limit: 26 * 3600, For: 15 * time.Minute,
		Says:  "A text that must go was asked to go {{ $value | humanizeDuration }} ago, and is not gone everywhere.",
		Means: "The seal after a takedown should have finished it: in the store, in the drops, in the captures.",
		Do:    "`attache drop seal` goes on with it and says what is in the way: most often S3, a right to delete, or another process that reads the store.",
	},
	{
		Name: "AttacheClockWrong", Severity: Warning, Metric: "attache_clock_error_seconds", Op: ">", Limit: 300, For: 5 * time.Minute,
		Says:  "This machine's clock is off by {{ $value | humanizeDuration }} (measured by: {{ $labels.reference }}).",
		Means: "S3 refuses signatures that are a quarter of an hour off, and a clock that is behind holds days open. While it is ahead of S3's, no day is closed.",
		Do:    "Set the clock, and let NTP keep it: `timedatectl set-ntp true`. What was read meanwhile is in the right drop: days never go back.",
	},
	{
		Name: "AttacheOutboxOld", Severity: Warning, Metric: "attache_outbox_oldest_timestamp_seconds", Age: true, Op: ">", Limit: 2 * 3600, For: 15 * time.Minute,
		Says:  "Records have been waiting for S3 for {{ $value | humanizeDuration }}.",
		Means: "Live parts do not land. They are safe in the spool; the disk bounds how long that works.",
		Do:    "As for AttacheS3Failing. They land with the next run that reaches S3.",
	},
	{
		Name: "AttacheCapturesOld", Severity: Warning, Metric: "attache_captures_oldest_timestamp_seconds", Age: true, Op: ">", Limit: 2 * 3600, For: 15 * time.Minute,
		Says:  "Captures of pages have been waiting for S3 for {{ $value | humanizeDuration }}.",
		Means: "What publishers sent, as it was sent, does not land. It is safe in the folder raw; no day is sealed before its captures have landed.",
		Do:    "As for AttacheS3Failing. If records land and these do not: the right to put below `v1/raw/`, or an object of the same name that is another; `attache logs RUN` of a new run says which.",
	},
	{
		Name: "AttacheDiskLow", Severity: Warning, Metric: "attache_disk_above_warn_bytes", Op: "<", Limit: 0, For: 15 * time.Minute,
		Says:  "The disk is getting full.",
		Means: "Less room than `disk.warn` is free. Below `disk.stop`, nothing more is taken in.",
		Do:    "See what grows: `attache store stats`, and the folders spool, raw and s3 below the data folder. Make room, or lower `store.keep_items`.",
	},
	{
		Name: "AttacheReloadFailed", Severity: Warning, Metric: "attache_config_last_reload_successful", Op: "==", Limit: 0, For: time.Minute,
		Says:  "The configuration was changed, refused, and the one before it is in force.",
		Means: "A reload found a mistake, or a change that only a start can make. Nothing is broken until the next start, which refuses a file with a mistake too.",
		Do:    "`attache reload` tries again and says why it is refused; `attache config check` names file and line of a mistake. Mend it, and it is read by itself. Where it says that a restart is needed: `systemctl restart attache`.",
	},
	{
		Name: "AttacheSourceFailing", Severity: Warning, Metric: "attache_source_late_seconds", Op: ">", Limit: 3 * 3600, For: 30 * time.Minute,
		Says:  "{{ $labels.source }} was not seen whole for {{ $value | humanizeDuration }} longer than its schedule allows.",
		Means: "Runs fail, or some list of the source cannot be read: the publisher is down, blocks attache, or has moved its lists.",
		Do:    "`attache runs --source ID` and `attache logs RUN` say why. `attache sources check ID` tries each list. Down: wait. Blocked: write to the publisher; do not disguise. Moved: mend the source's file, and reload.",
	},
	{
		Name: "AttacheNothingRead", Severity: Warning, Metric: "attache_source_barren_runs", Op: ">=", Limit: 6, For: 30 * time.Minute,
		Says:  "The last {{ $value }} runs of {{ $labels.source }} had pages to read and read none.",
		Means: "Its lists answer, its pages do not: a wall before the articles, or a server that is half down.",
		Do:    "`attache logs RUN` says what the pages answer. A wall (challenge page) is the publisher's No until you have talked to them.",
	},
	{
		Name: "AttacheSourceBlocked", Severity: Warning, Metric: "attache_source_lost_ratio", Op: ">", Limit: 0.5, For: 30 * time.Minute,
		Says:  "Of what {{ $labels.source }} lists, {{ $value | humanizePercentage }} ends failed or blocked.",
		Means: "robots.txt denies the articles, they are walled, or the addresses listed are wrong.",
		Do:    "`attache ledger --source ID` lists the reasons with an example each. robots.txt is obeyed: if the publisher changed it, talk to them or take the source out.",
	},
	{
		Name: "AttacheListsEmpty", Severity: Warning, Metric: "attache_source_empty_runs", Op: ">=", Limit: 8, For: 30 * time.Minute,
		Says:  "The last {{ $value }} runs of {{ $labels.source }} found nothing listed.",
		Means: "Its lists answer and hold no article that the source's file recognises: the layout or the addresses have changed.",
		Do:    "`attache sources check ID --save DIR` keeps the lists as they are now; mend `discover` or `article_url` in the source's file, and reload. `attache backfill` fetches what was missed.",
	},
	{
		Name: "AttacheSourceSilent", Severity: Warning, Metric: "attache_source_silence_ratio", Op: ">", Limit: 2, For: 30 * time.Minute,
		Says:  "{{ $labels.source }} had nothing new for {{ $value | printf \"%.1f\" }} times its longest usual silence.",
		Means: "Its lists can be read, and list nothing new. Nights and weekends are known from its last weeks; it must be watched for two weeks before this says anything.",
		Do:    "Look at the publisher's own page. If there is news: its feed is stuck, or moved; `attache sources check ID`. If there is none, as on holidays: mute it for a while (`alarms.mute`).",
	},
	{
		Name: "AttacheFieldCoverageDropped", Severity: Warning, Metric: "attache_source_field_coverage_drop_ratio", Op: ">=", Limit: 0.25, For: 15 * time.Minute,
		Says:  "{{ $labels.source }}: rules answer for {{ $labels.field }} on {{ $value | humanizePercentage }} fewer pages than usual.",
		Means: "A redesign: rules no longer find a field. Records still come, with that field from elsewhere or empty.",
		Do:    "`attache parse URL` on a new page shows which rule answers. Add a block on top of `rules` in the source's file, reload, and let `attache replay` mend what was read meanwhile.",
	},
	{
		Name: "AttacheFallbackJumped", Severity: Warning, Metric: "attache_source_fallback_rise_ratio", Op: ">=", Limit: 0.25, For: 15 * time.Minute,
		Says:  "{{ $labels.source }}: the fallback reader is needed on {{ $value | humanizePercentage }} more pages than usual.",
		Means: "A redesign: the rules for the body find nothing. Texts are found by their density and marked as such; they may hold what is not the article.",
		Do:    "As for AttacheFieldCoverageDropped; it is the body's rules that need a new block.",
	},
	{
		Name: "AttacheContractsBreak", Severity: Warning, Metric: "attache_source_contract_break_rise_ratio", Op: ">=", Limit: 0.25, For: 15 * time.Minute,
		Says:  "{{ $labels.source }}: {{ $value | humanizePercentage }} more pages than usual break a contract and are quarantined.",
		Means: "What the rules take for the article holds what must never be in it, or lacks what must.",
		Do:    "`attache quarantine list --source ID` has the reasons. Mend the rules, reload, then `attache quarantine release` has the pages read again.",
	},
	{
		Name: "AttacheQuarantineFull", Severity: Warning, Metric: "attache_quarantined_pages", Op: ">", Limit: 100, For: 30 * time.Minute,
		Says:  "{{ $value }} pages of {{ $labels.source }} stand in quarantine.",
		Means: "So many articles are not in any drop until somebody mends the rules and releases them.",
		Do:    "As for AttacheContractsBreak.",
	},
	{
		Name: "AttacheWithdrawalsHeld", Severity: Warning, Metric: "attache_source_withdrawals_held", Op: ">", Limit: 0, For: 15 * time.Minute,
		Says:  "{{ $value }} articles of {{ $labels.source }} are gone from its site, and not withdrawn: too many are gone at once.",
		Means: "Pages answer 404, or no longer speak of defence, when they are looked at again. So many at once are mostly a redesign's doing, or an apology in place of each page, not the publisher's. They are looked at again each day, and withdrawn all the same after a week.",
		Do:    "Look at the site. If the articles have moved: mend the source's file, and reload. If they are really gone: stop attache, `attache crawl --withdraw --source ID`, and start it again.",
	},
	{
		Name: "AttacheVolumeUnusual", Severity: Warning, Metric: "attache_source_volume_unusual", Op: ">", Limit: 0, For: time.Hour,
		Says:  "{{ $labels.source }} published unusually yesterday: {{ $labels.kind }}.",
		Means: "A day's new articles are more than three spreads from the median of the same weekday, or none where there are always some. It lasts until the next day is over, and needs two weeks of history.",
		Do:    "low or silent: is a list missing? `attache sources check ID`. high: does a list repeat old articles under new addresses? `attache ledger --source ID` shows the outcomes. An event, or a holiday: nothing.",
	},
	{
		Name: "AttacheHostResting", Severity: Warning, Metric: "attache_host_rest_step_seconds", Op: ">", Limit: 3600, For: 15 * time.Minute,
		Says:  "{{ $labels.host }} is left in peace for {{ $value | humanizeDuration }} at a time.",
		Means: "It asked for quiet, or failed so often in a row that its circuit is open; each further failure doubles the rest, up to a day.",
		Do:    "`attache logs RUN` says what it answers. Down: wait; it is tried again by itself. 429: raise `pace` in the source's file. 403 or a wall: write to the publisher.",
	},
}
