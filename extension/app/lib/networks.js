// Where a link can be taken: plain addresses of each network's own page to write something. Nothing of theirs is loaded here.

const q = encodeURIComponent;
const both = (title, url) => q([title, url].filter(Boolean).join("\n"));

export const networks = [
  { id: "x", name: "X", to: ({ title, url }) => `https://x.com/intent/post?url=${q(url)}&text=${q(title)}` },
  { id: "bluesky", name: "Bluesky", to: ({ title, url }) => `https://bsky.app/intent/compose?text=${both(title, url)}` },
  { id: "mastodon", name: "Mastodon", asks: "server", to: ({ title, url, server }) => `https://${server}/share?text=${both(title, url)}` },
  { id: "linkedin", name: "LinkedIn", to: ({ url }) => `https://www.linkedin.com/sharing/share-offsite/?url=${q(url)}` },
  { id: "reddit", name: "Reddit", to: ({ title, url }) => `https://www.reddit.com/submit?url=${q(url)}&title=${q(title)}` },
  { id: "facebook", name: "Facebook", to: ({ url }) => `https://www.facebook.com/sharer/sharer.php?u=${q(url)}` },
  { id: "whatsapp", name: "WhatsApp", to: ({ title, url }) => `https://wa.me/?text=${both(title, url)}` },
  { id: "telegram", name: "Telegram", to: ({ title, url }) => `https://t.me/share/url?url=${q(url)}&text=${q(title)}` },
];

export const mail = ({ title, url }) => `mailto:?subject=${q(title)}&body=${q(url)}`;

/** serverOf reads the server out of what people know of their Mastodon account: server, https://server/@me, @me@server. */
export function serverOf(text) {
  const host = text.trim().replace(/^https?:\/\//i, "").split("/")[0].split("@").at(-1).toLowerCase();
  return /^([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?$/.test(host) ? host : null;
}
