
// A seal is checked by its key (C2SP signed-note, Ed25519), and an entry by its hashes up to
// the root in that seal (RFC 6962, section 2.1.1). Each step says what it found.
(async () => {
  const entry = document.querySelector("[data-proof]");
  const seal = document.querySelector("[data-checkpoint]");
  const section = entry ?? seal;
  if (!section) return;
  const say = (text, className) => {
    const answer = section.querySelector("[role=status]");
    answer.textContent = text;
    answer.className = "check " + className;
  };
  const step = (number, text) => {
    const step = section.querySelector("ol.steps li:nth-child(" + number + ")");
    if (step) step.textContent = text;
  };
  const subtle = window.crypto?.subtle;
  if (!subtle) {
    say("This browser checks only on a secure address (https). " + (entry ? "Keep the proof, and check it with a tool." : "Keep the seal, and check it with a tool."), "");
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text64 = (data) => btoa(String.fromCharCode(...data));
  const utf8 = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const hash = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
  const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

  // Whether the key signed the note: true, false, or nothing where this browser lacks Ed25519.
  const isSigned = async (note, line) => {
    const [, name, id, data] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line);
    const key = bytes(data);
    const end = note.lastIndexOf("\n\n") + 1;
    const named = await hash(utf8(name + "\n"), key);
    const digits = [...named.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (key[0] !== 1 || digits !== id) return false;
    let verifier;
    try {
      verifier = await subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return undefined;
    }
    for (const signature of note.slice(end + 1).split("\n")) {
      if (!signature.startsWith("\u2014 " + name + " ")) continue;
      const signed = bytes(signature.slice(name.length + 3));
      if (!same(signed.slice(0, 4), named.slice(0, 4))) continue;
      if (await subtle.verify("Ed25519", verifier, signed.slice(4), utf8(note.slice(0, end)))) return true;
    }
    return false;
  };

  // The root to which the hashes lead from an entry; nothing where they do not fit the size.
  const rootOf = async (leaf, leafIndex, size, hashes) => {
    let node = leaf;
    let index = leafIndex;
    let last = size - 1n;
    for (const text of hashes) {
      const beside = bytes(text);
      if (last === 0n) return undefined;
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
    return last === 0n ? node : undefined;
  };

  const signature = async (note, number) => {
    const signed = await isSigned(note, section.dataset.key);
    const texts = new Map([
      [true, "The key of the register has signed that root."],
      [false, "The signature is not that of the key of the register."],
      [undefined, "This browser cannot check the signature: it has no Ed25519."],
    ]);
    step(number, texts.get(signed));
    return signed;
  };

  try {
    if (!entry) {
      const signed = await signature(seal.dataset.checkpoint, 0);
      if (signed) say("Signed: the key of the register has signed this seal. Compare the key with the published one.", "outcome yes");
      else if (signed === false) say("The signature is not that of the key of the register. Tell the keeper, and keep the seal.", "outcome no");
      else say("This browser cannot check the signature. Keep the seal, and check it with a tool.", "");
      return;
    }
    const answer = await fetch(entry.dataset.proof);
    if (!answer.ok) throw new Error("no proof");
    const proof = await answer.json();
    const lines = proof.checkpoint.split("\n");
    const size = BigInt(lines[1]);
    const hashes = proof.hashes ?? [];
    const leaf = proof.record ? await hash([0], bytes(proof.record)) : bytes(proof.leafHash);
    step(1, proof.record
      ? "The stored bytes of the entry have the hash " + text64(leaf) + "."
      : "You may not read the entry. The register gives its hash as " + text64(leaf) + ".");
    const root = await rootOf(leaf, BigInt(proof.leafIndex ?? 0), size, hashes);
    step(2, "With " + hashes.length + " hashes of other entries it leads to " + (root ? text64(root) : "no root") + ".");
    // The proof of another entry is as good, but not of this page.
    const isOfThisEntry = entry.dataset.proof === "/entries/" + (BigInt(proof.leafIndex ?? 0) + 1n) + "/proof.json";
    const leads = isOfThisEntry && root !== undefined && same(root, bytes(lines[2]));
    step(3, "The seal of " + size + " entries has the root " + lines[2] + (leads ? ", the same." : ": another one."));
    const signed = await signature(proof.checkpoint, 4);
    if (!leads) say("This entry does not lead to the signed root. Tell the keeper of the register, and keep the proof.", "outcome no");
    else if (signed === false) say("This entry leads to the root, but the signature is not that of the key of the register. Tell the keeper, and keep the proof.", "outcome no");
    else if (signed === undefined) say("This entry of " + size + " leads to the root " + lines[2] + ". This browser cannot check the signature of that root.", "outcome waits");
    else say("Unaltered: this entry of " + size + " leads to the signed root " + lines[2] + ".", "outcome yes");
  } catch {
    say("The check could not be made here. Keep " + (entry ? "the proof" : "the seal") + ", and check it with a tool.", "");
  }
})();
