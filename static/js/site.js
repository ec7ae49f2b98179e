// Improves what already works without it: counters, password toggles, focus on the error summary, sortable tables.
import { initAll } from "../built/govuk-frontend.min.js";

initAll();

if (document.querySelector("[data-module^='moj-']")) {
  const moj = await import("../built/moj-frontend.min.js");
  moj.initAll();
}

// A question that only follows from one answer is hidden until that answer is chosen.
for (const follow of document.querySelectorAll("[data-shown-with]")) {
  const answer = document.getElementById(follow.dataset.shownWith);
  const show = () => { follow.hidden = !answer.checked; };
  for (const other of document.getElementsByName(answer.name)) other.addEventListener("change", show);
  show();
}
