// The page around the content: menus, messages. Everything works without this file; it only makes it smoother.

const MESSAGE_STAYS_MS = 8000;

// A click elsewhere or Escape closes an open account menu.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Good news may go by itself, unless somebody is reading it; trouble stays until it is closed.
for (const message of document.querySelectorAll("[data-toast]")) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", "关闭提示");
  close.innerHTML = '<i class="bi bi-x-lg" aria-hidden="true"></i>';
  close.addEventListener("click", () => message.remove());
  message.append(close);
  if (message.classList.contains("toast-success")) {
    setTimeout(() => {
      if (!message.matches(":hover, :focus-within")) message.remove();
    }, MESSAGE_STAYS_MS);
  }
}

// Print without a toolbar in reach, as on a phone.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

// After a refused form the reader is taken to what is wrong.
document.querySelector("[data-focus]")?.focus();
