// The clicks of the last 30 days as bars, and as a table for those who cannot see them.
import { day, n, number, t } from "../lib/words.js";
import { h, svg } from "./dom.js";

const days = 30;
const [width, height, gap] = [300, 60, 2];

/** filled is one entry for each of the last days, also for those without clicks. */
export function filled(clicks, today = new Date()) {
  const known = new Map(clicks.map((entry) => [entry.day, entry.clicks]));
  return Array.from({ length: days }, (_, i) => {
    const date = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - days + 1 + i));
    return { date, clicks: known.get(date.toISOString().slice(0, 10)) ?? 0 };
  });
}

export function chart(clicks) {
  const entries = filled(clicks);
  const top = Math.max(1, ...entries.map((entry) => entry.clicks));
  const step = width / days;
  const bars = entries.map((entry, i) => {
    const tall = (entry.clicks / top) * height;
    return svg("rect", { x: i * step, y: height - tall, width: step - gap, height: tall }, svg("title", {}, `${day(entry.date)}: ${n("clicks", entry.clicks)}`));
  });
  const sum = entries.reduce((all, entry) => all + entry.clicks, 0);
  const line = svg("line", { x1: 0, y1: height + 0.5, x2: width, y2: height + 0.5 });
  return h("figure", { class: "chart" },
    svg("svg", { viewBox: `0 0 ${width} ${height + 1}`, role: "img", "aria-label": t("chart", number(sum), number(top)) }, bars, line),
    h("figcaption", { class: "quiet small" }, h("span", {}, day(entries[0].date)), h("span", {}, day(entries.at(-1).date))),
    table(entries.filter((entry) => entry.clicks)),
  );
}

const table = (entries) =>
  h("table", { class: "hidden" },
    h("caption", {}, t("clicks_by_day")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("day")), h("th", { scope: "col" }, t("clicks")))),
    h("tbody", {}, entries.map((entry) => h("tr", {}, h("th", { scope: "row" }, day(entry.date)), h("td", {}, number(entry.clicks))))),
  );
