// Runs before anything is drawn: takes the reader's colours, then loads the page.
(() => {
  try {
    const theme = localStorage.getItem("ferrogw.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // A browser that keeps nothing shows the system's colours.
  }
  import("{{glue}}")
    .then((program) => program.default({ module_or_path: "{{wasm}}" }))
    .catch((error) => {
      console.error(error);
      const text = document.getElementById("splash-text");
      if (text) {
        text.textContent = "The dashboard could not be loaded. Load the page again; if that does not help, this browser may be too old.";
      }
    });
})();
