package billing

// OpenDispute lets tests dispute a charge that no test card is disputed for.
var OpenDispute = openDispute
