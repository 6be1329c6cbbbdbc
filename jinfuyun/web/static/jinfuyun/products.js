// A product's form keeps itself while it is filled in: one saving at a time, tried again when the line is back or its
// writer has signed in again. Without this file there is a button for it, and rows are made anew by the server as they
// are with it.

const QUIET_MS = 1500;
const AGAIN_MS = 5000;

// What is said when nobody, or somebody else, is signed in: the page stays as it is, signing in happens beside it.
const sayAway = (said) => {
  said.classList.add("kept-away");
  const link = document.createElement("a");
  Object.assign(link, { href: "/login?role=institution", target: "_blank", rel: "noopener" });
  link.textContent = "在新窗口重新登录";
  said.replaceChildren("登录已结束，暂未保存：内容还在本页，请勿关闭。请", link, "，登录后本页接着自动保存。");
};

for (const form of document.querySelectorAll("form[data-keeps]")) {
  const said = form.querySelector("[data-kept]");
  let timer = 0;
  let unsaved = false;
  let away = false;
  let saving = null;
  let sent = false;
  const soon = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const leave = () => {
    unsaved = away = true;
    sayAway(said);
  };
  // Signing in makes the page's token worthless; the page as it is now has another, if it is the same person's.
  const backAgain = async (signal) => {
    const answer = await fetch(form.action, { redirect: "manual", signal });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("form[data-keeps]");
    if (now?.dataset.keeps !== form.dataset.keeps) return false;
    form.elements.csrfmiddlewaretoken.value = now.elements.csrfmiddlewaretoken.value;
    away = false;
    return true;
  };
  const save = async () => {
    if (saving || !unsaved) return;
    unsaved = false;
    const mine = (saving = new AbortController());
    const { signal } = mine;
    try {
      if (away && !(await backAgain(signal))) return leave();
      const typed = new FormData(form);
      typed.set("keep", "1");
      const headers = { "X-Autosave": "1" };
      const answer = await fetch(form.action, { method: "POST", body: typed, headers, redirect: "manual", signal });
      if (answer.type === "opaqueredirect" || answer.status === 403) return leave();
      if (!answer.ok) throw new Error(String(answer.status));
      said.classList.remove("kept-away");
      said.textContent = await answer.text();
    } catch (trouble) {
      if (trouble.name === "AbortError") return;
      unsaved = true;
      said.textContent = "暂未保存：内容还在本页，请勿关闭，正在重试…";
    } finally {
      if (saving === mine) saving = null;
      if (unsaved) soon(AGAIN_MS);
    }
  };
  const changed = () => {
    unsaved = true;
    soon(QUIET_MS);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("htmx:afterSwap", changed);
  // What was typed before this file had come.
  const untouched = (one) => one.value === (one.defaultValue ?? one.value) && one.checked === one.defaultChecked;
  if (![...form.elements].every(untouched)) changed();
  // Rows that came from another address are the login page's.
  form.addEventListener("htmx:beforeSwap", (event) => {
    const { responseURL, status } = event.detail.xhr;
    if (new URL(responseURL).pathname === new URL(form.action).pathname && status !== 403) return;
    event.detail.shouldSwap = false;
    leave();
    soon(AGAIN_MS);
  });
  // Kept once more before the page goes: nothing typed is lost to a sign-in that ended meanwhile.
  form.addEventListener("submit", async (event) => {
    if (sent) return;
    event.preventDefault();
    event.stopPropagation(); // to forms.js it is not sent yet
    clearTimeout(timer);
    saving?.abort();
    saving = null;
    unsaved = true;
    await save();
    if (away) return said.scrollIntoView({ block: "center" });
    clearTimeout(timer);
    unsaved = false;
    sent = true;
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("online", () => soon(0));
  window.addEventListener("focus", () => { if (away) soon(0); });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
