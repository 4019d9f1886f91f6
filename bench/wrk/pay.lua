-- Creates payment intents and confirms them in the same request, with a test card.
dofile("wrk/report.lua")

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "amount=2000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true"
