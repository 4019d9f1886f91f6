// What is left of a link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clean } from "../app/lib/clean.js";

const cases = [
  // What nobody has to clean stays, letter by letter.
  ["https://example.com/", "https://example.com/"],
  ["https://example.com/a?b=1&c=%20x+y&d", "https://example.com/a?b=1&c=%20x+y&d"],
  ["https://example.com/a?q=utm_source", "https://example.com/a?q=utm_source"],
  ["https://example.com/?page=2#section-3", "https://example.com/?page=2#section-3"],
  ["https://example.com/#/app/route?tab=1", "https://example.com/#/app/route?tab=1"],
  ["https://example.com/a#:~:text=some%20words", "https://example.com/a#:~:text=some%20words"],
  ["https://example.com/?a=1&a=2&a[]=3", "https://example.com/?a=1&a=2&a[]=3"],
  ["https://müller.example/straße?straße=1", "https://xn--mller-kva.example/stra%C3%9Fe?stra%C3%9Fe=1"],
  // Everywhere.
  ["https://example.com/a?utm_source=x&utm_medium=y&utm_whatever=z", "https://example.com/a"],
  ["https://example.com/a?id=7&fbclid=abc#top", "https://example.com/a?id=7#top"],
  ["https://example.com/?gclid=1&id=2&mc_eid=3&igshid=4&msclkid=5", "https://example.com/?id=2"],
  ["https://example.com/?UTM=1&utmost=2", "https://example.com/?UTM=1&utmost=2"],
  ["https://example.com/?utm%5Fsource=x&a=%zz", "https://example.com/?a=%zz"],
  ["https://example.com/a?&utm_source=x&", "https://example.com/a"],
  ["https://example.com/a#utm_source=feed&utm_medium=rss", "https://example.com/a"],
  ["https://example.com/a#xtor=RSS-1", "https://example.com/a"],
  ["https://jenny:secret@example.com/a", "https://example.com/a"],
  // ref only where it says who sent somebody.
  ["https://github.com/o/r/blob/f?ref=main.com", "https://github.com/o/r/blob/f?ref=main.com"],
  ["https://example.com/docs?ref=v2", "https://example.com/docs?ref=v2"],
  ["https://example.com/?ref=producthunt", "https://example.com/"],
  ["https://example.com/?ref=news.example.com", "https://example.com/"],
  // On some sites alone.
  ["https://example.com/?si=1&t=2&s=3", "https://example.com/?si=1&t=2&s=3"],
  ["https://www.youtube.com/watch?v=dQw4&si=abc&t=42s", "https://www.youtube.com/watch?v=dQw4&t=42s"],
  ["https://youtu.be/dQw4?si=abc&t=42", "https://youtu.be/dQw4?t=42"],
  ["https://open.spotify.com/track/1?si=abc", "https://open.spotify.com/track/1"],
  ["https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"],
  ["https://notx.com/a/status/1?s=20", "https://notx.com/a/status/1?s=20"],
  ["https://www.instagram.com/p/1/?igsh=abc&img_index=2", "https://www.instagram.com/p/1/?img_index=2"],
  ["https://www.reddit.com/r/golang/comments/1/?share_id=x&utm_name=y&sort=new", "https://www.reddit.com/r/golang/comments/1/?sort=new"],
  ["https://www.google.com/search?q=go&sca_esv=1&ei=2&ved=3&start=10", "https://www.google.com/search?q=go&start=10"],
  ["https://www.google.co.uk/search?q=go&ved=3", "https://www.google.co.uk/search?q=go"],
  ["https://notgoogle.com/search?q=go&ved=3", "https://notgoogle.com/search?q=go&ved=3"],
  ["https://www.amazon.de/Some-Long-Name/dp/B08N5WRWNW/ref=sr_1_3?crid=1&keywords=x&qid=2&sr=8-3", "https://www.amazon.de/dp/B08N5WRWNW?keywords=x"],
  ["https://www.amazon.com/gp/product/B08N5WRWNW?pd_rd_i=1&th=1", "https://www.amazon.com/dp/B08N5WRWNW?th=1"],
  ["https://www.amazon.com/s/ref=nb_sb_noss?k=books", "https://www.amazon.com/s?k=books"],
  ["https://www.nytimes.com/2026/a.html?smid=url-share&unlocked_article_code=1.x", "https://www.nytimes.com/2026/a.html?unlocked_article_code=1.x"],
  // Detours.
  ["https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1%26utm_source%3Dg&ved=x", "https://example.com/a?id=1"],
  ["https://www.google.de/url?q=https://example.com/", "https://example.com/"],
  ["https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F%3Ffbclid%3D1&h=AT0", "https://example.com/"],
  ["https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.com%2F", "https://example.com/"],
  ["https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fexample.com%252F&data=1", "https://example.com/"],
  ["https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2F&rut=1", "https://example.com/"],
  ["https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9leGFtcGxlLmNvbS8&ntb=1", "https://example.com/"],
  ["https://www.google.com/amp/s/example.com/news/1.amp", "https://example.com/news/1.amp"],
  ["https://example-com.cdn.ampproject.org/c/s/example.com/news/1", "https://example.com/news/1"],
  ["https://www.deviantart.com/users/outgoing?https://example.com/", "https://example.com/"],
  ["https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"],
  ["https://l.facebook.com/l.php?u=", "https://l.facebook.com/l.php?u="],
  ["https://example.com/url?q=https://other.example/", "https://example.com/url?q=https://other.example/"],
];
for (const [address, expected] of cases) {
  test(address, () => {
    assert.equal(clean(address).url, expected);
    assert.equal(clean(expected).url, expected, "what is clean stays so");
  });
}

test("says what it did", () => {
  assert.deepEqual(clean("https://example.com/?utm_source=a&id=1&utm_source=b&fbclid=c").removed, ["utm_source", "fbclid"]);
  assert.deepEqual(clean("https://example.com/?id=1"), { url: "https://example.com/?id=1", removed: [], unwrapped: false });
  assert.equal(clean("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F").unwrapped, true);
  assert.equal(clean("https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Fmaps").unwrapped, true);
});

for (const address of ["", "about:blank", "chrome://extensions", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@example.com", "not a link"]) {
  test(`no page: ${address}`, () => assert.equal(clean(address), null));
}
