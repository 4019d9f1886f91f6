-- One fixed GET, the cheapest that wrk can do.
dofile("wrk/report.lua")
