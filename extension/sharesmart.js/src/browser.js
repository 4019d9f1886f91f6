// What is special about the browser that this runs in: its name, and how a page of the server is opened.

const brands = [
  ["Edge", /\bEdg/],
  ["Opera", /\b(?:OPR|Opera)\b/],
  ["Vivaldi", /\bVivaldi\b/],
  ["Brave", /\bBrave\b/],
  ["Firefox", /\bFirefox\b/],
  ["Chrome", /\bGoogle Chrome\b|\bChrome\//],
  ["Chromium", /\bChromium\b/],
  ["Safari", /\bSafari\b/],
];

const platforms = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad/],
  ["ChromeOS", /CrOS|Chrome OS|Chromium OS/],
  ["Windows", /Win/],
  ["macOS", /[Mm]ac/],
  ["Linux", /Linux/],
];

const first = (table, text) => table.find(([, pattern]) => pattern.test(text))?.[0];

/** describe tells what a member's list of devices shows of this install. */
export function describe(scope = globalThis) {
  const { userAgent = "", userAgentData } = scope.navigator ?? {};
  const browser = first(brands, userAgentData?.brands?.map(({ brand }) => brand).join() || userAgent);
  const platform = first(platforms, userAgentData?.platform || userAgent);
  return {
    browser,
    platform,
    name: [browser ?? "Browser", platform].filter(Boolean).join(" on "),
    version: (scope.browser ?? scope.chrome)?.runtime?.getManifest?.().version,
  };
}

/** show opens a page in a tab; where a site may open none, in the place of its own page. */
export async function show(url, scope = globalThis) {
  const tabs = (scope.browser ?? scope.chrome)?.tabs;
  if (tabs) await tabs.create({ url });
  else if (!scope.open(url, "_blank")) scope.location.assign(url);
}
