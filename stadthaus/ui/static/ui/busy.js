"use strict";
// Marks a form that is on its way, so that a second tap sends nothing twice. Without JavaScript the
// server's idempotency key does the same. And keeps the second tap of two from a button it was not meant for.
(() => {
  const AGAIN_AFTER = 15000; // a download leaves the page where it is; a lost answer may be asked for again
  const sent = new Map();

  function restore(form) {
    const { button, label, words, timer } = sent.get(form);
    clearTimeout(timer);
    label.textContent = words;
    button.removeAttribute("aria-disabled");
    form.removeAttribute("aria-busy");
    sent.delete(form);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented || !button || form.method !== "post" || form.matches("[hx-post],[data-no-busy]")) return;
    const label = button.querySelector(".kern-label") ?? button;
    if (label.childElementCount || button.matches(".stepper__button,[hx-post]")) return;
    sent.set(form, { button, label, words: label.textContent, timer: setTimeout(restore, AGAIN_AFTER, form) });
    label.textContent = "Wird gesendet …";
    button.setAttribute("aria-disabled", "true");
    form.setAttribute("aria-busy", "true");
  });

  // Where a line has just gone, the next one stands under the finger: the second tap of two is not for it.
  let tapped = "";
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.(".stepper__button");
      if (event.detail <= 1) tapped = button?.id;
      else if (button && button.id !== tapped) event.preventDefault();
    },
    true,
  );

  // Back button: the page comes out of the browser's memory as it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) [...sent.keys()].forEach(restore);
  });
})();
