-- Subscribes customers one after the other: the arguments are a file with a customer's id on each line, and a price.
dofile("wrk/report.lua")

local customers, price, i = {}, "", 0

function init(args)
  for id in io.lines(args[1]) do
    customers[#customers + 1] = id
  end
  price = args[2]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  i = i % #customers + 1
  return wrk.format("POST", "/v1/subscriptions", nil, "customer=" .. customers[i] .. "&items[0][price]=" .. price)
end
