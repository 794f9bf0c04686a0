// What makes a page better where scripts run. Nothing here is needed to read or to record.
"use strict";

// An entry checks its own proof: the stored bytes are hashed, and lead by the hashes of the
// proof to the root in the signed checkpoint (RFC 6962, section 2.1.1).
(async () => {
  const section = document.querySelector("[data-proof]");
  if (!section || !window.crypto?.subtle) return;
  const say = (text, className) => {
    const answer = document.getElementById("proof-answer");
    answer.textContent = text;
    answer.className = className;
  };
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const hash = async (...parts) => {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
  };
  const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
  try {
    const answer = await fetch(section.dataset.proof);
    if (!answer.ok) return;
    const proof = await answer.json();
    const lines = proof.checkpoint.split("\n");
    const [size, root] = [BigInt(lines[1]), bytes(lines[2])];
    let node = proof.record ? await hash([0], bytes(proof.record)) : bytes(proof.leafHash);
    let index = BigInt(proof.leafIndex ?? 0);
    let last = size - 1n;
    for (const text of proof.hashes ?? []) {
      const beside = bytes(text);
      if (last === 0n) throw new Error("too many hashes");
      if (index % 2n === 1n || index === last) {
        node = await hash([1], beside, node);
        while (index % 2n === 0n && index !== 0n) {
          index /= 2n;
          last /= 2n;
        }
      } else {
        node = await hash([1], node, beside);
      }
      index /= 2n;
      last /= 2n;
    }
    if (last === 0n && same(node, root)) {
      say("Unaltered: this entry of " + size + " leads to the signed root " + lines[2] + ".", "outcome yes");
    } else {
      say("This entry does not lead to the signed root. Tell the keeper of the register, and keep the proof.", "outcome no");
    }
  } catch {
    say("The check could not be made here. Keep the proof, and check it with a tool.", "");
  }
})();

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
