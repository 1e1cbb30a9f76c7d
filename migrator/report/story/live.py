"""The script of `serve`: looks again now and then, and says so politely where something has changed.

Without it the pages are whole, and a link looks again. It can be paused; a hidden page does not ask.
"""

SCRIPT = """\
(() => {
  const every = 10000;
  const live = document.getElementById("live");
  const said = document.getElementById("said");
  const button = document.getElementById("pause");
  let runs = true;
  let silent = false;
  button.hidden = false;
  button.addEventListener("click", () => {
    runs = !runs;
    button.textContent = runs ? "Pause updates" : "Resume updates";
  });
  const show = (fresh) => {
    const held = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    live.replaceChildren(...fresh.childNodes);
    live.dataset.state = fresh.dataset.state;
    if (held) {
      const again = [...live.querySelectorAll("a")].find((each) => each.getAttribute("href") === held);
      if (again) again.focus({ preventScroll: true });
    }
    said.textContent = "Updated: something has changed.";
  };
  const look = async () => {
    if (!runs || document.hidden) return;
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("live");
      const asof = page.getElementById("asof");
      if (silent) said.textContent = "Updates go on.";
      silent = false;
      if (fresh.dataset.state !== live.dataset.state) show(fresh);
      if (asof) document.getElementById("asof").replaceChildren(...asof.childNodes);
    } catch {
      if (!silent) said.textContent = "Updates have stopped: the server does not answer as before.";
      silent = true;
    }
  };
  setInterval(look, every);
})();
"""
