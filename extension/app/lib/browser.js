// Firefox and Safari call it browser, Chromium chrome. All of them answer with promises.
export const browser = globalThis.browser ?? globalThis.chrome;
