"use strict";
// A device that breaks off, or finds no key, says nothing on the page: allauth tells the document, and we the person.
document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-key-failed]");
  if (!said) return;
  event.preventDefault(); // it is said on the page, not in the console
  said.hidden = false;
  said.focus();
});
