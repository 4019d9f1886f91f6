package checkout

import (
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/country"
)

var englishSayings = &sayings{
	Words: card.WordsFor("en"), point: ".", countries: country.In("en"),
	units: map[string][2]string{"day": {"every day", "days"}, "week": {"every week", "weeks"}, "month": {"every month", "months"}, "year": {"every year", "years"}},
	spans: map[string][2]string{"hour": {"%s hour", "%s hours"}, "day": {"%s day", "%s days"}, "week": {"%s week", "%s weeks"}, "month": {"%s month", "%s months"}},
	Error: "Error", Skip: "Skip to payment", Back: "Back", Order: "Your order", Contact: "Contact", Address: "Address", ShipTo: "Ship to", ShipBy: "Shipping method", PayWith: "Payment method", Card: "Card", Billing: "Billing address", Business: "For your company", More: "A few more things",
	PayTo: "Pay %s", SubscribeTo: "Subscribe to %s", TryAt: "Try %s", SetUpAt: "Save a payment method for %s",
	PayAmount: "Pay %s", Donate: "Donate %s", Book: "Book for %s", Subscribe: "Subscribe", StartTrial: "Start free trial", Complete: "Complete order", SaveButton: "Save", Paying: "Paying …", Busy: "One moment …", Saving: "Saving …",
	Subtotal: "Subtotal", Total: "Total", DueToday: "Due today", Tax: "Tax", TaxLater: "Worked out by your address", Included: "%s (included)", ShippingBy: "Shipping: %s", Free: "Free", PercentOff: "%s% off", Discount: "Discount", For: "for %s", OnFirst: "on the first bill",
	Each: "%s %s", Apiece: "%s each", Every: "every %s", ByUse: "By use", FreeFor: "%s free", FreeUntil: "Free until %s", FreeThen: "%s, then %s", TodayThen: "%s today, then %s",
	Quantity: "Quantity", QuantityOf: "of %s", Worth: "Your amount in %s", Between: "From %s to %s", AtLeast: "At least %s", AtMost: "At most %s", AddMore: "Add to your order", Add: "Add", UpdateOrder: "Update total",
	Promo: "Promotion code", AddPromo: "Add a promotion code", Apply: "Apply", Remove: "Remove", Forget: "Remove card", ForgetText: "%s will not be able to charge this card any more.", CodeCounts: "Your code counts from the first bill",
	Questions: "Questions?", Support: "Help of the seller", TermsPage: "Terms", PrivacyPage: "Privacy", UpTo: "Up to %s", From: "From %s", OneToTwo: "%s to %s",
	Email: "E-mail", Phone: "Phone", Individual: "Full name", BusinessName: "Company", Recipient: "Name", Country: "Country", Line1: "Street and number", Line2: "Flat, floor", PostalCode: "Postal code", City: "Town", State: "State or province",
	ManualNote: "You are told how to pay next", Holder: "Name on the card", NewCard: "Another card", JustTyped: "The card that you entered", ExpiresIn: "Expires %s", SaveCard: "Keep this card for my next visit at %s", SameAddress: "Same as the shipping address", TaxID: "Tax ID (optional)", TaxIDHint: "Such as a VAT number", Choose: "Choose", Optional: "%s (optional)",
	Promotions: "Send me news and offers of %s", AgreeTerms: "I agree to the terms of service of %s", AgreeSetup: "You allow %s to charge it for payments to come.", AgreeSubscription: "You allow %s to charge your card for this subscription until you cancel it.",
	FillIn: "Fill this in", EnterEmail: "Enter your e-mail address", EnterPhone: "Enter your phone number", EnterName: "Enter the name of whoever receives it", EnterHolder: "Enter the name as it is on the card", EnterCountry: "Choose a country", EnterLine1: "Enter the street and number", EnterCity: "Enter the town",
	EnterAmount: "Enter an amount, such as 12.50", EnterQuantity: "Enter a whole number", MustAgree: "Tick the box to go on", NotAuthorised: "The payment was not authorised. Try again, or choose another way to pay", ChooseMethod: "This card is not here any more. Choose how to pay",
	WrongEmail: "This is not an e-mail address", WrongTaxID: "This is no tax ID of your country. Look at the number and at the country", WrongPlace: "The tax cannot be worked out by this address, or nothing is sent there. Look at the country and the postal code", WrongQuantity: "This quantity cannot be bought here", WrongAmount: "Enter an amount within the limits", WrongCode: "This code cannot be used for this order", NoCode: "There is no such code", WrongField: "This is too short, too long, or not what is asked for",
	TooSmall: "The total is too small to be paid by card.", Refused: "This did not go through: %s", Changed: "Your order has changed. Look at the total, then go on. Nothing was paid yet.", Live: "Payments are not taken here yet. Ask the seller how to pay.", NoCards: "This cannot be paid here. Ask the seller how to pay.",
	Waiting:  "Your bank still waits for you to confirm a payment. You can also pay with another card.",
	ThankYou: "Thank you", Paid: "You paid %s to %s.", Reserved: "%s are reserved for %s.", OnItsWay: "Your payment of %s to %s is on its way.", NotArrived: "The payment did not arrive", NotArrivedText: "Ask %s how to pay in another way.", TrialBegun: "Your free trial has begun.", Subscribed: "Your subscription has begun.",
	NothingPaid: "Your order with %s is complete. Nothing was to be paid.", CardSaved: "Your payment method is saved", CardSavedText: "%s can charge it for payments to come.", Forward: "Go on", ForwardTo: "Go on to %s",
	Expired: "This checkout has expired", ExpiredText: "Nothing was paid. Go back to the seller to begin anew.", ExpiredAgain: "Nothing was paid. You can begin anew with the same order.", StartAgain: "Begin anew", BackTo: "Back to %s", LinkOver: "This link is not active any more", LinkOverText: "Ask the seller for a new one.",
	Elsewhere: "This checkout is part of the seller's own page", ElsewhereText: "It has no page here. Go back to the seller to pay.", Gone: "There is no checkout here", GoneText: "The address is not complete, or it is no longer valid. Ask the seller for a new one.", Cannot: "This page cannot do that", CannotText: "Open it in a browser.", Unread: "The form could not be read", UnreadText: "Go back and try again. Nothing was paid.", Broken: "This did not work", BrokenText: "The fault is ours and nothing was paid. Try again in a moment.",
}
