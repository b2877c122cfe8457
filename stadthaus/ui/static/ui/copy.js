"use strict";
// A button behind each <dd data-copy="…"> of a description list copies it, or its text if the attribute is empty.
// Where the browser lets no script copy, the value is marked for a copy by hand; without JavaScript a tap marks it.
(() => {
  if (!navigator.clipboard) return;
  for (const value of document.querySelectorAll("dd[data-copy]")) {
    const place = document.createElement("dd");
    const button = document.createElement("button");
    const name = document.createElement("span");
    const said = document.createElement("span");
    place.className = "facts__action";
    button.className = "link-button";
    button.type = "button";
    said.textContent = "Kopieren";
    said.setAttribute("aria-live", "polite");
    name.className = "kern-sr-only";
    name.textContent = `: ${value.previousElementSibling.textContent}`;
    button.append(said, name);
    place.append(button);
    value.after(place);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(value.dataset.copy || value.textContent);
        said.textContent = "Kopiert";
      } catch {
        getSelection().selectAllChildren(value);
        said.textContent = "Markiert";
      }
    });
  }
})();
