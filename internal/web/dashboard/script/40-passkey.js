// Passkeys: asks the browser for one, or to make one, and sends what it answers.
"use strict";

const send = async (path, body) => {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
  if (answer.redirected) {
    location.assign(answer.url);
    return null;
  }
  const said = await answer.json();
  if (said.fault) throw new Error(said.fault);
  return said;
};

const next = () => document.querySelector('main input[name="next"]')?.value ?? "";

/** ask signs in, or proves again who somebody is. */
const ask = async (path) => {
  const question = await send("/dashboard/passkeys/ask");
  if (!question) return;
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question.options) });
  const done = await send(path, { token: question.token, next: next(), answer: credential.toJSON() });
  if (done) location.assign(done.to);
};

const add = async (form) => {
  const question = await send(form.dataset.begin);
  if (!question) return;
  const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question.options) });
  const done = await send(form.dataset.finish, { token: question.token, name: form.elements.name.value, answer: credential.toJSON() });
  if (done) location.assign(done.to);
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = form.querySelector(".fault");
    fault.textContent = "";
    try {
      await (form.dataset.passkey === "add" ? add(form) : ask(`/dashboard/passkeys/${form.dataset.passkey}`));
    } catch (error) {
      fault.textContent = error.name === "NotAllowedError" ? "The browser did not give a passkey. Try again." : error.name === "InvalidStateError" ? "This device has a passkey for you already." : error.message;
    }
  });
}
