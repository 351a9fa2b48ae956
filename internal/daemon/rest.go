package daemon

import "runtime/debug"

// rest gives the machine back at once what runs needed and Go would keep for minutes.
// It is called now and then; runs are those that had ended at the call before.
func (d *Daemon) rest(runs int) (ended int) {
	for _, st := range d.States() {
		if !st.Running.IsZero() {
			return runs
		}
		ended += st.Runs
	}
	if ended != runs {
		debug.FreeOSMemory()
	}
	return ended
}
