// SPDX-License-Identifier: ISC
"use strict";

// How much is kept and shown, so that a flood of SMS does not stop the page.
const MAX_MESSAGES = 5000;
const MAX_PHONES_SHOWN = 400;
const MAX_BUBBLES = 300;
const POLL_MS = 700;
const POLL_HIDDEN_MS = 4000;
const ASK_TIMEOUT_MS = 8000;
const HUES = 8;

const at = (id) => document.getElementById(id);
const body = document.body;

let messages = [];        // oldest first
let phones = new Map();   // number -> {number, messages, unread}, oldest SMS first
let chosen = null;        // number
let generation = null;    // of the simulator's store: another one, another inbox
let next = 0;             // index of the first SMS that we have not seen
let refusedSeen = null;   // how many refusals we know of
let lostSince = null;
let sticksToEnd = true;   // the latest SMS stays in view when the space changes

// Making elements: text is always text, never HTML --------------------------

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeTime(iso, text) {
  const time = make("time", "", text);
  time.dateTime = iso;
  time.title = new Date(iso).toLocaleString() + " (" + iso + ")";
  return time;
}

const clock = (iso) => new Date(iso).toLocaleTimeString([], {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

function dayOf(iso) {
  const day = new Date(iso);
  if (day.toDateString() === new Date().toDateString()) return "Today";
  return day.toLocaleDateString([], {
    weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

const count = (n, word) => n + " " + word + (n === 1 ? "" : "s");

// The filter -----------------------------------------------------------------

const wanted = () => at("filter").value.trim();

function matches(phone, needle) {
  const has = (text) => text !== null && text.toLowerCase().includes(needle);
  return has(phone.number) || phone.messages.some((sms) =>
    has(sms.text) || has(sms.sender) || has(sms.customer));
}

// Puts text into element with what the filter found marked.
function fillMarked(element, text, needle) {
  element.textContent = "";
  if (!needle) {
    element.textContent = text;
    return;
  }
  const pattern = new RegExp(needle.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gi");
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    element.append(text.slice(end, found.index), make("mark", "", found[0]));
    end = found.index + found[0].length;
  }
  element.append(text.slice(end));
}

// Phones ---------------------------------------------------------------------

function hueOf(number) {
  let sum = 0;
  for (const c of number) sum = (sum * 31 + c.codePointAt(0)) % 9973;
  return sum % HUES;
}

function phonesShown() {
  const needle = wanted().toLowerCase();
  return [...phones.values()].reverse()
    .filter((phone) => !needle || matches(phone, needle));
}

function makePhone(number) {
  const item = make("li", "phone");
  item.dataset.number = number;
  item.setAttribute("role", "option");
  const face = make("span", "face hue-" + hueOf(number),
                    /^\+\d+$/.test(number) ? number.slice(-2) : "id");
  face.setAttribute("aria-hidden", "true");
  item.append(face, make("span", "number", number), make("time"),
              make("span", "last"), make("span", "unread"));
  return item;
}

function updatePhone(item, phone) {
  const sms = phone.messages[phone.messages.length - 1];
  const [, , time, last, unread] = item.children;
  time.textContent = clock(sms.received);
  time.dateTime = sms.received;
  last.textContent = sms.text;
  last.dir = "auto";
  item.classList.toggle("has-news", phone.unread > 0);
  unread.textContent = phone.unread;
  unread.hidden = phone.unread === 0;
  unread.setAttribute("aria-label", phone.unread + " new");
  item.setAttribute("aria-selected", String(phone.number === chosen));
}

function notePhones(shown) {
  const note = at("phones-note");
  if (shown.length > MAX_PHONES_SHOWN)
    note.textContent = `${shown.length - MAX_PHONES_SHOWN} more: filter to find them`;
  else if (shown.length === 0 && phones.size > 0)
    note.textContent = "No phone has such an SMS";
  note.hidden = shown.length > 0 && shown.length <= MAX_PHONES_SHOWN ||
                phones.size === 0;
}

// One phone in the list can be reached by Tab; the arrow keys go on from there.
function setTabStop() {
  const items = [...at("phones").children];
  const stop = items.find((item) => item.dataset.number === chosen) || items[0];
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

function showPhones() {
  const list = at("phones");
  const old = new Map([...list.children].map((item) => [item.dataset.number, item]));
  const focused = document.activeElement;
  const shown = phonesShown();
  const items = shown.slice(0, MAX_PHONES_SHOWN).map((phone) => {
    const item = old.get(phone.number) || makePhone(phone.number);
    updatePhone(item, phone);
    return item;
  });
  if (items.length !== list.children.length ||
      items.some((item, i) => item !== list.children[i])) {
    list.replaceChildren(...items);
    if (items.includes(focused)) focused.focus({ preventScroll: true });
  }
  notePhones(shown);
  setTabStop();
}

// One phone's messages -------------------------------------------------------

function fact(className, text, title) {
  const item = make("span", className, text);
  if (title) item.title = title;
  return item;
}

function makeFacts(sms) {
  const facts = make("p", "facts");
  const isUcs2 = sms.encoding === "ucs2";
  const when = make("span");
  when.append(makeTime(sms.received, clock(sms.received)));
  facts.append(when, fact("", "customer " + sms.customer),
    fact(sms.parts > 1 ? "parts several" : "parts", count(sms.parts, "part"),
         count(sms.characters, "character")),
    fact(isUcs2 ? "encoding ucs2" : "encoding", isUcs2 ? "UCS-2" : "GSM-7",
         sms.units + (isUcs2 ? " UTF-16 units: 70 fit one SMS, else 67 a part"
                             : " septets: 160 fit one SMS, else 153 a part")));
  if (!sms.answered)
    facts.append(fact("kept", "no answer sent",
                      "Queued, but a fault kept the answer from the client"));
  return facts;
}

function makeBubble(sms, isNew) {
  const item = make("li", isNew ? "sms new" : "sms");
  const from = make("p", sms.sender ? "from" : "from none", sms.sender || "no sender set");
  const text = make("p", "text");
  text.dir = "auto";
  fillMarked(text, sms.text, wanted());
  item.append(from, text, makeFacts(sms));
  return item;
}

function appendBubble(list, sms, before, isNew) {
  const day = dayOf(sms.received);
  if (!before || dayOf(before.received) !== day) list.append(make("li", "day", day));
  list.append(makeBubble(sms, isNew));
}

function noteEarlier(list, phone) {
  const hidden = phone.messages.length - MAX_BUBBLES;
  if (hidden <= 0) return;
  const note = make("li", "earlier", hidden + " earlier: ");
  const link = make("a", "", "all as JSON");
  link.href = "/messages?number=" + encodeURIComponent(phone.number);
  note.append(link);
  list.append(note);
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40;

function scrollToEnd() {
  sticksToEnd = true;
  at("bubbles").scrollTop = at("bubbles").scrollHeight;
  at("jump").hidden = true;
}

function showHead(phone) {
  const parts = phone.messages.reduce((sum, sms) => sum + sms.parts, 0);
  at("talk-name").textContent = phone.number;
  at("talk-sum").textContent = phone.messages.length + " SMS, " + count(parts, "part");
}

function showTalk() {
  const phone = phones.get(chosen);
  const list = at("bubbles");
  at("talk-head").hidden = list.hidden = !phone;
  at("jump").hidden = true;
  list.replaceChildren();
  if (!phone) return;
  phone.unread = 0;
  showHead(phone);
  noteEarlier(list, phone);
  phone.messages.slice(-MAX_BUBBLES).forEach((sms, i, all) =>
    appendBubble(list, sms, all[i - 1], false));
  list.setAttribute("aria-label", "SMS to " + phone.number);
  scrollToEnd();
}

function appendTalk(news) {
  const phone = phones.get(chosen);
  const list = at("bubbles");
  const mine = news.filter((sms) => sms.number === chosen);
  if (!phone || mine.length === 0) return;
  if (phone.messages.length > MAX_BUBBLES) {
    showTalk();
    return;
  }
  const wasAtEnd = isAtEnd(list);
  const known = phone.messages.length - mine.length;
  mine.forEach((sms, i) => appendBubble(list, sms, phone.messages[known + i - 1], true));
  phone.unread = isTalkVisible() ? 0 : phone.unread;
  showHead(phone);
  if (wasAtEnd) scrollToEnd();
  else at("jump").hidden = false;
}

// Choosing -------------------------------------------------------------------

const isNarrow = () => matchMedia("(max-width: 719px)").matches;
const isTalkVisible = () => !isNarrow() || body.dataset.view === "talk";

function showEmptiness() {
  const isEmpty = phones.size === 0;
  body.toggleAttribute("data-empty", isEmpty);
  at("empty").hidden = !isEmpty || generation === null;
  at("nothing").hidden = isEmpty || phones.has(chosen);
  at("nothing").textContent = "Choose a phone to read its SMS";
}

function choose(number) {
  chosen = number;
  showTalk();
  showPhones();
  showEmptiness();
  showTitle();
}

// The address names the phone, so that the browser's Back leaves it again.
function open(number) {
  const hash = "#" + encodeURIComponent(number);
  if (isNarrow() && body.dataset.view === "list") location.hash = hash;
  else history.replaceState(null, "", hash);
  body.dataset.view = "talk";
  choose(number);
}

function close() {
  body.dataset.view = "list";
  history.replaceState(null, "", location.pathname);
  const item = [...at("phones").children].find((one) => one.dataset.number === chosen);
  if (item) item.focus();
}

function addressed() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function followAddress() {
  const number = addressed();
  if (phones.has(number)) {
    body.dataset.view = "talk";
    choose(number);
  } else {
    body.dataset.view = "list";
  }
}

function showTitle() {
  let unread = 0;
  for (const phone of phones.values()) unread += phone.unread;
  document.title = (unread ? `(${unread}) ` : "") + "SMS inbox";
}

// What was refused -----------------------------------------------------------

const statusText = (refusal) => refusal.status ? "HTTP " + refusal.status : "no answer";

const whose = (refusal) => refusal.number || "the request";

function makeRefusal(refusal) {
  const item = make("li", "refusal");
  const who = make("span", "whose", whose(refusal));
  item.append(makeTime(refusal.received, clock(refusal.received)), who,
              make("span", "error", `${refusal.error} (${statusText(refusal)})`));
  if (refusal.reason) item.append(make("span", "reason", refusal.reason));
  if (refusal.customer) who.title = "customer " + refusal.customer;
  return item;
}

function showRefusals(total, refusals) {
  const last = refusals[refusals.length - 1];
  if (total === refusedSeen) return;
  at("refused").classList.toggle("some", total > 0);
  at("refused-count").textContent = total;
  at("refused-last").textContent = !last ? "Nothing was refused"
    : [last.error, last.reason, last.number, clock(last.received)]
      .filter(Boolean).join(" \u00b7 ");
  at("refusals").replaceChildren(...refusals.slice().reverse().map(makeRefusal));
  if (refusedSeen !== null && total > refusedSeen)
    announce(`Refused: ${whose(last)}: ${last.error}`);
  refusedSeen = total;
}

// News -----------------------------------------------------------------------

function announce(text) {
  at("news").textContent = text;
}

function announceNews(news) {
  const last = news[news.length - 1];
  const from = last.sender ? " from " + last.sender : "";
  const first = news.length > 1 ? `${news.length} new SMS, the latest` : "New SMS";
  announce(`${first} to ${last.number}${from}: ${last.text}`);
}

function forgetAll() {
  messages = [];
  phones = new Map();
  next = 0;
  refusedSeen = null;
}

function file(sms, isNew) {
  const phone = phones.get(sms.number) || { number: sms.number, messages: [], unread: 0 };
  phone.messages.push(sms);
  if (isNew && !(sms.number === chosen && isTalkVisible())) phone.unread++;
  phones.delete(sms.number);
  phones.set(sms.number, phone);
}

function forgetOldest() {
  messages = messages.slice(-MAX_MESSAGES / 2);
  const unread = new Map([...phones].map(([number, phone]) => [number, phone.unread]));
  phones = new Map();
  for (const sms of messages) file(sms, false);
  for (const phone of phones.values()) phone.unread = unread.get(phone.number);
}

function takeNews(news, isFirst) {
  messages.push(...news);
  for (const sms of news) file(sms, !isFirst);
  if (messages.length > MAX_MESSAGES) forgetOldest();
  if (isFirst) {
    followAddress();
    if (!phones.has(chosen) && !isNarrow()) chosen = news[news.length - 1].number;
    showTalk();
  } else {
    if (!phones.has(chosen) && !isNarrow()) choose(news[news.length - 1].number);
    else appendTalk(news);
    announceNews(news);
  }
  showPhones();
}

function take(answer) {
  const isOther = generation !== answer.generation;
  if (isOther && generation !== null) {
    forgetAll();
    generation = null;
    chosen = null;
    body.dataset.view = "list";
    showTalk();
    showPhones();
  }
  const isFirst = generation === null;
  generation = answer.generation;
  next = answer.next;
  if (answer.messages.length > 0) takeNews(answer.messages, isFirst);
  at("queued").textContent = answer.next.toLocaleString();
  showRefusals(answer.refused, answer.refusals);
  showEmptiness();
  showTitle();
}

// Asking the simulator again and again ---------------------------------------

function showState(state, text) {
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  at("state").textContent = text;
}

function showGone() {
  lostSince = lostSince || new Date();
  showState("gone", "Not connected");
  at("gone").textContent = "The simulator has not answered since " +
    clock(lostSince.toISOString()) + ". Trying to reach it again\u2026";
  at("gone").hidden = false;
}

async function ask() {
  const from = generation === null ? 0 : next;
  const got = await fetch("/inbox?since=" + from, {
    cache: "no-store", signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  if (!got.ok) throw new Error("HTTP " + got.status);
  const answer = await got.json();
  // Another inbox counts from 0 again: ask for all of it.
  if (generation !== null && answer.generation !== generation && from > 0) {
    next = 0;
    return ask();
  }
  return answer;
}

async function poll() {
  try {
    take(await ask());
    lostSince = null;
    at("gone").hidden = true;
    showState("live", "Live");
  } catch (error) {
    showGone();
  }
  setTimeout(poll, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
}

// Keys and clicks ------------------------------------------------------------

function onListKey(event) {
  const items = [...at("phones").children];
  const here = items.indexOf(event.target.closest(".phone"));
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0,
               End: items.length - 1 }[event.key];
  if (here >= 0 && to !== undefined) {
    event.preventDefault();
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!isNarrow()) open(item.dataset.number);
    for (const other of items) other.tabIndex = other === item ? 0 : -1;
    item.focus();
  } else if (here >= 0 && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    open(items[here].dataset.number);
    at("bubbles").focus();
  }
}

function onFilterKey(event) {
  if (event.key === "Escape" && at("filter").value) {
    event.preventDefault();
    at("filter").value = "";
    onFilter();
  } else if (event.key === "ArrowDown" && at("phones").children.length > 0) {
    event.preventDefault();
    (at("phones").querySelector("[tabindex='0']")).focus();
  }
}

function onFilter() {
  showPhones();
  showTalk();
  showTitle();
}

function onKey(event) {
  const isTyping = event.target.matches("input");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (isNarrow()) close();
    at("filter").focus();
  } else if (event.key === "Escape" && !isTyping && body.dataset.view === "talk") {
    close();
  }
}

at("phones").addEventListener("keydown", onListKey);
at("phones").addEventListener("click", (event) => {
  const item = event.target.closest(".phone");
  if (!item) return;
  open(item.dataset.number);
  if (isNarrow()) at("bubbles").focus();
});
at("filter").addEventListener("input", onFilter);
at("filter").addEventListener("keydown", onFilterKey);
at("back").addEventListener("click", close);
at("jump").addEventListener("click", scrollToEnd);
at("bubbles").addEventListener("scroll", () => {
  sticksToEnd = isAtEnd(at("bubbles"));
  if (sticksToEnd) at("jump").hidden = true;
});
new ResizeObserver(() => {
  if (sticksToEnd) scrollToEnd();
}).observe(at("bubbles"));
document.addEventListener("keydown", onKey);
addEventListener("hashchange", followAddress);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) showTitle();
});
poll();
