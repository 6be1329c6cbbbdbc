// "换一张" without losing what was typed: only the picture is fetched anew. Without this script the form comes back.

for (const button of document.querySelectorAll("button[data-new-picture]")) {
  const picture = document.getElementById(button.dataset.newPicture);
  if (!picture) continue;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    picture.src = `/captcha.webp?${Date.now()}`;
  });
}
