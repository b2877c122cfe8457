"use strict";
// What every page needs when something happens on it: focus on an error summary, a sentence when a live
// update fails, and what a live update changed, for those who do not see it. Without JavaScript the page loads anew and both are there anyway.
(() => {
  const SENTENCE =
    "Das hat nicht geklappt. Ihre Angaben sind noch da. Bitte versuchen Sie es gleich noch einmal oder laden Sie die Seite neu.";

  const say = (words) => {
    document.getElementById("meldung").textContent = words;
  };
  // Outside of what is swapped: a region that comes along with its words is not read out.
  const announce = (words) => {
    document.getElementById("ansage").textContent = words;
  };
  const focusSummary = (part) => {
    part.querySelector("[data-focus]")?.focus();
  };

  document.addEventListener("htmx:responseError", () => say(SENTENCE));
  document.addEventListener("htmx:sendError", () => say(SENTENCE));
  document.addEventListener("htmx:timeout", () => say(SENTENCE));
  document.addEventListener("htmx:beforeOnLoad", () => {
    say("");
    announce("");
  });
  document.addEventListener("htmx:load", (event) => {
    focusSummary(event.detail.elt);
    announce(event.detail.elt.querySelector("[data-say]")?.textContent ?? "");
  });
  // A page with errors is the answer to a form. Whoever has mended them and goes back later gets the page anew, not
  // the browser's question whether to send the wrong answers again.
  document.addEventListener("submit", () => {
    if (document.querySelector(".error-summary")) history.replaceState(null, "", location.href);
  });
  focusSummary(document);
})();
