// Improves what already works without it: counters, password toggles, focus on the error summary, sortable tables.
import { initAll } from "../built/govuk-frontend.min.js";

initAll();

if (document.querySelector("[data-module^='moj-']")) {
  const moj = await import("../built/moj-frontend.min.js");
  moj.initAll();
}

// A form with files says how far it is, and that a file is too large before it is sent. Nothing else on the page is lost
// by it: what was typed elsewhere stays, and so does the place of whoever has no mouse.
const say = (form, words) => {
  const fault = form.querySelector("[data-upload-fault]");
  fault.textContent = words;
  fault.hidden = !words;
};
const keep = (before, now, sent) => {
  for (const field of before.querySelectorAll("input[id]:is([type=text], [type=date]), textarea[id]")) {
    const again = field.form === sent ? null : now.querySelector(`#${CSS.escape(field.id)}`);
    if (again && field.value !== field.defaultValue) again.value = field.value;
  }
};
const show = (page, sent) => {
  const [before, now] = [document, page].map((one) => one.querySelector("main"));
  document.title = page.title;
  keep(before, now, sent);
  before.replaceWith(now);
  initAll({ scope: now });
  watch();
  const landing = now.querySelector(".govuk-error-summary, [role=alert]:not([hidden])") ?? now;
  if (landing === now) landing.classList.add("govuk-skip-link-focused-element");
  landing.tabIndex = -1;
  landing.focus();
};
const send = (event) => {
  const form = event.target;
  event.preventDefault();
  const chosen = [...form.querySelector("input[type=file]").files];
  const large = chosen.find((file) => file.size > Number(form.dataset.largest));
  say(form, large ? form.dataset.tooLarge.replace("%{name}", () => large.name) : "");
  if (large) return;
  const progress = form.querySelector("[data-upload-progress]");
  const button = form.querySelector("button");
  const ended = (words) => { progress.hidden = true; button.disabled = false; button.focus(); say(form, words); };
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";
  request.upload.addEventListener("progress", (sent) => {
    progress.querySelector("progress").value = Math.round((100 * sent.loaded) / sent.total);
  });
  request.addEventListener("error", () => ended(form.dataset.failed));
  request.addEventListener("load", () => {
    const page = request.response;
    if (!page?.querySelector("main")) { ended(form.dataset.failed); return; }
    if (request.responseURL !== new URL(form.action, location).href) history.replaceState(null, "", request.responseURL);
    show(page, form);
  });
  progress.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
};
const watch = () => { for (const form of document.querySelectorAll("form[data-upload]")) form.addEventListener("submit", send); };
watch();

// A page that only leads on does so by itself.
document.querySelector("form[data-at-once]")?.requestSubmit();

// A passkey is asked for where the browser can: its answer goes with the form, and the server judges it.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  const answer = form.querySelector("[data-passkey-answer]");
  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    const options = JSON.parse(form.dataset.options);
    try {
      const given = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      answer.value = JSON.stringify(given.toJSON());
      form.submit();
    } catch {
      form.querySelector("[data-passkey-failed]").hidden = false;
    }
  });
}
