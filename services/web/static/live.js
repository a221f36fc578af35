// Keeps a page's live region up to date. Without this script everything can still be read; it just doesn't grow.
"use strict";

(() => {
  const REST = 1000; // milliseconds between two fetches, however busy the floor is
  const AGAIN = 3000; // milliseconds before trying anew, twice as many each time
  const LONGEST = 15000; // milliseconds before trying anew at most
  const SPEAK = 20000; // milliseconds between two sentences to people who listen to the page
  const live = document.getElementById("live");
  if (!live || !window.EventSource) return;

  let source, wanted = false, busy = false, paused = false, spoken = 0, ends = 0, refused = 0, missed = 0;

  // Spread, so that a hall full of screens doesn't come at once.
  const later = (times) => Math.min(LONGEST, AGAIN * 2 ** times) * (0.5 + Math.random() / 2);

  const show = (fresh) => {
    const sign = document.getElementById("sign");
    document.documentElement.toggleAttribute("data-stale", !fresh);
    if (!sign) return;
    sign.querySelector(".sign-on").hidden = !fresh;
    sign.querySelector(".sign-stale").hidden = fresh;
  };

  const listen = () => {
    source = new EventSource(live.dataset.stream);
    source.addEventListener("open", () => { refused = 0; show(true); });
    source.addEventListener("changed", () => { wanted = true; refresh(); });
    source.addEventListener("bye", (event) => {
      source.close();
      if (event.data === "lifetime") listen(); // it lasted its time, and is simply taken up again
      else alone();
    });
    source.addEventListener("error", () => {
      show(false);
      if (source.readyState === EventSource.CLOSED) alone();
    });
  };

  const alone = () => { // without a stream the page looks for itself, as often as it asks for a new one
    show(false);
    wanted = true;
    refresh();
    setTimeout(listen, later(refused++));
  };

  const refresh = async () => {
    if (busy || !wanted) return;
    busy = true;
    wanted = false;
    let rest = REST;
    try {
      const answer = await fetch(live.dataset.fragment, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = document.createElement("template");
      page.innerHTML = await answer.text();
      replace(page.content.getElementById("live"));
      missed = 0;
      if (source.readyState === EventSource.OPEN) show(true);
    } catch {
      show(false);
      wanted = true;
      rest = later(missed++);
    }
    setTimeout(() => { busy = false; refresh(); }, rest);
  };

  const replace = (next) => {
    const before = new Set([...live.querySelectorAll("[data-id]")].map((one) => one.dataset.id));
    const count = live.querySelector("#count")?.dataset.count;
    const state = live.querySelector("[data-state]")?.dataset.state;
    const focused = live.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const held = paused && live.querySelector("#ticker");
    const ticker = next.querySelector("#ticker");
    if (held && ticker) ticker.replaceWith(held);
    Object.assign(live.dataset, { ...next.dataset });
    live.replaceChildren(...next.childNodes);
    for (const one of live.querySelectorAll("[data-id]")) if (!before.has(one.dataset.id)) one.classList.add("is-new");
    const counter = live.querySelector("#count");
    if (counter && counter.dataset.count !== count) counter.classList.add("turned");
    const board = live.querySelector("[data-state]");
    if (board && state && board.dataset.state !== state) board.classList.add("gong");
    if (focused) [...live.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === focused)?.focus();
    offer();
    wind();
    speak(board && board.dataset.state !== state);
  };

  const speak = (now) => {
    const sentence = live.querySelector("#say")?.textContent, voice = document.getElementById("spoken");
    if (!sentence || !voice || (!now && Date.now() - spoken < SPEAK)) return;
    spoken = Date.now();
    voice.textContent = sentence;
  };

  const wind = () => {
    const clock = document.getElementById("clock");
    if (!clock) return;
    ends = performance.now() + 1000 * Number(clock.dataset.left);
    tick();
  };

  const tick = () => {
    const clock = document.getElementById("clock");
    if (!clock) return;
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60;
    clock.textContent = left === 0 ? clock.dataset.over
      : hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
  };

  const offer = () => { // a list that moves can be held
    if (pause) pause.hidden = !live.querySelector(".ticker");
  };

  const pause = document.getElementById("pause");
  if (pause) {
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
      document.getElementById("paused").hidden = !paused;
      if (!paused) { wanted = true; refresh(); }
    });
  }

  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  offer();
  wind();
  setInterval(tick, 1000);
  listen();
})();
