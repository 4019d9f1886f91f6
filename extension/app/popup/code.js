// The link as a code for a phone.
import { encode } from "../lib/qr.js";
import { t } from "../lib/words.js";
import { backButton, h, svg } from "./dom.js";

const margin = 4; // modules, which readers need

export function code(context, url, back) {
  const rows = encode(url);
  const content = rows ? [drawn(rows, url), h("p", { class: "quiet small line", title: url }, url), saveLink(rows)] : [h("p", {}, t("qr_too_long"))];
  return [backButton(back), h("h1", {}, t("qr")), ...content];
}

const path = (rows) => rows.flatMap((row, y) => row.map((black, x) => (black ? `M${x + margin} ${y + margin}h1v1h-1z` : ""))).join("");

function drawn(rows, url) {
  const size = rows.length + 2 * margin;
  return h("div", { class: "code" }, svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t("qr_of", url), "shape-rendering": "crispEdges" }, svg("path", { d: path(rows) })));
}

function saveLink(rows) {
  const size = rows.length + 2 * margin;
  const file = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="white" d="M0 0h${size}v${size}H0z"/><path d="${path(rows)}"/></svg>`;
  return h("a", { class: "button wide", download: "link.svg", href: URL.createObjectURL(new Blob([file], { type: "image/svg+xml" })) }, t("qr_save"));
}
