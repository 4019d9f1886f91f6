package mail

import (
	"cmp"
	"strings"

	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// seller is the account as its customers know it.
type seller struct {
	brand.Brand
	texts *object.Object // what the seller says in other words than ours; see texts.go
}

// sellerIn reads the account that an operation works in. A connected account's object is with its platform.
func sellerIn(op *resource.Op) (seller, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return seller{}, err
	}
	account, err := home.Find("account", op.Account())
	if account == nil || err != nil {
		return sellerOf(nil, nil), err
	}
	private, err := home.Private(account)
	return sellerOf(account, private), err
}

func sellerOf(account, private *object.Object) seller {
	b := brand.Of(account, private)
	b.Name = oneLine(cmp.Or(b.Name, personal(account), "ShareSmart"))
	return seller{*b, private.Object(keptTexts)}
}

// personal is the name of the company or the person that an account is of.
func personal(account *object.Object) string {
	person := account.Object("individual")
	return cmp.Or(account.Object("company").String("name"), strings.TrimSpace(person.String("first_name")+" "+person.String("last_name")))
}
