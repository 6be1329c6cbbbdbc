// A product's form keeps itself while it is filled in: one saving at a time, tried again when the line is back. Without
// this file there is a button for it, and rows are made anew by the server as they are with it.

const QUIET_MS = 1500;
const AGAIN_MS = 5000;

for (const form of document.querySelectorAll("form[data-keeps]")) {
  const said = form.querySelector("[data-kept]");
  let timer = 0;
  let unsaved = false;
  let saving = null;
  const soon = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const save = async () => {
    if (saving || !unsaved) return;
    unsaved = false;
    saving = new AbortController();
    const typed = new FormData(form);
    typed.set("keep", "1");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: typed, headers: { "X-Autosave": "1" }, redirect: "error", signal: saving.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      said.textContent = await answer.text();
    } catch (trouble) {
      if (trouble.name === "AbortError") return;
      unsaved = true;
      said.textContent = "暂未保存：内容还在本页，请勿关闭，正在重试…";
    } finally {
      saving = null;
    }
    if (unsaved) soon(AGAIN_MS);
  };
  const changed = () => {
    unsaved = true;
    soon(QUIET_MS);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("htmx:afterSwap", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    unsaved = false;
    saving?.abort();
  });
  window.addEventListener("online", () => soon(0));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
