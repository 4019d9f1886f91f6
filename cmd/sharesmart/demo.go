package main

import (
	"context"
	"errors"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/billing"
)

// demoKey is the key of the documentation's samples.
const demoKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"

// demo puts in the demo account and its objects, as far as they are not there already.
func (a *app) demo(ctx context.Context) error {
	_, err := a.registry.Authenticate(demoKey)
	if err != nil && apierr.As(err) == nil {
		return err
	}
	if err != nil {
		if err := a.demoAccount(ctx); err != nil {
			return err
		}
	}
	if _, err := a.registry.CreateAccount(ctx, billing.ReadersAccount); err != nil && !errors.Is(err, access.ErrAccountExists) {
		return err
	}
	return billing.SeedDemo(ctx, a.engine, a.registry)
}

// demoAccount makes the account and its key; the account may be there from a start that was cut short.
func (a *app) demoAccount(ctx context.Context) error {
	if _, err := a.registry.CreateAccount(ctx, billing.DemoAccount); err != nil && !errors.Is(err, access.ErrAccountExists) {
		return err
	}
	_, err := a.registry.ImportKey(ctx, demoKey, access.KeySpec{Account: billing.DemoAccount, Name: "Demo key"})
	return err
}
