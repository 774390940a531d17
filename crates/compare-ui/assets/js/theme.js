// Sets the theme and the colours before the first paint, so that nothing flashes.
"use strict";
(() => {
  const root = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden; then the system's choice stands
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // lasts for this page only
    }
  };
  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (kept("palette") === "safe") root.dataset.palette = "safe";

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme")?.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      keep("theme", root.dataset.theme);
      dispatchEvent(new Event("themechange"));
    });
    for (const input of document.querySelectorAll('input[name="palette"]')) {
      input.checked = (root.dataset.palette ?? "red-blue") === input.value;
      input.addEventListener("change", () => {
        if (input.value === "safe") root.dataset.palette = "safe";
        else delete root.dataset.palette;
        keep("palette", input.value);
      });
    }
  });
})();
