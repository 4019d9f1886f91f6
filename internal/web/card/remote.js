// Shows the processor's own field for a card, and puts the payment method that comes of it into the form. The number goes
// from the field to the processor and nowhere else.
const place = document.querySelector("[data-remote]");

if (place) {
  const form = place.closest("form");
  const button = form.querySelector(".button-primary");
  const carried = form.elements.remote_method;
  const fault = document.getElementById("remote-fault");
  const { key, mode, amount, currency, locale } = place.dataset;
  const asksAddress = Boolean(form.elements["billing-country"]);
  const say = (text) => {
    fault.textContent = text ?? "";
    fault.hidden = !text;
    button.disabled = false;
  };

  if (typeof Stripe !== "function") {
    say(place.dataset.unreachable);
  } else {
    const style = getComputedStyle(document.body);
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const stripe = Stripe(key, { locale });
    const elements = stripe.elements({
      mode, ...(mode !== "setup" && { amount: Number(amount) }), currency: currency || "usd", paymentMethodTypes: ["card"], paymentMethodCreation: "manual",
      appearance: { theme: dark ? "night" : "stripe", variables: { fontFamily: style.fontFamily, fontSizeBase: style.fontSize } },
    });
    const element = elements.create("payment", { layout: "tabs", fields: { billingDetails: { name: "never", email: "never", phone: "never", address: asksAddress ? "never" : "auto" } }, terms: { card: "never" } });
    element.mount(place);
    element.on("loaderror", ({ error }) => say(error?.message ?? place.dataset.unreachable));

    // Where nothing else can be chosen, it is a card.
    const typed = () => {
      const chosen = form.elements.method;
      return !chosen || (chosen instanceof RadioNodeList ? chosen.value : chosen?.value) === "card";
    };
    const value = (name) => form.elements[name]?.value.trim() || undefined;

    form.addEventListener("submit", async (event) => {
      if (event.submitter?.name || !typed() || carried.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (button.disabled) return;
      button.disabled = true;
      const checked = await elements.submit();
      if (checked.error) return say(checked.error.message);
      const address = asksAddress && Object.fromEntries(["country", "line1", "line2", "city", "state", "postal_code"].map((part) => [part, value(`billing-${part}`) ?? ""]));
      const { error, paymentMethod } = await stripe.createPaymentMethod({
        elements, params: { billing_details: { name: value("name") ?? "", email: value("email") ?? "", phone: value("phone") ?? "", ...(address && { address }) } },
      });
      if (error) return say(error.message);
      carried.value = paymentMethod.id;
      say();
      form.requestSubmit(button);
    }, true);
    addEventListener("pageshow", () => { carried.value = ""; });
  }
}
