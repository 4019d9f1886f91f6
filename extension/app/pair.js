// On a page of the server on which a member is signed in, the extension logs itself in: the page has a one-time code in it. The page
// learns from data-sharesmart, and from the event sharesmart:paired, that it need not explain how to log in.
(async () => {
  const code = document.querySelector('meta[name="sharesmart-pairing"]')?.content;
  if (!code) return;
  const { runtime } = globalThis.browser ?? globalThis.chrome;
  if (!(await runtime.sendMessage({ type: "pair", code, path: location.pathname }))) return;
  document.documentElement.dataset.sharesmart = "paired";
  document.dispatchEvent(new Event("sharesmart:paired"));
})();
