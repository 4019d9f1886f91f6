import { config } from "./config.js";
import { ShareSmart } from "./sharesmart.js";

const sharesmart = ShareSmart(config);
const at = (id) => document.getElementById(id);

async function draw() {
  const [user, pairing] = await Promise.all([sharesmart.getUser(), sharesmart.getPairing()]);
  at("export").hidden = !user.can("export"); // the lookup key of a feature of your plan
  at("upgrade").hidden = user.can("export");
  at("login").hidden = user.email !== null;
  at("who").textContent = pairing ? `If the page asks, this extension shows ${pairing.number}` : (user.email ?? "Not logged in");
}

at("upgrade").addEventListener("click", () => sharesmart.openPaymentPage());
at("login").addEventListener("click", () => sharesmart.openLoginPage());
sharesmart.onChanged.addListener(draw);
draw();
