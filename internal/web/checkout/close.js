// Tells the page that opened this one, or holds it in a frame, how the authentication ended. What it is told is no
// secret, so any page may hear it; it asks the API for what it wants to rely on.
const { object, id, status } = document.body.dataset;
const message = { type: "sharesmart.authentication", object, id, redirect_status: status };
for (const other of [window.opener, window.parent]) {
  if (other && other !== window) {
    other.postMessage(message, "*");
  }
}
