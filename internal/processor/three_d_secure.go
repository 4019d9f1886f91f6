package processor

// authentication is when the bank of a card wants to see its holder, and how it goes.
type authentication uint8

const (
	unenrolled          authentication = iota // no prompt; if the seller asks, the attempt is acknowledged
	untilReady                                // always with the holder there, and else unless the card was set up for it
	always                                    // each time, however the card was set up
	withHolder                                // with the holder there; counts as set up
	lookupFails                               // each time, and cannot be done: the payment is refused
	optional                                  // only if the seller asks
	optionalLookupFails                       // only if the seller asks, and cannot be done: the payment goes on without
	unsupported                               // never
	frictionless                              // each time, without a prompt
)

const threeDSecureVersion = "2.2.0"

// authenticationCards show 3D Secure.
var authenticationCards = []testCard{
	{"4000002500003155", Visa, "credit", "FR", []string{"authenticationRequiredOnSetup"}, behaviour{authentication: untilReady}},
	{"4000002760003184", Visa, "credit", "DE", []string{"authenticationRequired"}, behaviour{authentication: always}},
	{"4000003800000446", Visa, "credit", "IT", []string{"authenticationRequiredSetupForOffSession"}, behaviour{authentication: withHolder}},
	{"4000008260003178", Visa, "credit", "GB", []string{"authenticationRequiredChargeDeclinedInsufficientFunds"}, behaviour{authentication: untilReady, decline: noFunds, keeps: true}},
	{"4000000000003220", Visa, "credit", "IE", []string{"threeDSecure2Required"}, behaviour{authentication: always}},
	{"4000000000003063", Visa, "credit", "US", []string{"threeDSecureRequired"}, behaviour{authentication: always}},
	{"4000008400000027", Visa, "credit", "US", nil, behaviour{authentication: always}},
	{"4000008400001629", Visa, "credit", "US", []string{"threeDSecureRequiredChargeDeclined"}, behaviour{authentication: always, decline: declined, keeps: true}},
	{"4000008400001280", Visa, "credit", "US", []string{"threeDSecureRequiredProcessingError"}, behaviour{authentication: lookupFails}},
	{"4000000000003055", Visa, "credit", "US", []string{"threeDSecureOptional"}, behaviour{authentication: optional}},
	{"4000000000003097", Visa, "credit", "US", []string{"threeDSecureOptionalProcessingError"}, behaviour{authentication: optionalLookupFails}},
	{"4000000032200000", Visa, "credit", "US", nil, behaviour{authentication: frictionless}},
	// The prompts of apps: out of band, a passcode, one choice, several choices.
	{"4000582600000094", Visa, "credit", "GB", nil, behaviour{authentication: always}},
	{"4000582600000045", Visa, "credit", "GB", nil, behaviour{authentication: always}},
	{"4000582600000102", Visa, "credit", "GB", nil, behaviour{authentication: always}},
	{"4000582600000110", Visa, "credit", "GB", nil, behaviour{authentication: always}},
}

// The ways an authentication ends.
var (
	challenged   = &ThreeDSecure{Flow: "challenge", Result: "authenticated", Version: threeDSecureVersion}
	recognised   = &ThreeDSecure{Flow: "frictionless", Result: "authenticated", Version: threeDSecureVersion}
	acknowledged = &ThreeDSecure{Result: "attempt_acknowledged", Version: threeDSecureVersion}
	notSupported = &ThreeDSecure{Result: "not_supported"}
	lookupFailed = &ThreeDSecure{Result: "processing_error", ResultReason: "protocol_error", Version: threeDSecureVersion}
)

// authenticate says whether an attempt may go on (Approved), must wait for the holder, or is refused because the holder
// would be needed and is not there.
func (w authentication) authenticate(a Attempt) (Step, *ThreeDSecure) {
	if a.OffSession && !a.Authenticated {
		return w.withoutHolder(a.Ready), nil
	}
	asked := a.Request3DS == "any" || a.Request3DS == "challenge"
	switch w {
	case untilReady, always, withHolder:
		return prompt(a.Authenticated)
	case lookupFails:
		return Declined, lookupFailed
	case frictionless:
		return Approved, recognised
	}
	if !asked {
		return Approved, nil
	}
	switch w {
	case optional:
		return prompt(a.Authenticated)
	case optionalLookupFails:
		return Approved, lookupFailed
	case unsupported:
		return Approved, notSupported
	}
	return Approved, acknowledged
}

func prompt(passed bool) (Step, *ThreeDSecure) {
	if passed {
		return Approved, challenged
	}
	return Authenticate, nil
}

func (w authentication) withoutHolder(ready bool) Step {
	switch w {
	case always, lookupFails, frictionless:
		return Declined
	case untilReady:
		if !ready {
			return Declined
		}
	}
	return Approved
}

// refusal is why an attempt is refused that could not be authenticated.
func (w authentication) refusal(a Attempt) *Decline {
	if w == lookupFails && !a.OffSession {
		return declined
	}
	return unauthenticated
}
