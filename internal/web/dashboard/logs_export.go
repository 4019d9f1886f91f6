package dashboard

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/web/ui"
)

const (
	// exportMost is how many rows an export has at the most, and exportPage how many are read at once.
	exportMost = 50_000
	exportPage = 500
)

// download makes the answer a file for a spreadsheet. Each line is written on its way, so that a long export costs no memory.
func (v *Visit) download(name string) *csv.Writer {
	h := v.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name+".csv"))
	v.W.WriteHeader(http.StatusOK)
	return csv.NewWriter(v.W)
}

// cellText keeps a spreadsheet from taking a text for a formula.
func cellText(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "'" + s
		}
	}
	return s
}

// exportLogs writes what the filters find as CSV, newest first.
func exportLogs(v *Visit) error {
	s := v.logSearch()
	s.query.Limit = exportPage
	w := v.download("requests")
	if err := w.Write([]string{"id", "time", "method", "path", "status", "duration_ms", "error_code", "key", "ip", "source", "user_agent", "api_version", "idempotency_key", "object", "operation"}); err != nil {
		return nil // nobody is there any more
	}
	for written := 0; written < exportMost; {
		page, err := v.Store.Logs(s.query)
		if err != nil {
			return err
		}
		for i := range page.Entries {
			if w.Write(logFields(v.logRow(page.Entries[i]))) != nil {
				return nil
			}
		}
		written += len(page.Entries)
		s.query.Before = page.Next
		if page.Next == 0 || v.R.Context().Err() != nil {
			break
		}
	}
	w.Flush()
	return nil
}

func logFields(r *logRow) []string {
	fields := []string{
		r.ID, r.At().Format(time.RFC3339Nano), r.Method, r.Path, strconv.Itoa(r.Status), strconv.FormatFloat(float64(r.Duration)/1000, 'f', 3, 64),
		r.ErrorCode, r.KeyID, r.IP, r.Source(), r.UserAgent, r.Version, r.Idempotency, r.ObjectID, r.Operation,
	}
	for i := range fields {
		fields[i] = cellText(fields[i])
	}
	return fields
}

const (
	// tailTick is how often a tail looks for what is new, tailBack how long a request may take and still be seen, and tailMost
	// how many are sent at once: who watches cannot read more.
	tailTick = 500 * time.Millisecond
	tailBack = 30 * time.Second
	tailMost = 40
	// tailLife is how long one connection lasts. The browser makes another.
	tailLife = 90 * time.Second
)

// tailLogs sends requests as they come, as rows of the list's table.
func tailLogs(v *Visit) error {
	s := v.logSearch()
	v.W.Header().Set("Content-Type", "text/event-stream")
	v.W.WriteHeader(http.StatusOK)
	flush := http.NewResponseController(v.W)
	if _, err := v.W.Write([]byte("retry: 1000\n\n")); err != nil || flush.Flush() != nil {
		return nil
	}
	begin := v.Clock.Now()
	sent := map[int64]int64{} // times by place
	tick := time.NewTicker(tailTick)
	defer tick.Stop()
	for v.Clock.Now().Sub(begin) < tailLife {
		select {
		case <-v.R.Context().Done():
			return nil
		case <-tick.C:
		}
		fresh, err := v.fresh(s.query, begin, sent)
		if err != nil {
			return err
		}
		if err := v.sendRows(fresh); err != nil || flush.Flush() != nil {
			return nil // nobody is there any more
		}
	}
	return nil
}

// fresh are the requests since a time that were not sent yet, oldest first.
func (v *Visit) fresh(q store.LogQuery, since time.Time, sent map[int64]int64) ([]store.LogEntry, error) {
	q.Before, q.Limit, q.Effort = 0, tailMost, logsEffort
	from := max(since.UnixMicro(), v.Clock.Now().Add(-tailBack).UnixMicro())
	q.From = max(q.From, from)
	for seq, at := range sent {
		if at < from {
			delete(sent, seq)
		}
	}
	page, err := v.Store.Logs(q)
	if err != nil {
		return nil, err
	}
	var fresh []store.LogEntry
	for i := len(page.Entries) - 1; i >= 0; i-- {
		e := page.Entries[i]
		if _, known := sent[e.Seq]; !known {
			sent[e.Seq] = e.Time
			fresh = append(fresh, e)
		}
	}
	return fresh, nil
}

// sendRows writes an event for each request. A comment keeps the connection when there is none.
func (v *Visit) sendRows(entries []store.LogEntry) error {
	if len(entries) == 0 {
		_, err := v.W.Write([]byte(":\n\n"))
		return err
	}
	for _, e := range entries {
		var row bytes.Buffer
		if err := book().Write(&row, ui.English, "logs", "log-row", v.logRow(e)); err != nil {
			return err
		}
		text := bytes.ReplaceAll(bytes.TrimSpace(row.Bytes()), []byte("\n"), []byte("\ndata: "))
		if _, err := fmt.Fprintf(v.W, "event: row\ndata: %s\n\n", text); err != nil {
			return err
		}
	}
	return nil
}
