// One style sheet for all pages: what they use of KERN, then ours.
//   node build_css.mjs <project> <output.css>
// Called by `manage.py build_front_end`; reads no network.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";

const [project, output] = process.argv.slice(2);

// Later files may overrule earlier ones.
const OWN = ["ground", "frame", "fields", "order", "content", "desk", "crew", "print"];
const own = OWN.map((name) => readFileSync(new URL(`css/${name}.css`, import.meta.url), "utf8")).join("\n");

const kernFile = createRequire(import.meta.url).resolve("@kern-ux/native/dist/kern.css");
const kern = readFileSync(kernFile, "utf8")
  // The theme follows the device (prefers-color-scheme): switches by attribute and class are dead weight, `body` stays.
  .replace(/:is\(body,[^)]*\)/g, "body")
  // A button with words for screen readers beside its label is no icon button: KERN would make it square.
  .replaceAll(":has(.kern-sr-only)", ":has(> .kern-label.kern-sr-only)");

// `{% icon "check" %}` and `icon("check")` name an icon without its class.
const iconCalls = /\bicon[\s(]+["']([a-z-]+)["'](?:[\s,]+["']([a-z-]+)["'])?/g;

function words(content) {
  const found = content.match(/[A-Za-z0-9_-]+/g) ?? [];
  for (const [, name, size] of content.matchAll(iconCalls)) {
    found.push(`kern-icon--${name}`, `kern-icon--${size}`);
  }
  return found;
}

const [purged] = await new PurgeCSS().purge({
  content: [
    path.join(project, "stadthaus/**/templates/**/*.html"),
    path.join(project, "stadthaus/**/!(test_)*.py"),
    path.join(project, "stadthaus/ui/static/ui/*.js"),
  ],
  css: [{ raw: kern }],
  defaultExtractor: words,
  // Kinds of alerts, badges and icons are chosen while a page is made, not written in a template.
  safelist: [/^kern-(alert|badge|form-input|form-check|fieldset)/, /^kern-icon--(info|success|warning|danger)$/],
  // Text, links, lists and tables are styled by element in our own files, with or without KERN's class.
  blocklist: [/^kern-(light|dark|layer|level|body|heading|link|list|table|dialog|kopfzeile-)/, /data-kern-theme/],
  keyframes: true,
});

// Custom properties that neither KERN's remaining rules nor ours read; removing some frees others.
function withoutUnusedProperties(css) {
  const used = new Set([...(css + own).matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  const pruned = css.replace(/(--kern-[\w-]+)\s*:[^;{}]*(?:;|(?=}))/g, (whole, name) => (used.has(name) ? whole : ""));
  return pruned === css ? css : withoutUnusedProperties(pruned);
}

const css = `${withoutUnusedProperties(purged.css)}\n${own}`;
const { code } = transform({ filename: "stadthaus.css", code: Buffer.from(css), minify: true });
writeFileSync(output, code);
