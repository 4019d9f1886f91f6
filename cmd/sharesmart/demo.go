package main

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
)

// The account and the key of the documentation's samples.
const (
	demoAccount = "acct_1032D82eZvKYlo2C"
	demoKey     = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
)

// demo puts in the demo account, unless it is there already.
func (a *app) demo(ctx context.Context) error {
	_, err := a.registry.Authenticate(demoKey)
	if apierr.As(err) == nil {
		return err
	}
	if _, err := a.registry.CreateAccount(ctx, demoAccount); err != nil {
		return err
	}
	_, err = a.registry.ImportKey(ctx, demoKey, access.KeySpec{Account: demoAccount, Name: "Demo key"})
	return err
}
