// What makes a page better where scripts run. Nothing here is needed to read or to record.
"use strict";

// An open page learns of new entries, and offers to show them.
(() => {
  const known = document.documentElement.dataset.position;
  if (!known || !window.EventSource) return;
  const news = new EventSource("/news?after=" + encodeURIComponent(known));
  news.addEventListener("entry", (event) => {
    let note = document.getElementById("news");
    if (!note) {
      note = document.createElement("p");
      note.id = "news";
      note.className = "live";
      note.setAttribute("role", "status");
      document.body.append(note);
    }
    const count = Number(event.data) - Number(known);
    note.textContent = count === 1 ? "One entry was recorded since. " : count + " entries were recorded since. ";
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Show the page as it is now";
    note.append(again);
  });
  addEventListener("pagehide", () => news.close());
})();
