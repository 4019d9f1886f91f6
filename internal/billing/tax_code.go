package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Tax codes are reference data: the kinds of goods and services that tax law tells apart. These are the ones that
// sellers of software, media, services and everyday goods need; the full list has several hundred.
func init() {
	register(resource.Rules{Object: "tax_code", Reference: taxCodes})
}

func taxCodes() []*object.Object {
	out := make([]*object.Object, 0, len(taxCodeTable))
	for _, row := range taxCodeTable {
		o := object.New(spec.Component("tax_code"))
		o.Set("id", "txcd_"+row.number)
		o.Set("object", "tax_code")
		o.Set("description", row.description)
		o.Set("name", row.name)
		out = append(out, o)
	}
	return out
}

var taxCodeTable = []struct{ number, name, description string }{
	{"99999999", "General - Tangible Goods", "Any thing that can be touched and that no other code describes."},
	{"20030000", "General - Services", "Work done for a customer that no other code describes."},
	{"10000000", "General - Electronically Supplied Services", "Anything delivered over the internet that no other code describes."},
	{"00000000", "Nontaxable", "What no tax is charged on, wherever it is sold."},
	{"92010001", "Shipping", "What the customer pays to have goods brought to them."},
	{"10502000", "Gift Card", "A card or code with a value that is spent later."},

	{"10010001", "Infrastructure as a service (IaaS) - personal use", "Computers, storage and networks rented online by a private person."},
	{"10101000", "Infrastructure as a service (IaaS) - business use", "Computers, storage and networks rented online by a business."},
	{"10102001", "Platform as a service (PaaS) - personal use", "An online platform to build and run programs on, for a private person."},
	{"10102000", "Platform as a service (PaaS) - business use", "An online platform to build and run programs on, for a business."},
	{"10103000", "Software as a service (SaaS) - personal use", "Prewritten software used online by a private person; nothing is downloaded."},
	{"10103001", "Software as a service (SaaS) - business use", "Prewritten software used online by a business; nothing is downloaded."},
	{"10103100", "Software as a service (SaaS) - electronic download - personal use", "Online software of which a part is downloaded, for a private person."},
	{"10103101", "Software as a service (SaaS) - electronic download - business use", "Online software of which a part is downloaded, for a business."},
	{"10104001", "Cloud-based business process as a service", "A business process, such as payroll, that is run online for the customer."},
	{"10105001", "Artificial Intelligence as a Service (AIaaS) - cloud based - personal use", "A model that a private person uses online."},
	{"10105002", "Artificial Intelligence as a Service (AIaaS) - cloud based - business use", "A model that a business uses online."},
	{"10105003", "Artificial Intelligence as a Service (AIaaS) - cloud based and downloaded - personal use", "A model used partly online and partly on a private person's device."},
	{"10105004", "Artificial Intelligence as a Service (AIaaS) - cloud based and downloaded - business use", "A model used partly online and partly on a business's devices."},

	{"10202000", "Downloadable Software - personal use", "Prewritten software that a private person downloads."},
	{"10202001", "Downloadable Software - non-recreational - personal use", "Prewritten software that a private person downloads, and that is no game."},
	{"10202003", "Downloadable Software - business use", "Prewritten software that a business downloads."},
	{"10203000", "Downloadable Software - custom - personal use", "Software written to order and downloaded by a private person."},
	{"10203001", "Downloadable Software - custom - business use", "Software written to order and downloaded by a business."},
	{"10504003", "Electronic software documentation or user manuals - Prewritten, electronic delivery", "Manuals of prewritten software, delivered online."},
	{"37070001", "Tangible media -- prewritten software", "Prewritten software on a disc or stick."},
	{"37071001", "Software maintenance agreement - optional - prewritten - electronic updates", "An optional contract for updates of prewritten software, delivered online."},

	{"10201000", "Video Games - downloaded - non subscription - with permanent rights", "A game that is downloaded and kept."},
	{"10201001", "Video Games - downloaded - non subscription - with limited rights", "A game that is downloaded for a limited time."},
	{"10201002", "Video Games - downloaded - subscription - with conditional rights", "Games that are downloaded and can be played while a subscription lasts."},
	{"10201003", "Video Games - streamed - non subscription - with limited rights", "A game that is streamed for a limited time."},
	{"10201004", "Video Games - streamed - subscription - with conditional rights", "Games that are streamed while a subscription lasts."},

	{"10301000", "Audiobook", "A spoken book that is downloaded."},
	{"10302000", "Digital Books - downloaded - non subscription - with permanent rights", "A digital book that is downloaded and kept."},
	{"10302001", "Digital Books - downloaded - non subscription - with limited rights", "A digital book that is downloaded for a limited time."},
	{"10302002", "Digital Books - downloaded - subscription - with conditional rights", "Digital books that are downloaded while a subscription lasts."},
	{"10302003", "Digital Books - viewable only - subscription - with conditional rights", "Digital books that are read online while a subscription lasts."},
	{"10303000", "Digital Magazines/Periodicals - downloadable - subscription - with conditional rights", "Digital magazines that are downloaded while a subscription lasts."},
	{"10303002", "Digital Magazines/Periodicals - viewable only - subscription - with conditional rights", "Digital magazines that are read online while a subscription lasts."},
	{"10304100", "Digital Newspapers - downloadable - subscription - with conditional rights", "Digital newspapers that are downloaded while a subscription lasts."},
	{"10304102", "Digital Newspapers - viewable only - subscription - with conditional rights", "Digital newspapers that are read online while a subscription lasts."},
	{"10305001", "Digital School Textbooks - downloaded - non subscription - with permanent rights", "A digital school book that is downloaded and kept."},

	{"10401000", "Digital Audio Works - streamed - non subscription - with limited rights", "Music or speech that is streamed for a limited time."},
	{"10401001", "Digital Audio Works - downloaded - non subscription - with limited rights", "Music or speech that is downloaded for a limited time."},
	{"10401100", "Digital Audio Works - downloaded - non subscription - with permanent rights", "Music or speech that is downloaded and kept."},
	{"10401200", "Digital Audio Works - streamed - subscription - with conditional rights", "Music or speech that is streamed while a subscription lasts."},
	{"10402000", "Digital Audio Visual Works - streamed - non subscription - with limited rights", "A film that is streamed for a limited time."},
	{"10402100", "Digital Audio Visual Works - downloaded - non subscription - with permanent rights", "A film that is downloaded and kept."},
	{"10402110", "Digital Audio Visual Works - downloaded - non subscription - with limited rights", "A film that is downloaded for a limited time."},
	{"10402200", "Digital Audio Visual Works - streamed - subscription - with conditional rights", "Films that are streamed while a subscription lasts."},
	{"10402300", "Digital Video Streaming - live events - limited use", "A live event that is streamed."},
	{"10501000", "Digital Photographs/Images - downloaded - non subscription - with permanent rights", "A picture that is downloaded and kept."},
	{"10505001", "Digital Finished Artwork - downloaded - non subscription - with permanent rights", "A finished work of art that is downloaded and kept."},

	{"10701000", "Website Advertising", "Space for advertisements on a website."},
	{"10701100", "Website Hosting", "Keeping a customer's website on the internet."},
	{"10701200", "Website Design", "Planning and building a customer's website."},
	{"10701300", "Website Data Processing", "Working on a customer's data through a website."},
	{"10701400", "Website Information Services - Business Use", "Information that a business looks up on a website."},
	{"10701401", "Website Information Services - Personal Use", "Information that a private person looks up on a website."},
	{"10702000", "Online Dating Services", "Bringing people together online."},
	{"20060058", "Training Services - Self Study Web-based", "A course that the learner takes alone, online."},
	{"20060158", "On-demand online courses - streamed audio or audiovisual content", "A recorded course that is streamed."},

	{"30060001", "Bags purses and wallets", "Handbags, purses, wallets and the like."},
	{"30060006", "Hats", "Hats and other things worn on the head."},
	{"30060007", "Jewelry", "Rings, necklaces, earrings and other jewellery."},
	{"30060016", "Watches", "Small timepieces, mostly worn on the wrist."},
	{"32020002", "Drugs - over the counter", "Medicine that is sold without a prescription."},
	{"32050013", "Skin care products", "Creams and lotions without medicinal ingredients."},
	{"34020027", "Consumer electronics", "Televisions, telephones and other devices for private use; no computers."},
	{"35010000", "Books", "Printed books."},
	{"35020100", "Newspapers", "Printed newspapers."},
	{"35020200", "Magazines", "Printed magazines."},
	{"36010004", "Pet food", "Food for animals kept at home."},
	{"37010000", "Personal computers, including laptops, tablets, desktops", "Computers for private use."},
	{"40040000", "Food", "Food and ingredients to eat at home."},
	{"40060003", "Prepared foods", "Food that is ready to eat."},
	{"40090001", "Dietary supplements", "Vitamins, minerals and the like, sold as a supplement to food."},
}
