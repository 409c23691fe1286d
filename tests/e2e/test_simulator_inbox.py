# SPDX-License-Identifier: ISC
"""The inbox page of groupcall-simulator, in a real browser."""

import json
from pathlib import Path
from typing import Any, Callable, Iterator, TypeVar

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from simulator_process import SMS_PATH, Simulator
from waiting import LIMIT_S

Result = TypeVar("Result")

CUSTOMERS = {"1469": "key-of-1469", "2210": "key-of-2210"}
ANNA, BEN, CARA = "+447700900123", "+447700900456", "+33612345678"
LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3, level AA


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(CUSTOMERS) as simulator:
        yield simulator


@pytest.fixture
def api(running: Simulator) -> Simulator:
    running.clear()
    return running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in ("headless=new", "no-sandbox", "disable-gpu", "disable-quic",
                   "no-first-run", "disable-background-networking",
                   "disable-component-update", "disable-sync",
                   f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument("--" + option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()


class Page:
    """The page: what a person does with it and sees on it."""

    def __init__(self, driver: webdriver.Chrome, url: str):
        self.driver = driver
        self.url = url

    def open(self, path: str = "/") -> "Page":
        self.driver.get("about:blank")
        self.driver.get(self.url + path)
        self.until(lambda: self.state() == "live", "the page is live")
        return self

    def until(self, check: Callable[[], Result], what: str) -> Result:
        return WebDriverWait(self.driver, LIMIT_S, 0.05).until(
            lambda _: check(), what)

    def run(self, script: str, *args: Any) -> Any:
        return self.driver.execute_script(script, *args)

    def one(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def state(self) -> str:
        return str(self.run("return document.body.dataset.state"))

    def contents(self, css: str) -> list[str]:
        """The textContent of each element, all read at the same moment."""
        return list(self.run(
            "return [...document.querySelectorAll(arguments[0])].map("
            "(e) => e.textContent)", css))

    def numbers(self) -> list[str]:
        return self.contents(".phone .number")

    def texts(self) -> list[str]:
        return self.contents(".sms .text")

    def chosen(self) -> str:
        return "".join(self.contents(".phone[aria-selected=true] .number"))

    def phone(self, number: str) -> WebElement:
        return self.one(f".phone[data-number='{number}']")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str:
        """The number of the phone that has the focus, or the element's id."""
        return str(self.run("const e = document.activeElement;"
                            "return e.dataset.number || e.id || e.tagName"))

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1,
            "mobile": width < 500})

    def prefer(self, **features: str) -> None:
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": name.replace("_", "-"), "value": value}
            for name, value in features.items()]})

    def overflow(self) -> list[str]:
        """Visible elements that stick out of the screen to the right, or whose contents
        stick out of them and are not cut with an ellipsis."""
        return list(self.run("""
            return [...document.body.querySelectorAll("*")].filter((e) => {
              const box = e.getBoundingClientRect();
              const isCut = getComputedStyle(e).textOverflow === "ellipsis";
              return e.checkVisibility() && box.width > 1 && (
                box.right > innerWidth + 1 ||
                (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && !isCut));
            }).map((e) => e.tagName + "." + e.className).concat(
              document.documentElement.scrollWidth > innerWidth ? ["document"] : [])"""))

    def cut_off(self, is_offline: bool) -> None:
        """Disconnects the browser from the network, or connects it again."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": is_offline, "latency": 0, "downloadThroughput": -1,
            "uploadThroughput": -1})

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "ERR_CONNECTION" not in entry["message"]
                and "ERR_INTERNET_DISCONNECTED" not in entry["message"]]


@pytest.fixture
def page(chromium: webdriver.Chrome, api: Simulator) -> Iterator[Page]:
    page = Page(chromium, api.url)
    page.size(1280, 800)
    page.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    page.complaints()
    yield page
    assert page.complaints() == []
    chromium.get("about:blank")


def sms(number: str = ANNA, text: str = "Hello", customer: str = "1469",
        **fields: Any) -> dict[str, Any]:
    return {"CustomerId": customer, "Password": CUSTOMERS[customer], "SMSMessage": text,
            "Recipients": [{"MobileNumber": number}], **fields}


# Arrival -----------------------------------------------------------------------------

def test_empty_inbox_says_what_to_send(page: Page) -> None:
    page.open()
    empty = page.one("#empty")
    assert empty.is_displayed() and "No SMS yet" in empty.text
    assert "+447700900123@sms.local" in empty.text
    assert page.numbers() == [] and "Nothing was refused" in page.one("#refused").text


def test_sms_arrives_while_the_page_is_open(page: Page, api: Simulator) -> None:
    page.open()
    api.post(sms(text="School is closed", SMSSender="Greenfield"))
    page.until(lambda: page.texts() == ["School is closed"], "the SMS is shown")
    assert not page.one("#empty").is_displayed()
    assert page.numbers() == [ANNA] and page.chosen() == ANNA
    assert page.one("#talk-name").text == ANNA
    assert page.contents(".sms .from") == ["Greenfield"]
    facts = page.one(".sms .facts").text
    for fact in ("customer 1469", "1 part", "GSM-7"):
        assert fact in facts
    received = api.messages()[0]["received"]
    assert page.one(".sms time").get_attribute("datetime") == received
    api.post(sms(text="Школа закрыта " * 6))
    page.until(lambda: len(page.texts()) == 2, "the second SMS is shown")
    assert page.contents(".sms .from") == ["Greenfield", "no sender set"]
    assert "2 parts" in page.all(".sms .facts")[1].text
    assert "UCS-2" in page.all(".sms .facts")[1].text
    assert page.one("#queued").text == "2"


def test_latest_phone_comes_first_and_unread_sms_are_counted(
        page: Page, api: Simulator) -> None:
    api.post(sms(ANNA), sms(BEN))
    page.open()
    assert page.until(page.numbers, "the phones") == [BEN, ANNA]
    assert page.chosen() == BEN
    api.post(sms(ANNA, "one"), sms(ANNA, "two"), sms(CARA, "three"))
    page.until(lambda: page.numbers() == [CARA, ANNA, BEN], "the new order")
    assert page.chosen() == BEN
    assert page.phone(ANNA).find_element(By.CLASS_NAME, "unread").text == "2"
    assert page.driver.title == "(3) SMS inbox"
    page.phone(ANNA).click()
    assert page.texts() == ["Hello", "one", "two"]
    assert not page.phone(ANNA).find_element(By.CLASS_NAME, "unread").is_displayed()
    assert page.driver.title == "(1) SMS inbox"


def test_new_sms_is_announced(page: Page, api: Simulator) -> None:
    api.post(sms(text="old"))
    page.open()
    page.until(page.texts, "the old SMS")
    news = page.one("#news")
    assert news.get_attribute("aria-live") == "polite"
    assert page.contents("#news") == [""]
    api.post(sms(BEN, "Bus is late", SMSSender="Hill"))
    page.until(lambda: page.contents("#news") == [
        f"New SMS to {BEN} from Hill: Bus is late"], "the announcement")
    api.post(sms(BEN, "a"), sms(CARA, "b"))
    page.until(lambda: page.contents("#news") == [
        f"2 new SMS, the latest to {CARA}: b"], "the announcement of both")


def test_sms_whose_answer_was_kept_back_says_so(page: Page, api: Simulator) -> None:
    api.set_faults("empty")
    api.post(sms())
    page.open()
    page.until(page.texts, "the SMS")
    assert "no answer sent" in page.one(".sms .facts").text


def test_delete_empties_the_page(page: Page, api: Simulator) -> None:
    api.post(sms(text="gone soon"))
    page.open()
    page.until(page.texts, "the SMS")
    api.ask("DELETE", "/messages")
    page.until(lambda: page.one("#empty").is_displayed(), "the empty inbox")
    assert page.numbers() == [] and page.texts() == []
    api.post(sms(BEN, "fresh"))
    page.until(lambda: page.texts() == ["fresh"], "the SMS after that")


# The text, exactly -------------------------------------------------------------------

@pytest.mark.parametrize("text", [
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>",
    "<b>bold</b> &amp; &lt; \" ' </p><svg onload=window.hit=1>",
    "javascript:window.hit=1 <a href='javascript:window.hit=1'>here</a>",
    "two  spaces\n\n  and\tlines\r\n", "Grüße 👩‍👩‍👧‍👦 ❄️", "שלום, 10:00", "${7*7} {{7*7}}",
], ids=lambda text: text[:20])
def test_text_is_shown_exactly_and_never_as_html(page: Page, api: Simulator,
                                                 text: str) -> None:
    page.open()
    api.post(sms(text=text, SMSSender=text[:40], ClientRef=text))
    assert page.until(page.texts, "the SMS") == [text]
    assert page.contents(".sms .from") == [text[:40]]
    assert page.contents(".phone .last") == [text]
    page.one("#filter").send_keys(text[:5])
    assert page.texts() == [text]
    assert page.run("return document.querySelectorAll("
                    "'.text > :not(mark), .from *, .last *, #news *').length") == 0
    assert page.run("return window.hit") is None
    style = page.run("return getComputedStyle(document.querySelector('.text'))"
                     ".whiteSpaceCollapse")
    assert style == "preserve"


def test_number_in_the_address_is_no_html(page: Page, api: Simulator) -> None:
    api.post(sms(text="x"), sms(Recipients=[
        {"ExternalId": "<img src=x onerror=window.hit=1>'\"]"}]))
    page.open("/#%3Cimg%20src=x%20onerror=window.hit=1%3E")
    page.until(lambda: len(page.numbers()) == 2, "both phones")
    assert page.numbers()[0] == "ExternalId=<img src=x onerror=window.hit=1>'\"]"
    page.open("/#%E0%A4%A")
    page.until(lambda: len(page.numbers()) == 2, "both phones, with a broken address")
    assert page.run("return window.hit") is None


def test_policy_stops_inline_script(page: Page) -> None:
    page.open()
    page.run("const s = document.createElement('script'); s.textContent = 'hit = 1';"
             "document.body.append(s)")
    assert page.run("return window.hit") is None
    assert any("Content Security Policy" in one for one in page.complaints())


def test_nothing_comes_from_elsewhere(page: Page) -> None:
    page.open()
    origins = page.run("return performance.getEntries().filter((e) => e.name.includes("
                       "'://')).map((e) => new URL(e.name).origin)")
    assert set(origins) == {page.url}


# Filter ------------------------------------------------------------------------------

@pytest.mark.parametrize("needle, numbers", [
    ("0900456", [BEN]), ("BUS", [BEN]), ("hill", [CARA]), ("2210", [CARA]),
    ("a.c", []), ("(", [ANNA]), ("+33", [CARA]), ("1469", [BEN, ANNA])])
def test_filter_by_number_text_sender_and_customer(
        page: Page, api: Simulator, needle: str, numbers: list[str]) -> None:
    api.post(sms(ANNA, "abc ("), sms(BEN, "The bus is late"),
             sms(CARA, "x", "2210", SMSSender="Hill"))
    page.open()
    page.until(lambda: len(page.numbers()) == 3, "the phones")
    page.one("#filter").send_keys(needle)
    assert page.numbers() == numbers
    assert page.one("#phones-note").is_displayed() == (numbers == [])
    page.press(Keys.ESCAPE)
    assert len(page.numbers()) == 3


def test_filter_marks_what_it_found(page: Page, api: Simulator) -> None:
    api.post(sms(text="Bus, bus and BUS"))
    page.open()
    page.until(page.texts, "the SMS")
    page.one("#filter").send_keys("bus")
    assert page.contents(".text mark") == ["Bus", "bus", "BUS"]
    assert page.texts() == ["Bus, bus and BUS"]


def test_filter_holds_for_what_arrives(page: Page, api: Simulator) -> None:
    api.post(sms(ANNA, "bus"))
    page.open()
    page.until(page.texts, "the SMS")
    page.one("#filter").send_keys("bus")
    api.post(sms(BEN, "train"), sms(CARA, "bus too"))
    page.until(lambda: page.numbers() == [CARA, ANNA], "the phones that match")


# Keyboard ----------------------------------------------------------------------------

def test_keyboard_alone(page: Page, api: Simulator) -> None:
    api.post(sms(ANNA, "for Anna"), sms(BEN, "for Ben"), sms(CARA, "for Cara"))
    page.open()
    page.until(lambda: len(page.numbers()) == 3, "the phones")
    page.press("/")
    assert page.focused() == "filter"
    page.press(Keys.ARROW_DOWN)
    assert page.focused() == CARA
    page.press(Keys.ARROW_DOWN)
    assert (page.focused(), page.chosen(), page.texts()) == (BEN, BEN, ["for Ben"])
    page.press(Keys.END)
    assert (page.focused(), page.texts()) == (ANNA, ["for Anna"])
    page.press(Keys.ARROW_DOWN)
    assert page.focused() == ANNA
    page.press(Keys.HOME, Keys.ARROW_UP)
    assert (page.focused(), page.texts()) == (CARA, ["for Cara"])
    page.press(Keys.ENTER)
    assert page.focused() == "bubbles"
    page.press(Keys.ESCAPE)
    assert page.focused() == CARA


def test_tab_goes_through_the_page(page: Page, api: Simulator) -> None:
    api.post(sms(ANNA), sms(BEN))
    page.open()
    page.until(lambda: len(page.numbers()) == 2, "the phones")
    seen = []
    for _ in range(5):
        page.press(Keys.TAB)
        seen.append(page.focused())
        assert page.run("return getComputedStyle(document.activeElement).outlineStyle"
                        ) != "none" or seen[-1] == "A"
    assert seen == ["A", "filter", BEN, "bubbles", "SUMMARY"]


def test_focus_stays_while_sms_arrive(page: Page, api: Simulator) -> None:
    api.post(sms(ANNA), sms(BEN))
    page.open()
    page.until(lambda: len(page.numbers()) == 2, "the phones")
    page.press("/", Keys.ARROW_DOWN)
    assert page.focused() == BEN
    api.post(sms(ANNA), sms(CARA))
    page.until(lambda: page.numbers() == [CARA, ANNA, BEN], "the new order")
    assert page.focused() == BEN
    page.press(Keys.ARROW_UP)
    assert page.focused() == ANNA


def test_roles_and_names(page: Page, api: Simulator) -> None:
    api.post(sms(ANNA))
    page.open()
    page.until(page.texts, "the SMS")
    expected = {"#phones": ("listbox", "Phones, the latest SMS first"),
                "#filter": ("searchbox", "Filter phones by number, text, sender or "
                                         "customer"),
                "#bubbles": ("list", f"SMS to {ANNA}"), "#state": ("status", ""),
                "nav": ("navigation", "Phones"), "#talk": ("region", ANNA)}
    for css, (role, name) in expected.items():
        assert page.one(css).aria_role == role
        assert page.one(css).accessible_name == name
    option = page.phone(ANNA)
    assert option.aria_role in ("option", "listboxoption")
    assert ANNA in option.accessible_name and "Hello" in option.accessible_name
    assert page.run("return document.documentElement.lang") == "en"


# Small screens, dark screens ---------------------------------------------------------

LONG = "https://example.org/" + "abcdefghij" * 20


def test_nothing_sticks_out_at_360(page: Page, api: Simulator) -> None:
    page.size(360, 740)
    page.open()
    assert page.one("#empty").is_displayed() and page.overflow() == []
    api.post(sms(ANNA, LONG, SMSSender="Greenfield Co"), sms(BEN, "W" * 300),
             sms(Recipients=[{"EmailAddress": "x" * 200 + "@example.org"}]),
             sms(Password="wrong"))
    api.ask("POST", SMS_PATH, b"{", {"Content-Type": "application/json"})
    page.until(lambda: len(page.numbers()) == 3, "the phones")
    assert page.overflow() == []
    page.one("#refused summary").click()
    page.until(lambda: page.one(".refusal").is_displayed(), "the refusals")
    assert page.overflow() == []
    page.one("#refused summary").click()
    for number in page.numbers():
        page.phone(number).click()
        assert page.one("#bubbles").is_displayed()
        assert not page.one("#phones").is_displayed()
        assert page.overflow() == []
        page.one("#back").click()
        assert page.one("#phones").is_displayed()


def test_narrow_screen_goes_in_and_back(page: Page, api: Simulator) -> None:
    page.size(360, 740)
    api.post(sms(ANNA, "for Anna"), sms(BEN, "for Ben"))
    page.open()
    page.until(lambda: len(page.numbers()) == 2, "the phones")
    assert not page.one("#talk").is_displayed()
    page.phone(ANNA).click()
    assert page.texts() == ["for Anna"] and page.focused() == "bubbles"
    page.driver.back()
    page.until(lambda: page.one("#phones").is_displayed(), "the list again")
    page.press("/", Keys.ARROW_DOWN)
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    page.until(lambda: page.one("#bubbles").is_displayed(), "Anna by keyboard")
    page.one("#back").click()
    assert page.focused() == ANNA
    api.post(sms(ANNA, "more"))
    page.until(lambda: page.phone(ANNA).find_element(By.CLASS_NAME, "unread").text == "1",
               "the SMS counts as unread")


CONTRAST = """
function parse(colour) { return colour.match(/[\\d.]+/g).map(Number); }
function light(rgb) {
  const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92
                                    : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function background(e) {
  for (; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3);
  }
  return [255, 255, 255];
}
const poor = [];
for (const e of document.body.querySelectorAll("*")) {
  const has = e.matches("input") ||
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  if (!has || !e.checkVisibility() || e.closest(".unseen, .skip, svg")) continue;
  const a = light(parse(getComputedStyle(e).color).slice(0, 3));
  const b = light(background(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < arguments[0]) poor.push([e.className || e.tagName, ratio]);
}
return {poor, grounds: ["body", ".top", "#phones", "#bubbles", ".text", "#refused"]
  .map((css) => light(background(document.querySelector(css))))};
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_scheme_is_followed_and_readable(page: Page, api: Simulator, scheme: str) -> None:
    page.prefer(prefers_color_scheme=scheme)
    api.set_faults("empty,count=1")
    for i in range(16):
        api.post(sms(f"+4477009001{i:02}", "я" * 80, SMSSender="Greenfield"))
    api.post(sms(Password="wrong"))
    page.open()
    page.until(lambda: len(page.numbers()) == 16, "the phones")
    page.one("#filter").send_keys("я")
    page.one("#refused summary").click()
    page.phone("+447700900100").click()
    api.post(sms(BEN, "я"))
    page.until(lambda: len(page.numbers()) == 17, "an unread SMS")
    got = page.run(CONTRAST, LEAST_CONTRAST)
    assert got["poor"] == []
    for ground in got["grounds"]:
        assert ground < 0.05 if scheme == "dark" else ground > 0.8


# What was refused --------------------------------------------------------------------

def test_refusals_are_listed_with_their_reason(page: Page, api: Simulator) -> None:
    page.open()
    api.post(sms(BEN, Password="wrong"))
    page.until(lambda: page.one("#refused-count").text == "1", "the refusal")
    assert "Data is not valid, no messages sent" in page.one("#refused-last").text
    assert "Password is wrong" in page.one("#refused-last").text
    api.set_faults("http=503")
    api.post(sms())
    page.until(lambda: page.one("#refused-count").text == "2", "the second refusal")
    assert page.contents("#news") == ["Refused: the request: An error has occurred."]
    page.one("#refused summary").click()
    latest, first = page.all(".refusal")
    assert "HTTP 503" in latest.text and "fault http" in latest.text
    for words in (BEN, "HTTP 200", "Data is not valid", "Password is wrong"):
        assert words in first.text


def test_refusal_is_text_and_shows_no_key(page: Page, api: Simulator) -> None:
    api.set_faults("error=<img src=x onerror=window.hit=1> {key}")
    api.post(sms())
    page.open()
    page.until(lambda: page.one("#refused-count").text == "1", "the refusal")
    assert page.contents(".refusal .error") == [
        "<img src=x onerror=window.hit=1> {key} (HTTP 200)"]
    assert page.run("return window.hit") is None
    assert CUSTOMERS["1469"] not in page.driver.page_source


# The simulator goes and comes back ---------------------------------------------------

def test_page_tells_that_the_simulator_is_gone_and_reconnects(
        page: Page, tmp_path: Path) -> None:
    first = Simulator(CUSTOMERS)
    away = Page(page.driver, first.url).open()
    first.post(sms(text="before"))
    away.until(away.texts, "the SMS")
    assert not away.one("#gone").is_displayed()
    first.stop()
    away.until(lambda: away.state() == "gone", "the page notices")
    assert "has not answered since" in away.one("#gone").text
    assert away.one("#gone").get_attribute("role") == "alert"
    assert away.one("#state").text == "Not connected"
    assert away.texts() == ["before"]
    with Simulator(CUSTOMERS, listen=f"127.0.0.1:{first.port}") as second:
        away.until(lambda: away.state() == "live", "the page is back")
        assert not away.one("#gone").is_displayed()
        away.until(lambda: away.texts() == [], "the inbox of the new simulator")
        second.post(sms(BEN, "after"))
        away.until(lambda: away.texts() == ["after"], "the SMS of the new one")
        assert away.numbers() == [BEN]
        away.driver.get("about:blank")


def test_sms_of_a_restarted_simulator_are_not_missed(page: Page) -> None:
    first = Simulator(CUSTOMERS)
    away = Page(page.driver, first.url).open()
    first.post(*[sms(text=f"old {i}") for i in range(3)])
    away.until(lambda: len(away.texts()) == 3, "the old SMS")
    away.cut_off(True)
    away.until(lambda: away.state() == "gone", "the page notices")
    first.stop()
    with Simulator(CUSTOMERS, listen=f"127.0.0.1:{first.port}") as second:
        # More than the page knows of: it must not confuse any with one that it has.
        second.post(*[sms(text=f"new {i}") for i in range(5)])
        away.cut_off(False)
        away.until(lambda: away.texts() == [f"new {i}" for i in range(5)],
                   "all SMS of the new simulator, and no other")
        away.driver.get("about:blank")


# Many --------------------------------------------------------------------------------

def is_at_end(page: Page) -> bool:
    return bool(page.run("const b = document.getElementById('bubbles');"
                         "return b.scrollHeight - b.scrollTop - b.clientHeight < 2"))


def test_who_reads_above_is_not_torn_away(page: Page, api: Simulator) -> None:
    api.post(*[sms(ANNA, f"SMS {i}") for i in range(60)])
    page.open()
    page.until(page.texts, "the SMS")
    assert is_at_end(page)
    api.post(sms(ANNA, "follows"))
    page.until(lambda: page.texts()[-1] == "follows", "the new SMS")
    assert is_at_end(page)
    page.run("document.getElementById('bubbles').scrollTop = 100")
    api.post(sms(ANNA, "unseen"))
    page.until(lambda: page.one("#jump").is_displayed(), "the way down")
    assert page.run("return document.getElementById('bubbles').scrollTop") == 100
    page.one("#jump").click()
    page.until(lambda: is_at_end(page), "the end")
    assert not page.one("#jump").is_displayed()


def test_flood_does_not_stop_the_page(page: Page, api: Simulator) -> None:
    page.open()
    for batch in range(8):
        api.post(*[sms(f"+4477{batch}{i:05}", f"{batch} {i}") for i in range(900)],
                 *[sms(ANNA, f"{batch} {i} for Anna") for i in range(100)])
    page.until(lambda: page.one("#queued").text == "8,000", "all of them counted")
    assert len(page.numbers()) == 400
    assert "more: filter to find them" in page.one("#phones-note").text
    page.one("#filter").send_keys("+447700900123")
    page.until(lambda: page.numbers() == [ANNA], "Anna found")
    page.phone(ANNA).click()
    assert page.texts()[-1] == "7 99 for Anna"
    shown = len(page.texts())
    assert 0 < shown <= 300
    link = page.all(".earlier a")
    if link:
        assert link[0].get_attribute("href").endswith("/messages?number=%2B447700900123")
    assert len(json.loads(api.ask("GET", "/inbox?since=0").body)["messages"]) == 2000
