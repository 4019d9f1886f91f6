-- GETs of many objects, one after the other: the argument is a file with a path on each line, in random order.
dofile("wrk/report.lua")

local requests, i = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  i = i % #requests + 1
  return requests[i]
end
