"use strict";
// A device that breaks off, or finds no key, says nothing to the page: allauth tells it to the document, we to the person.
document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-key-failed]");
  if (!said) return;
  event.preventDefault(); // it is said on the page, not in the console
  said.hidden = false;
  said.focus();
});
