// Which parts of an address only say where somebody came from. What is listed here may be cut off anywhere, or on the sites that it
// belongs to; nothing is listed that a page needs to show what it shows.

/** Parameters that mean the same everywhere. A name that ends with * stands for all that begin so. */
export const everywhere = [
  "utm_*", "mtm_*", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "pk_content", "pk_cid", "piwik_campaign", "piwik_kwd",
  "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl",
  "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "mibextid", "igshid", "igsh",
  "msclkid", "yclid", "ysclid", "_openstat", "twclid", "ttclid", "li_fat_id", "epik", "rdt_cid", "irclickid", "s_kwcid", "ef_id",
  "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsCtaTracking", "mkt_tok", "vero_id", "vero_conv",
  "oly_anon_id", "oly_enc_id", "ml_subscriber", "ml_subscriber_hash", "ck_subscriber_id", "_branch_match_id", "wickedid", "rb_clickid",
  "at_medium", "at_campaign", "at_custom*", "at_link_*", "at_ptr_name", "at_format", "xtor",
];

/** Parameters that mean it on some sites alone, by the name of the site's host and of all below it. */
export const onSites = [
  [["youtube.com", "youtu.be", "youtube-nocookie.com"], ["si", "feature", "pp", "ab_channel", "kw"]],
  [["spotify.com"], ["si", "pi", "dlsi", "_branch_referrer"]],
  [["x.com", "twitter.com"], ["s", "t", "ref_src", "ref_url", "cn", "cxt"]],
  [["instagram.com", "threads.net", "threads.com"], ["xmt", "slof"]],
  [["facebook.com"], ["rdid", "share_url", "__cft__*", "__tn__", "__xts__*", "eid", "ref", "refsrc", "hc_ref", "acontext", "notif_id", "notif_t"]],
  [["tiktok.com"], ["_t", "_r", "_d", "is_from_webapp", "sender_device", "sender_web_id", "web_id", "share_app_id", "share_link_id", "share_item_id", "tt_from", "u_code", "user_id", "timestamp", "checksum", "sec_user_id"]],
  [["reddit.com"], ["share_id", "rdt", "ref", "ref_source", "ref_campaign", "correlation_id", "chainedPosts"]],
  [["linkedin.com"], ["trk", "trkEmail", "trackingId", "refId", "lipi", "lici", "midToken", "midSig", "eid", "otpToken", "originalSubdomain", "rcm"]],
  [["google.*"], ["ved", "ei", "sei", "sca_esv", "sca_upv", "gs_lcp", "gs_lcrp", "gs_lp", "gs_ssp", "sclient", "sxsrf", "aqs", "sourceid", "rlz", "oq", "uact", "iflsig", "biw", "bih", "dpr", "cshid", "source", "usg", "fbs", "usp", "entry", "g_ep"]],
  [["bing.com"], ["form", "FORM", "cvid", "sk", "sp", "sc", "qs", "ghc", "lq", "pq", "ghsh", "ghacc", "ghpl"]],
  [["amazon.*"], ["ref", "ref_", "pd_rd_*", "pf_rd_*", "_encoding", "qid", "sr", "sprefix", "crid", "dib", "dib_tag", "cv_ct_*", "content-id", "spIA", "aaxitk", "hvadid", "hvdev", "hvlocphy", "hvnetw", "hvqmt", "hvrand", "hvtargid", "social_share", "_ref"]],
  [["ebay.*"], ["mkevt", "mkcid", "mkrid", "campid", "toolid", "customid", "_trkparms", "_trksid", "amdata", "epid", "hash"]],
  [["aliexpress.*"], ["spm", "scm", "pvid", "aff_*", "algo_expid", "algo_pvid", "btsid", "ws_ab_test", "sk", "terminal_id", "gatewayAdapt", "pdp_npi", "curPageLogUid", "utparam-url"]],
  [["etsy.com"], ["click_key", "click_sum", "organic_search_click", "ref", "rec_type", "plkey", "sts", "pro", "frs"]],
  [["netflix.com"], ["trackId", "tctx"]],
  [["medium.com"], ["source"]],
  [["nytimes.com"], ["smid", "smtyp", "searchResultPosition", "referringSource"]],
  [["theguardian.com"], ["CMP", "INTCMP"]],
  [["bbc.com", "bbc.co.uk"], ["ocid", "ns_*"]],
  [["spiegel.de", "zeit.de", "sueddeutsche.de", "faz.net", "welt.de"], ["sara_ref", "wt_zmc", "wt_mc", "icid"]],
  [["substack.com"], ["r", "publication_id", "post_id", "isFreemail", "triedRedirect", "showWelcomeOnShare"]],
  [["producthunt.com"], ["ref"]],
  [["twitch.tv"], ["tt_medium", "tt_content", "tt_email_id"]],
  [["apple.com"], ["itsct", "itscg", "uo", "ct", "pt", "mt"]],
  [["bsky.app"], ["ref_src", "ref_url"]],
];

/** Where links lead away through a page that counts them: [host, path or null for any, the parameter with the address]. */
export const detours = [
  ["google.*", "/url", ["q", "url"]],
  ["google.*", "/imgres", ["imgrefurl"]],
  ["l.facebook.com", "/l.php", ["u"]],
  ["lm.facebook.com", "/l.php", ["u"]],
  ["facebook.com", "/flx/warn/", ["u"]],
  ["facebook.com", "/l.php", ["u"]],
  ["l.instagram.com", null, ["u"]],
  ["l.threads.com", null, ["u"]],
  ["l.messenger.com", "/l.php", ["u"]],
  ["l.workplace.com", "/l.php", ["u"]],
  ["youtube.com", "/redirect", ["q"]],
  ["out.reddit.com", null, ["url"]],
  ["linkedin.com", "/safety/go", ["url"]],
  ["linkedin.com", "/redir/redirect", ["url"]],
  ["safelinks.protection.outlook.com", null, ["url"]],
  ["statics.teams.cdn.office.net", "/evergreen-assets/safelinks/1/atp-safelinks.html", ["url"]],
  ["duckduckgo.com", "/l/", ["uddg"]],
  ["bing.com", "/ck/a", ["u"]],
  ["t.umblr.com", "/redirect", ["z"]],
  ["vk.com", "/away.php", ["to"]],
  ["slack-redir.net", "/link", ["url"]],
  ["steamcommunity.com", "/linkfilter/", ["u", "url"]],
  ["getpocket.com", "/redirect", ["url"]],
  ["deviantart.com", "/users/outgoing", ["*"]],
];

/** Words that a ref parameter has when it names who sent a reader, and not what a page shows. */
export const referrers = ["producthunt", "hackernews", "hn", "indiehackers", "betalist", "newsletter", "rss", "homepage", "share", "twitter", "facebook", "reddit", "linkedin"];
