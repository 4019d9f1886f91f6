-- Creates customers with an e-mail address each: the argument keeps those of several rounds apart.
dofile("wrk/report.lua")

local round, i = "", 0

function init(args)
  round = args[1]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  i = i + 1
  return wrk.format("POST", "/v1/customers", nil,
    "email=" .. round .. "-" .. i .. "@example.com&name=Jenny+Rosen&metadata[order_id]=6735")
end
