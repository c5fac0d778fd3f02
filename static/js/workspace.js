// The case workspace: what htmx and the server cannot do alone. Without it the page works the same, only plainer.
"use strict";

(function () {
  const page = () => document.getElementById("workspace");
  let isDirty = false;
  let dirtyForm = null;

  function count(area) {
    const note = document.querySelector(`[data-count-for="${area.id}"]`);
    if (!note) return;
    const length = area.value.trim().length;
    const least = Number(area.dataset.least || 0);
    note.textContent = `${length} ${length < least ? note.dataset.short : note.dataset.enough}`;
    note.classList.toggle("is-short", length > 0 && length < least);
  }

  function countAll() {
    document.querySelectorAll("textarea[data-least]").forEach(count);
  }

  function mark(dirty, form) {
    isDirty = dirty;
    dirtyForm = form;
    document.querySelectorAll("[data-dirty]").forEach((note) => { note.hidden = !dirty; });
  }

  // Points that nobody has typed follow the suggestion; points that somebody typed stay.
  function followSuggestions() {
    document.querySelectorAll("[data-suggested]").forEach((hint) => {
      const line = hint.closest(".ws-line");
      const points = line && line.querySelector("input[name$='-points']");
      if (points && (points.value === "" || points.dataset.followed === points.value)) {
        points.value = hint.dataset.suggested;
        points.dataset.followed = points.value;
      }
    });
  }

  function tickedStates() {
    return Array.from(document.querySelectorAll("input[name=chosen]:checked"), (box) => box.dataset.state);
  }

  function showTicked() {
    const states = tickedStates();
    document.querySelectorAll("[data-ticked]").forEach((note) => {
      note.textContent = states.length ? `${note.dataset.some} ${states.length}` : note.dataset.none;
    });
    document.querySelectorAll("[data-needs]").forEach((button) => {
      const needs = button.dataset.needs.split(" ");
      button.disabled = !states.length || states.some((state) => !needs.includes(state));
    });
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-least]")) count(event.target);
    const form = event.target.closest("form[data-guard]");
    if (form) mark(true, form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      document.querySelectorAll("input[name=chosen]").forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-all], input[name=chosen]")) showTicked();
    const form = event.target.closest("form[data-guard]");
    if (form) mark(true, form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-viewer]")) {
      const viewer = document.getElementById("viewer");
      viewer.open = true;
      viewer.scrollIntoView({ block: "nearest" });
    } else if (isDirty && dirtyForm !== event.target && !window.confirm(page().dataset.leave)) {
      event.preventDefault();
    } else {
      isDirty = false;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isDirty) return;
    event.preventDefault();
    event.returnValue = page().dataset.leave;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    countAll();
    followSuggestions();
    if (event.target.id === "lines") {
      mark(true, document.getElementById("person-form"));
      const last = event.target.querySelector(".ws-line:last-of-type select");
      if (last) last.focus();
    }
  });
  ["htmx:responseError", "htmx:sendError"].forEach((name) => {
    document.addEventListener(name, () => { document.getElementById("ws-live").textContent = page().dataset.failed; });
  });

  document.addEventListener("DOMContentLoaded", () => {
    countAll();
    showTicked();
    const faults = document.querySelector(".ws-faults");
    if (faults) {
      faults.focus();
      if (document.getElementById("faults")) mark(true, document.getElementById("person-form"));
    }
  });
})();
