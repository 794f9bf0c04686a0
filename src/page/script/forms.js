// A form says what would happen while one types. Nothing is recorded: the same form is sent
// to the same address, which answers with that part of the page.
(() => {
  const form = document.querySelector("form[data-check]");
  const region = document.getElementById("check");
  if (!form || !region || !window.fetch) return;
  let timer = 0;
  let asked = 0;
  const check = async () => {
    const number = ++asked;
    const boxes = new URLSearchParams(new FormData(form));
    boxes.set("step", "check");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: boxes,
        headers: { Accept: "text/html", "X-Minutebook-Fragment": "check" },
      });
      // Only the answer to what is in the boxes now is shown.
      if (!answer.ok || answer.redirected || number !== asked) return;
      region.innerHTML = await answer.text();
    } catch {
      // The button still checks.
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, 900);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
})();

// The list of problems is the first thing to be read.
document.getElementById("problem")?.focus();
