"use strict";
// <input data-suggest-url="/adressen/strassen/"> offers suggestions while typing: GET <url>?q=<text> answers
// ["…", "…"]. What is sent stays the text in the input. Without JavaScript the input is a plain one.
(() => {
  const WAIT = 150;
  const escape = (words) => {
    const span = document.createElement("span");
    span.textContent = words;
    return span.innerHTML;
  };
  const textOf = (ids) =>
    (ids ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent.trim())
      .filter(Boolean)
      .join(" ");

  function source(input, isThere) {
    let timer, running;
    return (query, show) => {
      clearTimeout(timer);
      running?.abort();
      timer = setTimeout(async () => {
        running = new AbortController();
        try {
          const address = `${input.dataset.suggestUrl}?q=${encodeURIComponent(query)}`;
          const answer = await fetch(address, { signal: running.signal });
          const found = answer.ok ? await answer.json() : [];
          if (isThere()) show(found);
        } catch (error) {
          if (error.name !== "AbortError") show([]);
        }
      }, WAIT);
    };
  }

  function enhance(input) {
    const box = document.createElement("div");
    box.className = "suggest";
    const hint = textOf(input.getAttribute("aria-describedby"));
    input.replaceWith(box);
    accessibleAutocomplete({
      element: box,
      id: input.id,
      name: input.name,
      defaultValue: input.value,
      // Whoever went on to the next field is not stopped by an answer that comes late.
      source: source(input, () => box.contains(document.activeElement)),
      minLength: 2,
      autoselect: false,
      confirmOnBlur: false,
      displayMenu: "overlay",
      // A list that scrolls would take the focus of the next Tab, and close with it.
      menuAttributes: { tabindex: "-1" },
      inputClasses: input.className,
      placeholder: input.placeholder,
      templates: { inputValue: (label) => label ?? "", suggestion: (label) => escape(label) },
      tAssistiveHint: () => `${hint} Vorschläge erscheinen beim Tippen. Wählen Sie mit den Pfeiltasten und Enter.`.trim(),
      tNoResults: () => "Kein Vorschlag. Sie können einfach weiterschreiben.",
      tStatusNoResults: () => "Kein Vorschlag.",
      tStatusQueryTooShort: (length) => `Tippen Sie mindestens ${length} Zeichen.`,
      tStatusSelectedOption: (label, count, index) => `${label}, ${index + 1} von ${count}, ausgewählt.`,
      tStatusResults: (count, selected) => `${count === 1 ? "1 Vorschlag" : `${count} Vorschläge`}. ${selected}`,
    });
    const live = box.querySelector("input");
    for (const name of ["aria-invalid", "aria-required", "maxlength", "inputmode"]) {
      if (input.hasAttribute(name)) live.setAttribute(name, input.getAttribute(name));
    }
  }

  const enhanceAll = (part) => part.querySelectorAll("input[data-suggest-url]").forEach(enhance);
  document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt));
  enhanceAll(document);
})();
