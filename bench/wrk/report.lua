-- What the other scripts share: one line that the bench reads when wrk is done.
-- requests, microseconds, failed requests, p50 and p99 in microseconds
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(50), latency:percentile(99)))
end
