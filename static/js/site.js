// Improves what already works without it: counters, password toggles, focus on the error summary, sortable tables.
import { initAll } from "../built/govuk-frontend.min.js";

initAll();

if (document.querySelector("[data-module^='moj-']")) {
  const moj = await import("../built/moj-frontend.min.js");
  moj.initAll();
}
