// The wall keeps itself fresh: the middle is fetched anew, and stays as it was while the server is away.

const now = document.getElementById("now");
const away = document.getElementById("away");

async function refresh() {
  let answer;
  try {
    answer = await fetch(now.dataset.from, { redirect: "manual", cache: "no-store" });
  } catch {
    answer = null;
  }
  if (answer?.ok) {
    now.innerHTML = await answer.text();
    away.hidden = true;
    return;
  }
  // A redirect leads to the login page: nobody is signed in any more.
  away.textContent =
    answer?.type === "opaqueredirect" ? "登录已结束，画面不再更新，请重新登录" : "暂时连不上服务器，以下是上次的画面";
  away.hidden = false;
}

setInterval(refresh, Number(now.dataset.seconds) * 1000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.getElementById("leave").click();
});
