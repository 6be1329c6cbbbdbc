// A demand saves itself while it is written, and the comparison prints. Both are there without this file: the draft has
// a button, the browser has its own printing.

const QUIET_MS = 1200;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const said = form.querySelector("[data-saved]");
  let timer = 0;
  const save = async () => {
    if (form.dataset.sent) return;
    const typed = new FormData(form);
    typed.set("save", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, headers: { "X-Autosave": "1" } });
      said.textContent = answer.ok ? "已自动保存草稿" : "草稿暂未保存，请点“保存草稿”";
    } catch {
      said.textContent = "网络不通，草稿暂未保存";
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  // What was typed before this file had come.
  const untouched = (one) => one.value === (one.defaultValue ?? one.value) && one.checked === one.defaultChecked;
  if (![...form.elements].every(untouched)) later();
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
