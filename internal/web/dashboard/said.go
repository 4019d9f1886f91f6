package dashboard

// said are what was done, by the word that leads back to a page with it.
var said = map[string]string{
	"key-deleted":       "The key is deleted. Requests with it are refused from now on.",
	"key-expired":       "The key is of no use any more.",
	"redirects-changed": "Saved. Sellers are led to these addresses alone.",
	"key-changed":       "The key is changed. It counts at once.",

	"password-reset":   "Your password is changed. Sign in with the new one.",
	"renamed":          "Your name is changed.",
	"password-changed": "Your password is changed, and you are signed out everywhere else.",
	"totp-stopped":     "Your password alone signs you in from now on.",
	"passkey-added":    "The passkey is added.",
	"passkey-removed":  "The passkey is removed.",
	"session-ended":    "That browser is signed out.",
	"sessions-ended":   "You are signed out everywhere else.",

	"sandbox-kept":      "Its time is changed.",
	"sandbox-reset":     "The sandbox is empty.",
	"sandbox-deleted":   "The sandbox is gone.",
	"snapshot-created":  "The snapshot is taken.",
	"snapshot-restored": "The sandbox is as it was.",
	"snapshot-deleted":  "The snapshot is gone.",

	"factor-needed":     "This server asks everybody for a second factor. Add an authenticator app, and go on then.",
	"person-signed-out": "They are signed out everywhere.",

	"withdrawn":      "The invitation is of no use any more.",
	"role-changed":   "The role is changed. It counts at once.",
	"person-removed": "They are out.",
}
