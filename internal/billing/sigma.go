package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Sigma answers questions in SQL. Its queries are written in the Dashboard and not through the API, so a few that
// everybody asks are reference data: the queries, and a run of each.
func init() {
	register(resource.Rules{Object: "scheduled_query_run", Reference: queryRuns})
	register(resource.Rules{Object: "sigma.sigma_api_query", Reference: savedQueries})
}

// queriesWritten is when the queries were written: 2025-01-01.
const queriesWritten = 1735689600

var queryTable = []struct{ body, title, sql string }{
	{"1charges00000000000000000", "Count all charges", "SELECT count(*) FROM charges"},
	{"1transactions000000000000", "Balance transactions", "SELECT * FROM balance_transactions ORDER BY created DESC"},
	{"1subscriptions00000000000", "Active subscriptions", "SELECT id, customer_id, start_date FROM subscriptions WHERE status = 'active'"},
}

func savedQueries() []*object.Object {
	var out []*object.Object
	for _, row := range queryTable {
		o := object.New(spec.Component("sigma.sigma_api_query"))
		o.Set("id", "qry_"+row.body)
		o.Set("object", "sigma.sigma_api_query")
		o.Set("created", queriesWritten)
		o.Set("livemode", false)
		o.Set("name", row.title)
		o.Set("sql", row.sql)
		out = append(out, o)
	}
	return out
}

// queryRuns are runs whose result is no longer kept.
func queryRuns() []*object.Object {
	const week = 7 * 24 * 60 * 60
	var out []*object.Object
	for _, row := range queryTable {
		o := object.New(spec.Component("scheduled_query_run"))
		o.Set("id", "sqr_"+row.body)
		o.Set("object", "scheduled_query_run")
		o.Set("created", queriesWritten)
		o.Set("data_load_time", queriesWritten)
		o.Set("file", nil)
		o.Set("livemode", false)
		o.Set("result_available_until", queriesWritten+week)
		o.Set("sql", row.sql)
		o.Set("status", "completed")
		o.Set("title", row.title)
		out = append(out, o)
	}
	return out
}
