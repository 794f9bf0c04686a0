
// A page of now listens for new entries, and offers to show them. It stops while nobody
// looks, and asks again later and later where the server does not answer.
(() => {
  const place = document.querySelector("[data-news]");
  // A page on which somebody writes is not loaded again.
  if (!place || !window.EventSource || document.querySelector("main form[method=post]")) return;
  const known = Number(place.dataset.position);
  let source;
  let wait = 2000;
  let timer;
  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const offer = () => {
    stop();
    document.removeEventListener("visibilitychange", look);
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = "show them";
    place.replaceChildren("New entries were recorded: ", link);
  };
  const listen = () => {
    stop();
    source = new EventSource(place.dataset.news);
    source.onopen = () => { wait = 2000; };
    source.onmessage = (event) => { if (Number(event.data) > known) offer(); };
    source.onerror = () => {
      // The browser would ask again at once and for ever.
      stop();
      timer = setTimeout(listen, wait + Math.random() * 1000);
      wait = Math.min(wait * 2, 300000);
    };
  };
  const look = () => (document.hidden ? stop() : listen());
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", stop);
  look();
})();
