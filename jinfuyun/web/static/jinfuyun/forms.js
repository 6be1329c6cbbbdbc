// Forms: one submission for two clicks, a question before what cannot be undone, the countdown of the SMS button.
// The server guards all of this again.

const SAME_FORM_AGAIN_MS = 10000;

const dialog = document.getElementById("confirm");

function ask(text) {
  return new Promise((resolve) => {
    dialog.querySelector(".confirm-text").textContent = text;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (question && !form.dataset.confirmed && dialog?.showModal) {
    event.preventDefault();
    if (await ask(question)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(button ?? undefined);
    }
    return;
  }
  delete form.dataset.confirmed;
  if (form.method === "post") {
    form.dataset.sent = "yes";
    button?.setAttribute("aria-disabled", "true");
    setTimeout(release, SAME_FORM_AGAIN_MS); // a download leaves the page where it is
  }
});

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

// The back button brings a page from memory: its forms may be sent again.
window.addEventListener("pageshow", release);

for (const button of document.querySelectorAll("button[data-countdown]")) {
  const label = button.textContent;
  const end = Date.now() + Number(button.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${left} 秒后可重新获取` : label;
    if (left > 0) setTimeout(tick, 250);
  };
  if (Number(button.dataset.countdown) > 0) tick();
}
