// A large file goes in parts, by the protocol tus 1.0: with its progress shown, and on from where a broken line left it.
// What the beginning of a file tells is said before the rest is sent. Without this script the form sends the file as a whole.
"use strict";
{
  const SMALL = 256 * 1024;  // bytes; a file up to this size goes with the form itself, and the first part of a larger one is as large
  const LARGEST = 8 * 1024 * 1024;  // of a part; the last one may be twice as large
  const PART_SECONDS = 4;  // what a broken line costs at most
  const HEAD = 48 * 1024;
  const RATE_OVER = 6000;  // ms over which the speed is measured
  const LONGEST_LOOK = 5000;  // ms that a press waits for what the beginning tells
  const LONGEST_WAIT = 30000;  // ms between two tries to reach the server

  const find = (selector) => document.querySelector(selector);
  const language = document.documentElement.lang;
  const unit = (unit, digits) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", minimumFractionDigits: digits, maximumFractionDigits: digits });
  const megabytes = (bytes) => unit("megabyte", bytes < 1e8 ? 1 : 0).format(bytes / 1e6);
  const inWords = (seconds) => seconds < 90
    ? unit("second", 0).format(Math.max(1, Math.round(seconds)))
    : unit("minute", 0).format(Math.round(seconds / 60));

  const stay = (event) => event.preventDefault();  // while parts are on their way

  // -- requests -------------------------------------------------------------------------------------------------
  class Refused extends Error {}  // its message is a sentence for the person
  class Broken extends Error {}  // nobody answered, or not in a way that anything follows from

  const HEADERS = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "HX-Current-URL": location.href });

  const ask = (method, url, { headers = {}, body = null, onProgress, signal } = {}) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries({ ...HEADERS(), ...headers })) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const elsewhere = request.getResponseHeader("HX-Redirect");  // the session has ended
      if (elsewhere) { find("#upload-form").dispatchEvent(new Event("session-ended", { bubbles: true })); removeEventListener("beforeunload", stay); location.assign(elsewhere); }
      else resolve(request);
    };
    request.onerror = request.onabort = () => reject(new Broken());
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });

  const TUS = { "Tus-Resumable": "1.0.0" };
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  const checked = (answer, ...good) => {
    if (good.includes(answer.status)) return answer;
    if (answer.status === 404 || answer.status === 409 || answer.status >= 500 && answer.status !== 507) throw new Broken();
    const isSentence = answer.getResponseHeader("Content-Type")?.startsWith("text/plain");
    throw new Refused(isSentence ? answer.responseText : "");
  };

  // -- which upload belongs to a file ---------------------------------------------------------------------------
  // Kept over a reload. The same name, size and time are not enough to join two halves: what was sent is compared by its checksum.
  const TABLE = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1; return n; });
  const crc = async (blob, sum = 0) => {
    for (let at = 0; at < blob.size; at += LARGEST) {
      sum = ~sum;
      for (const byte of new Uint8Array(await blob.slice(at, at + LARGEST).arrayBuffer())) sum = TABLE[(sum ^ byte) & 255] ^ sum >>> 8;
      sum = ~sum;
    }
    return sum;
  };
  const keyOf = (file) => `upload ${file.size} ${file.lastModified} ${file.name}`;
  const remember = (file, kept) => { try { localStorage.setItem(keyOf(file), JSON.stringify(kept)); } catch { /* no room, or forbidden */ } };
  const forget = (file) => { try { localStorage.removeItem(keyOf(file)); } catch { /* forbidden */ } };
  const remembered = async (file) => {
    try {
      const kept = JSON.parse(localStorage.getItem(keyOf(file)));
      return kept && await crc(file.slice(0, kept.offset)) === kept.sum ? kept : null;
    } catch { return null; }
  };

  // -- what is shown --------------------------------------------------------------------------------------------
  class View {
    constructor(form, file) {
      this.form = form;
      this.total = file.size;
      this.room = find("#upload-progress");
      this.texts = this.room.dataset;
      this.samples = [];
      this.quarter = 0;
      find("#upload-what").textContent = file.name;
      this.lock(true);
      this.say(this.texts.starting);
      find("#upload-cancel").focus();
    }
    lock(is) {
      this.room.hidden = !is;
      for (const part of this.form.querySelectorAll("[data-before-upload]")) part.hidden = is;
    }
    write(text, of = {}) {
      find("#upload-now").textContent = text.replace(/\{(\w+)\}/g, (_, name) => of[name]);
    }
    say(text, of = {}) {
      this.write(text, of);
      find("#upload-said").textContent = find("#upload-now").textContent;
    }
    sizes(done) { return { done: megabytes(done), total: megabytes(this.total) }; }
    show(done) {
      const now = performance.now();
      this.samples = [...this.samples.filter(([at]) => now - at < RATE_OVER), [now, done]];
      const [[since, before]] = this.samples;
      const rate = (done - before) * 1000 / (now - since);
      find("#upload-bar").value = done / this.total;
      if (rate > 0 && this.samples.length > 2) this.write(this.texts.now, { ...this.sizes(done), rate: unit("megabyte-per-second", 1).format(rate / 1e6), left: inWords((this.total - done) / rate) });
      const quarter = Math.floor(4 * done / this.total);
      if (quarter > this.quarter && quarter < 4) find("#upload-said").textContent = find("#upload-now").textContent;
      this.quarter = quarter;
    }
    interrupted(done) { this.samples = []; this.say(this.texts.interrupted, this.sizes(done)); }
    end(problem) {
      this.lock(false);
      if (problem) showProblem(problem); else this.form.querySelector("button.button-main").focus();
    }
  }

  const showProblem = (sentence) => {
    const room = find("#file-problem"), input = find("#upload-form input[type=file]");
    room.hidden = !sentence;
    room.querySelector("span").textContent = sentence;
    if (sentence) { input.setAttribute("aria-invalid", "true"); input.focus(); } else input.removeAttribute("aria-invalid");
  };

  // -- sending --------------------------------------------------------------------------------------------------
  const announce = async (file, signal) => {
    const headers = { ...TUS, "Upload-Length": file.size, "Upload-Metadata": `filename ${base64(file.name)}` };
    const answer = checked(await ask("POST", find("#upload-form").dataset.begin, { headers, signal }), 201);
    const kept = { url: answer.getResponseHeader("Location"), offset: 0, sum: 0 };
    remember(file, kept);
    return kept;
  };

  const reached = async (kept, signal) => {
    const answer = await ask("HEAD", kept.url, { headers: TUS, signal });
    return answer.status === 404 ? null : Number(checked(answer, 200).getResponseHeader("Upload-Offset"));
  };

  const tryAgainSoon = (milliseconds, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true });
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
  });

  // The address once all of it has arrived.
  const send = async (file, view, signal) => {
    let kept = await remembered(file), offset = 0, size = SMALL, wait = 500, isBroken = Boolean(kept);
    for (;;) {
      try {
        if (kept && isBroken) {
          offset = await reached(kept, signal);
          if (offset === null) kept = null; else if (offset) view.say(view.texts.resumed, view.sizes(offset));
        }
        if (!kept) { kept = await announce(file, signal); offset = 0; }
        isBroken = false;
        while (offset < file.size) {
          const part = file.slice(offset, file.size - offset < 2 * size ? file.size : offset + size), from = offset, began = performance.now();
          const headers = { ...TUS, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
          const onProgress = (loaded) => { view.show(from + loaded); if (from + loaded >= file.size) view.say(view.texts.finishing); };
          const answer = checked(await ask("PATCH", kept.url, { headers, body: part, onProgress, signal }), 204);
          offset = Number(answer.getResponseHeader("Upload-Offset"));
          kept = { url: kept.url, offset, sum: await crc(part, kept.sum) };
          remember(file, kept);
          size = Math.min(LARGEST, Math.max(SMALL, Math.round(part.size * PART_SECONDS * 1000 / (performance.now() - began))));
          wait = 500;
        }
        return kept.url;
      } catch (error) {
        if (signal.aborted || !(error instanceof Broken)) { error.kept = kept; throw error; }
        isBroken = true;
        view.interrupted(offset ?? 0);
        await tryAgainSoon(wait, signal);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
  };

  const upload = async (form, file) => {
    const view = new View(form, file), cancelling = new AbortController();
    find("#upload-cancel").onclick = () => cancelling.abort();
    addEventListener("beforeunload", stay);
    try {
      const url = await send(file, view, cancelling.signal);
      removeEventListener("beforeunload", stay);
      forget(file);
      form.querySelector("input[type=file]").disabled = true;
      form.elements.upload.value = url.split("/").at(-2);
      form.requestSubmit();
    } catch (error) {
      removeEventListener("beforeunload", stay);
      if (cancelling.signal.aborted) {
        forget(file);
        if (error.kept) ask("DELETE", error.kept.url, { headers: TUS }).catch(() => null);
        view.say(view.texts.cancelled);
        view.end();
      } else view.end(error.message || view.texts.failed);
    }
  };

  // -- the form -------------------------------------------------------------------------------------------------
  let looking = Promise.resolve();
  const look = async (form, file) => {
    if (!file) return "";
    try {
      const answer = await ask("POST", `${form.dataset.look}?size=${file.size}`, { body: file.slice(0, HEAD), headers: { "Content-Type": "application/octet-stream" } });
      return answer.status === 422 ? answer.responseText : "";
    } catch { return ""; }  // it will be said once all of it is there
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("#upload-form"), file = event.target.files?.[0];
    if (!form || event.target.type !== "file") return;
    showProblem("");
    form.elements.upload.value = "";
    looking = look(form, file).then((problem) => { if (event.target.files[0] === file) { showProblem(problem); return problem; } return ""; });
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target, file = form.querySelector("input[type=file]")?.files[0];
    if (form.id !== "upload-form" || form.elements.upload.value || !file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!form.elements.campaign.reportValidity() || form.dataset.busy) return;
    form.dataset.busy = "yes";
    const problem = await Promise.race([looking, new Promise((resolve) => setTimeout(resolve, LONGEST_LOOK))]);
    if (problem) showProblem(problem);
    else if (file.size > SMALL) await upload(form, file);
    else { form.elements.upload.value = ""; form.submit(); return; }
    delete form.dataset.busy;
  }, true);

  addEventListener("pageshow", (event) => { if (event.persisted && find("#upload-form")) location.reload(); });
}
