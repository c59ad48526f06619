"use strict";
// The page is complete without this: it hides schedules that don't match the filter, fades other people, scrolls to now.
const filter = document.getElementById("filter");
const cards = [...document.querySelectorAll(".schedule")];
const rows = [...document.querySelectorAll(".now tbody tr, .calendars li")];
const words = (node) => (node.dataset.words || node.textContent).toLowerCase();
function apply() {
  const wanted = filter.value.trim().toLowerCase();
  for (const node of [...cards, ...rows]) node.classList.toggle("hidden", !words(node).includes(wanted));
  for (const team of document.querySelectorAll(".team")) {
    team.classList.toggle("hidden", wanted !== "" && !team.querySelector(".schedule:not(.hidden)"));
  }
  for (const card of cards) {
    let some = false;
    for (const bar of card.querySelectorAll(".bar")) {
      const hit = wanted !== "" && bar.firstElementChild.textContent.toLowerCase().split(",")[0].includes(wanted);
      bar.classList.toggle("found", hit);
      some = some || hit;
    }
    card.classList.toggle("faded", some);
  }
}
// On a narrow screen a chart begins at the present.
function showPresent() {
  for (const box of document.querySelectorAll(".scroll")) {
    const line = box.querySelector("line.now");
    if (line) box.scrollLeft = line.getBoundingClientRect().left - box.getBoundingClientRect().left + box.scrollLeft - box.clientWidth / 3;
  }
}
for (const view of document.querySelectorAll(".views input")) view.addEventListener("change", showPresent);
filter.addEventListener("input", apply);
filter.hidden = false;
apply();
showPresent();
