# SPDX-License-Identifier: ISC
"""groupcall-simulator follows the vendor's contract, and breaks it on request."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator

import pytest

from simulator_process import PARTNER_PATH, SMS_PATH, Simulator, simulator_path
from waiting import LIMIT_S, TIMED_OUT_S, wait_until

CUSTOMERS = {"1469": "key-of-1469", "2210": "key:with:colons"}
PHONE = "+447700900123"
OTHER_PHONE = "+33612345678"
NOT_VALID = "Data is not valid, no messages sent"
JSON = {"Content-Type": "application/json"}
MESSAGE_ID = r"1469\.\d{8}\.\d{16}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.%sZ"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(CUSTOMERS, args=["--partner", "partner-key"]) as simulator:
        yield simulator


@pytest.fixture
def api(running: Simulator) -> Simulator:
    running.clear()
    assert running.ask("DELETE", "/stats").status == 204
    return running


def sms(number: str = PHONE, text: str = "Hello", **fields: Any) -> dict[str, Any]:
    return {"CustomerId": "1469", "Password": CUSTOMERS["1469"], "SMSMessage": text,
            "Recipients": [{"MobileNumber": number}], **fields}


def without(name: str) -> dict[str, Any]:
    element = sms()
    del element[name]
    return element


def raw_post(api: Simulator, body: bytes, path: str = SMS_PATH) -> socket.socket:
    """The socket after a POST. The caller reads the answer."""
    peer = socket.create_connection(("127.0.0.1", api.port), LIMIT_S)
    peer.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return peer


def body_of(*elements: Any) -> bytes:
    return json.dumps({"messageData": list(elements)}).encode()


# The contract ------------------------------------------------------------------------

def test_answer_to_a_queued_sms_has_the_vendors_fields(api: Simulator) -> None:
    answer = api.post(sms(ClientRef="ref-1"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    [got] = answer.json()
    assert list(got) == ["WarningMessages", "errorMsg", "MessageSentId", "MessageId",
                         "statusMsg", "transmitDateTime", "ClientRef"]
    assert re.fullmatch(MESSAGE_ID, got.pop("MessageId"))
    assert re.fullmatch(UTC % r"\d{7}", got.pop("transmitDateTime"))
    assert got == {"WarningMessages": [], "errorMsg": "OK 1 messages queued for sending",
                   "MessageSentId": 0, "statusMsg": "In Queue", "ClientRef": "ref-1"}


def test_answers_come_in_order_and_ids_are_unique(api: Simulator) -> None:
    elements = [sms(ClientRef=str(i)) for i in range(500)]
    elements[3]["Password"] = "wrong"
    answers = api.post(*elements).json()
    assert [one["ClientRef"] for one in answers] == [str(i) for i in range(500)]
    assert answers[3]["errorMsg"] == NOT_VALID and answers[3]["MessageId"] is None
    assert len({one["MessageId"] for one in answers}) == 500
    assert api.stats()["queued"] == 499 and api.stats()["refused"] == 1


def test_message_shows_what_was_sent(api: Simulator) -> None:
    text = "Grüße\r\n\t\"quoted\" \\ </script> €"
    [answer] = api.post(sms(text=text, SMSSender="Greenfield", ClientRef="r",
                            CallbackUrl="https://example.org/?a=b&c")).json()
    [message] = api.messages()
    assert re.fullmatch(UTC % r"\d{3}", message.pop("received"))
    assert message == {
        "id": answer["MessageId"], "customer": "1469", "number": PHONE,
        "sender": "Greenfield", "text": text, "client_ref": "r",
        "callback_url": "https://example.org/?a=b&c", "characters": len(text),
        "encoding": "ucs2", "units": len(text), "parts": 1, "answered": True}


def test_fields_not_given_are_null(api: Simulator) -> None:
    [answer] = api.post(sms()).json()
    [message] = api.messages()
    assert answer["ClientRef"] is None
    assert (message["sender"], message["client_ref"], message["callback_url"]) == (
        None, None, None)


@pytest.mark.parametrize("element", [
    sms(Password="wrong"), sms(CustomerId="9999"), without("Password"),
    without("CustomerId"), sms(Password=None), sms(CustomerId=1469),
    sms(Password="key-of-1469 "),
    sms(text=""), without("SMSMessage"), sms(SMSMessage=None), sms(SMSMessage=5),
    sms(text="nul\0"), sms(text="x" * 919), sms(text="é" * 460),
    without("Recipients"), sms(Recipients=[]), sms(Recipients={"MobileNumber": PHONE}),
    sms(Recipients=[PHONE]), sms(Recipients=[{}]), sms(Recipients=[{"Id": 0}]),
    sms(Recipients=[{"Id": "7"}]), sms(Recipients=[{"Id": -7}]),
    sms("447700900123"), sms("07700900123"), sms("+07700900123"), sms("+447700 900123"),
    sms("+123456"), sms("+1234567890123456"), sms("+"), sms(""), sms("+44770090012a"),
    sms("+٤٤٧٧٠٠٩٠٠١٢٣"), sms(SMSSender=7), sms(ClientRef={}), 7, None, "text", [],
], ids=lambda element: json.dumps(element)[:120])
def test_what_the_vendor_would_not_accept(api: Simulator, element: Any) -> None:
    good, bad = api.post(sms(), element).json()
    assert good["MessageId"] is not None
    assert bad["errorMsg"] == NOT_VALID
    assert (bad["MessageId"], bad["statusMsg"], bad["WarningMessages"]) == (None, None, [])
    assert len(api.messages()) == 1


@pytest.mark.parametrize("element", [
    sms("+1234567"), sms("+123456789012345"), sms(text="x" * 918), sms(text="é" * 459),
    sms(text="x"), sms(SMSSender=None, ClientRef=None, CallbackUrl=None),
    sms(Unknown={"more": []}), sms(SendTo=2),
    sms(CustomerId="2210", Password=CUSTOMERS["2210"]),
], ids=lambda element: json.dumps(element)[:120])
def test_what_the_vendor_accepts(api: Simulator, element: Any) -> None:
    [answer] = api.post(element).json()
    assert answer["errorMsg"] == "OK 1 messages queued for sending"


@pytest.mark.parametrize("recipient, number", [
    ({"MobileNumber": PHONE, "EmailAddress": "a@b.example", "IdaasId": "i",
      "MessengerId": "m", "ExternalId": "e", "Id": 17}, "Id=17"),
    ({"MobileNumber": PHONE, "EmailAddress": "a@b.example", "IdaasId": "i",
      "MessengerId": "m", "ExternalId": "e", "Id": 0}, "ExternalId=e"),
    ({"MobileNumber": PHONE, "EmailAddress": "a@b.example", "IdaasId": "i",
      "MessengerId": "m", "ExternalId": ""}, "MessengerId=m"),
    ({"MobileNumber": PHONE, "EmailAddress": "a@b.example", "IdaasId": "i"}, "IdaasId=i"),
    ({"MobileNumber": PHONE, "EmailAddress": "a@b.example"}, "EmailAddress=a@b.example"),
    ({"MobileNumber": PHONE, "EmailAddress": None}, PHONE),
])
def test_recipient_is_found_by_the_first_field_set(
        api: Simulator, recipient: dict[str, Any], number: str) -> None:
    api.post(sms(Recipients=[recipient]))
    assert [message["number"] for message in api.messages()] == [number]


def test_several_recipients_are_counted_and_a_bad_one_is_not(api: Simulator) -> None:
    recipients = [{"MobileNumber": PHONE}, {"MobileNumber": "wrong"},
                  {"MobileNumber": OTHER_PHONE}]
    [answer] = api.post(sms(Recipients=recipients)).json()
    assert answer["errorMsg"] == "OK 2 messages queued for sending"
    assert [(m["number"], m["id"]) for m in api.messages()] == [
        (PHONE, answer["MessageId"]), (OTHER_PHONE, answer["MessageId"])]


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b'"text"', b"{}", b'{"messageData": null}',
    b'{"messageData": {}}', b'{"messagedata": []}', b'{"messageData": []} x',
    b"{'messageData': []}", b'{"messageData": [], "x": NaN}',
    b'{"messageData": [], "x": "a\nb"}', b'{"messageData": [], "x": "\xff"}',
    b'{"messageData": [],}', b"\xef\xbb\xbf{}", b"[" * 100,
])
def test_bad_json_is_400_with_an_error_object(api: Simulator, body: bytes) -> None:
    answer = api.ask("POST", SMS_PATH, body, JSON)
    assert answer.status == 400
    assert answer.json()["Message"] == "The request is invalid."
    [request] = api.requests()
    assert (request["status"], request["raw_bytes"]) == (400, len(body))


def test_no_elements_no_answers(api: Simulator) -> None:
    assert api.post().json() == []


@pytest.mark.parametrize("method, path, status", [
    ("POST", "/api/SendMessage_V3/sms", 404), ("POST", "/api/SendMessage_V3/SMS/", 404),
    ("GET", "/api/", 404), ("GET", "/nothing", 404), ("GET", SMS_PATH, 405),
    ("PUT", SMS_PATH, 405), ("POST", "/messages", 405), ("PUT", "/faults", 405),
    ("DELETE", "/", 405),
])
def test_wrong_paths_and_methods(api: Simulator, method: str, path: str,
                                 status: int) -> None:
    answer = api.ask(method, path, b"{}" if method != "GET" else None, JSON)
    assert answer.status == status
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("content_type, status", [
    ("application/json", 200), ("Application/JSON; charset=utf-8", 200),
    ("application/json;charset=utf-8", 200), ("text/plain", 415),
    ("application/jsonx", 415), ("application/x-www-form-urlencoded", 415), ("", 415)])
def test_content_type(api: Simulator, content_type: str, status: int) -> None:
    answer = api.ask("POST", SMS_PATH, body_of(sms()), {"Content-Type": content_type})
    assert answer.status == status


def test_body_over_4_mib_is_413(api: Simulator) -> None:
    padding = "x" * ((4 << 20) - len(body_of(sms(Padding=""))))
    assert api.post(sms(Padding=padding)).status == 200
    assert api.post(sms(Padding=padding + "x")).status == 413
    assert len(api.messages()) == 1


def test_chunked_body_is_read(api: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=LIMIT_S)
    body = body_of(sms(text="in chunks"))
    connection.request("POST", SMS_PATH, iter([body[:7], body[7:]]), JSON,
                       encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert [message["text"] for message in api.messages()] == ["in chunks"]


# Partners ----------------------------------------------------------------------------

def test_partner_sends_for_a_customer(api: Simulator) -> None:
    [answer] = api.post(sms(), path=PARTNER_PATH, PartnerKey="partner-key",
                        styleClass="sms").json()
    assert answer["MessageId"] is not None
    [request] = api.requests()
    assert (request["path"], request["body"]["styleClass"]) == (PARTNER_PATH, "sms")


@pytest.mark.parametrize("root", [{"PartnerKey": "wrong", "styleClass": "sms"},
                                  {"styleClass": "sms"}])
def test_unknown_partner_is_not_authorized(api: Simulator, root: dict[str, str]) -> None:
    [answer] = api.post(sms(), path=PARTNER_PATH, **root).json()
    assert answer["WarningMessages"] == [
        "Partner account not authorized for this customer"]
    assert (answer["errorMsg"], answer["MessageId"], api.messages()) == (None, None, [])


def test_partner_needs_style_class_and_the_customers_key(api: Simulator) -> None:
    [no_class] = api.post(sms(), path=PARTNER_PATH, PartnerKey="partner-key").json()
    [no_key] = api.post(sms(Password="wrong"), path=PARTNER_PATH,
                        PartnerKey="partner-key", styleClass="sms").json()
    assert no_class["errorMsg"] == no_key["errorMsg"] == NOT_VALID


# Parts -------------------------------------------------------------------------------

@pytest.mark.parametrize("text, encoding, units, parts", [
    ("x" * 160, "gsm7", 160, 1),
    ("x" * 161, "gsm7", 161, 2),
    ("x" * 306, "gsm7", 306, 2),
    ("x" * 307, "gsm7", 307, 3),
    ("x" * 918, "gsm7", 918, 6),
    ("{" * 80, "gsm7", 160, 1),
    ("x" * 159 + "€", "gsm7", 161, 2),
    # An escape pair moves to the next part whole.
    ("x" * 152 + "€" + "x" * 152, "gsm7", 306, 3),
    ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\r\n", "gsm7", 44, 1),
    ("^{}\\[~]|€\f", "gsm7", 20, 1),
    ("`", "ucs2", 1, 1),
    ("ç", "ucs2", 1, 1),
    ("\t", "ucs2", 1, 1),
    ("\u201cquoted\u201d", "ucs2", 8, 1),
    ("я" * 70, "ucs2", 70, 1),
    ("я" * 71, "ucs2", 71, 2),
    ("я" * 134, "ucs2", 134, 2),
    ("я" * 135, "ucs2", 135, 3),
    ("😀" * 35, "ucs2", 70, 1),
    # A surrogate pair moves to the next part whole: 33 fit into 67 units.
    ("😀" * 36, "ucs2", 72, 2),
    ("😀" * 67, "ucs2", 134, 3),
    ("x" * 66 + "😀" + "x" * 66, "ucs2", 134, 3),
])
def test_parts_as_the_network_counts(api: Simulator, text: str, encoding: str,
                                     units: int, parts: int) -> None:
    api.post(sms(text=text))
    [message] = api.messages()
    assert (message["encoding"], message["units"], message["parts"],
            message["characters"]) == (encoding, units, parts, len(text))


# What can be asked -------------------------------------------------------------------

def test_filters(api: Simulator) -> None:
    other = sms(CustomerId="2210", Password=CUSTOMERS["2210"], text="c")
    api.post(sms(text="a"), sms(OTHER_PHONE, text="b"), other)

    def texts(query: str) -> list[str]:
        return [message["text"] for message in api.messages(query)]

    assert texts("?number=%2B447700900123") == ["a", "c"]
    assert texts("?number=%2B44770090012") == []
    assert texts("?customer=2210") == ["c"]
    assert texts("?customer=1469&number=%2B33612345678") == ["b"]
    assert (texts("?since=1"), texts("?since=3"), texts("?since=99")) == (
        ["b", "c"], [], [])
    assert api.ask("GET", "/messages?since=x").status == 400
    assert api.ask("DELETE", "/messages").status == 204
    api.post(sms(text="d"))
    assert texts("?since=0") == ["d"]


def test_requests_are_kept_field_by_field(api: Simulator) -> None:
    element = sms(text="é", ClientRef="r", Extra=[1, 2.5, None, True])
    body = body_of(element)
    api.ask("POST", SMS_PATH + "?a=b", body, {**JSON, "X-Test": "Value"})
    api.ask("GET", "/messages")
    [request] = api.requests()
    assert request["headers"]["x-test"] == "Value"
    assert request["headers"]["content-length"] == str(len(body))
    assert (request["method"], request["path"], request["status"], request["fault"],
            request["raw_bytes"]) == ("POST", SMS_PATH, 200, None, len(body))
    assert request["body"] == {"messageData": [element]}
    api.ask("DELETE", "/requests")
    assert api.requests() == []


def test_connections_are_told_apart(api: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=LIMIT_S)
    for _ in range(3):
        connection.request("POST", SMS_PATH, body_of(sms()), JSON)
        assert connection.getresponse().read()
    connection.close()
    api.post(sms())
    numbers = [request["connection"] for request in api.requests()]
    assert numbers[0] == numbers[1] == numbers[2] != numbers[3]
    assert api.stats()["api_connections"] == 2


def test_requests_are_bounded(api: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=LIMIT_S)
    for i in range(10_050):
        connection.request("POST", SMS_PATH, body_of(sms(text=str(i))), JSON)
        connection.getresponse().read()
    connection.close()
    kept = api.requests()
    assert len(kept) == 10_000
    texts = [request["body"]["messageData"][0]["SMSMessage"] for request in kept]
    assert texts == [str(i) for i in range(50, 10_050)]
    assert len(api.messages()) == 10_050


def test_messages_are_bounded(api: Simulator) -> None:
    for batch in range(41):
        assert api.post(*[sms(text=f"{batch} {i}") for i in range(5000)]).status == 200
    kept = api.messages()
    assert len(kept) == 200_000
    assert (kept[0]["text"], kept[-1]["text"]) == ("1 0", "40 4999")
    assert [m["text"] for m in api.messages("?since=204999")] == ["40 4999"]


def test_large_requests_do_not_fill_the_memory(api: Simulator) -> None:
    padding = "x" * (4_000_000)
    for _ in range(50):
        api.post(sms(Padding=padding))
    # 50 of 4 MB were sent, 128 MiB are kept.
    assert len(api.requests()) == (128 << 20) // 4_000_600


def test_in_flight_is_counted(api: Simulator) -> None:
    api.set_faults("never")
    peers = [raw_post(api, body_of(sms())) for _ in range(3)]
    wait_until(lambda: api.stats()["in_flight"] == 3, "three requests in flight")
    for peer in peers:
        peer.close()
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of all three")
    assert api.stats()["max_in_flight"] == 3


def test_every_answer_forbids_what_the_page_does_not_need(api: Simulator) -> None:
    for path in ("/", "/inbox.js", "/messages"):
        headers = api.ask("GET", path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["cache-control"], headers["x-content-type-options"]) == (
            "no-store", "nosniff")


# Faults for one SMS ------------------------------------------------------------------

@pytest.mark.parametrize("spec, error, warnings, is_queued", [
    ("invalid", NOT_VALID, [], False),
    ("no-sms", None, ["Customer does not allow sending SMS"], False),
    ("no-partner", None, ["Partner account not authorized for this customer"], False),
    ("shortfall", "OK 0 messages queued for sending", [], False),
    ("error=Out of credit", "Out of credit", [], False),
    ("remark=Low credit", "OK 1 messages queued for sending", ["Low credit"], True),
])
def test_fault_for_one_sms(api: Simulator, spec: str, error: str, warnings: list[str],
                           is_queued: bool) -> None:
    api.set_faults(f"{spec},number=+33")
    first, second, third = api.post(sms(ClientRef="a"), sms(OTHER_PHONE, ClientRef="b"),
                                    sms(ClientRef="c")).json()
    assert (second["errorMsg"], second["WarningMessages"], second["ClientRef"]) == (
        error, warnings, "b")
    assert (second["MessageId"] is not None) == is_queued
    assert (second["statusMsg"] == "In Queue") == is_queued
    assert first["MessageId"] and third["MessageId"] and not first["WarningMessages"]
    assert (OTHER_PHONE in [m["number"] for m in api.messages()]) == is_queued
    [fault] = api.faults()
    assert (fault["matched"], fault["fired"]) == (1, 1)
    assert api.requests()[0]["fault"] == spec.partition("=")[0]
    assert api.stats()["faults"] == 1


def test_fault_no_id_queues_without_an_id(api: Simulator) -> None:
    api.set_faults("no-id")
    [answer] = api.post(sms()).json()
    assert (answer["errorMsg"], answer["MessageId"]) == (
        "OK 1 messages queued for sending", None)
    assert len(api.messages()) == 1


def test_error_text_takes_escapes_and_the_key(api: Simulator) -> None:
    api.set_faults(r"error={key}\r\n\t\x01\x1b[31m a\, b \\ = {key}{ke")
    [answer] = api.post(sms()).json()
    key = CUSTOMERS["1469"]
    assert answer["errorMsg"] == f"{key}\r\n\t\x01\x1b[31m a, b \\ = {key}{{ke"
    refusals = api.ask("GET", "/inbox").json()["refusals"]
    assert key not in json.dumps(refusals)


def test_error_text_may_be_no_utf8_and_hold_nul(api: Simulator) -> None:
    api.set_faults(r"error=a\x00b\xff")
    assert b'"errorMsg":"a\\u0000b\xff"' in api.post(sms()).body


def test_wrong_sms_does_not_meet_its_fault(api: Simulator) -> None:
    api.set_faults("error=fault,count=1")
    wrong, right = api.post(sms(Password="wrong"), sms()).json()
    assert (wrong["errorMsg"], right["errorMsg"]) == (NOT_VALID, "fault")


# Which fault fires -------------------------------------------------------------------

def errors(api: Simulator, requests: int, number: str = PHONE) -> list[str]:
    return [api.post(sms(number)).json()[0]["errorMsg"][:2] for _ in range(requests)]


def test_count_and_every(api: Simulator) -> None:
    api.set_faults("error=E,count=2")
    assert errors(api, 4) == ["E", "E", "OK", "OK"]
    api.set_faults("error=E,every=3")
    assert errors(api, 6) == ["OK", "OK", "E", "OK", "OK", "E"]
    api.set_faults("error=E,every=2,count=1")
    assert errors(api, 4) == ["OK", "E", "OK", "OK"]
    [fault] = api.faults()
    assert fault == {"spec": "error=E,every=2,count=1", "kind": "error", "matched": 4,
                     "fired": 1}


def test_first_fault_that_fires_wins(api: Simulator) -> None:
    api.set_faults("error=A,count=1", "error=B,customer=2210", "error=C", "error=D")
    assert errors(api, 2) == ["A", "C"]
    assert [fault["fired"] for fault in api.faults()] == [1, 0, 1, 0]
    [answer] = api.post(sms(CustomerId="2210", Password=CUSTOMERS["2210"])).json()
    assert answer["errorMsg"] == "B"


def test_request_fault_fires_when_any_sms_matches(api: Simulator) -> None:
    api.set_faults("http=429,number=+33")
    assert api.post(sms()).status == 200
    assert api.post(sms(), sms(OTHER_PHONE)).status == 429
    assert len(api.messages()) == 1


def test_request_and_sms_faults_go_together(api: Simulator) -> None:
    api.set_faults("reversed", "invalid,number=+33")
    second, first = api.post(sms(ClientRef="a"), sms(OTHER_PHONE, ClientRef="b")).json()
    assert (first["ClientRef"], second["ClientRef"]) == ("a", "b")
    assert (first["MessageId"] is not None, second["errorMsg"]) == (True, NOT_VALID)


def test_faults_are_added_whole_or_not_at_all(api: Simulator) -> None:
    api.set_faults("slow=5")
    answer = api.ask("POST", "/faults", b"invalid\n\nhttp=503\r\nnonsense\n")
    assert (answer.status, answer.body) == (400, b"no fault is called 'nonsense'")
    assert [fault["spec"] for fault in api.faults()] == ["slow=5"]
    assert api.ask("POST", "/faults", b"invalid\r\nhttp=503").status == 204
    assert [fault["spec"] for fault in api.faults()] == ["slow=5", "invalid", "http=503"]


@pytest.mark.parametrize("spec", [
    "nonsense", "invalid=1", "http", "http=", "http=199", "http=600", "http=abc",
    "http=200x", "error", "remark", "slow=", "slow=-1", "huge=x", "invalid,count=0",
    "invalid,count=", "invalid,every=x", "invalid,number=", "invalid,colour=red",
    "invalid,retry-after=3", "error=a\\", "error=\\xg0", "error=\\x0", "=", ","])
def test_wrong_fault_is_refused(api: Simulator, spec: str) -> None:
    answer = api.ask("POST", "/faults", spec.encode())
    assert answer.status == 400 and answer.body
    assert api.faults() == []


def test_faults_are_bounded(api: Simulator) -> None:
    assert api.ask("POST", "/faults", b"invalid\n" * 1001).status == 400
    assert api.ask("POST", "/faults", b"invalid\n" * 1000).status == 204


# Faults for a request ----------------------------------------------------------------

@pytest.mark.parametrize("status", [200, 204, 302, 307, 400, 401, 403, 404, 429, 500,
                                    502, 503, 504, 599])
def test_http_status(api: Simulator, status: int) -> None:
    api.set_faults(f"http={status},retry-after=7")
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=LIMIT_S)
    connection.request("POST", SMS_PATH, body_of(sms()), JSON)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Retry-After")) == (status, "7")
    assert answer.getheader("Location") == (SMS_PATH if status // 100 == 3 else None)
    connection.close()
    assert api.messages() == []
    assert (api.requests()[0]["status"], api.requests()[0]["fault"]) == (status, "http")


def test_http_status_needs_no_wellformed_request(api: Simulator) -> None:
    api.set_faults("http=503")
    assert api.ask("POST", SMS_PATH, b"{", JSON).status == 503


def test_retry_after_may_be_a_date(api: Simulator) -> None:
    api.set_faults(r"http=503,retry-after=Wed\, 21 Oct 2026 07:28:00 GMT")
    assert api.post(sms()).headers["retry-after"] == "Wed, 21 Oct 2026 07:28:00 GMT"


def test_reset_before_comes_before_the_body(api: Simulator) -> None:
    api.set_faults("reset-before")
    with socket.create_connection(("127.0.0.1", api.port), LIMIT_S) as peer:
        # The body never comes, so only the headers can have brought the reset.
        peer.sendall(f"POST {SMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
                     "Content-Type: application/json\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            peer.recv(1)
    [request] = api.requests()
    assert (request["status"], request["body"], request["fault"]) == (
        0, None, "reset-before")
    assert api.messages() == []


def test_reset_before_for_some_numbers_queues_nothing(api: Simulator) -> None:
    api.set_faults("reset-before,number=+33")
    assert api.post(sms()).status == 200
    with pytest.raises(ConnectionResetError):
        api.post(sms(OTHER_PHONE))
    assert [message["number"] for message in api.messages()] == [PHONE]


def test_reset_after(api: Simulator) -> None:
    api.set_faults("reset-after")
    with raw_post(api, body_of(sms())) as peer, pytest.raises(ConnectionResetError):
        peer.recv(1)
    assert [message["answered"] for message in api.messages()] == [False]
    assert api.requests()[0]["status"] == 0


def test_close_after(api: Simulator) -> None:
    api.set_faults("close-after")
    with raw_post(api, body_of(sms())) as peer:
        assert peer.recv(1) == b""
    assert [message["answered"] for message in api.messages()] == [False]


def test_half(api: Simulator) -> None:
    api.set_faults("half")
    with pytest.raises(http.client.IncompleteRead) as error:
        api.post(sms())
    got, missing = len(error.value.partial), error.value.expected
    assert missing is not None and missing - got in (0, 1)
    assert error.value.partial.startswith(b'[{"WarningMessages"')
    assert [message["answered"] for message in api.messages()] == [False]


def test_not_json_and_empty(api: Simulator) -> None:
    api.set_faults("not-json,count=1", "empty")
    html, empty = api.post(sms()), api.post(sms())
    assert html.status == 200 and html.body.startswith(b"<!DOCTYPE html>")
    assert (empty.status, empty.body) == (200, b"")
    assert [message["answered"] for message in api.messages()] == [False, False]


@pytest.mark.parametrize("elements", [0, 2])
def test_huge_is_valid_json_of_that_size(api: Simulator, elements: int) -> None:
    api.set_faults("huge=3000000")
    answer = api.post(*[sms()] * elements)
    assert len(answer.body) == 3_000_000
    assert len(answer.json()) == max(elements, 1)
    assert "content-length" not in answer.headers
    assert all(message["answered"] for message in api.messages())


def test_huge_is_64_mib_and_the_client_may_leave(api: Simulator) -> None:
    api.set_faults("huge")
    assert len(api.post(sms()).body) == 64 << 20
    with raw_post(api, body_of(sms())) as peer:
        assert peer.recv(1)
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of the request")


def test_slow_sends_byte_by_byte_and_blocks_nobody(api: Simulator) -> None:
    api.set_faults("slow=1,number=+33")
    with raw_post(api, body_of(sms(OTHER_PHONE))) as peer:
        pieces = []
        assert api.post(sms()).status == 200
        while not b"".join(pieces).endswith(b"}]"):
            pieces.append(peer.recv(65536))
        assert len(pieces) > 50
    assert [message["answered"] for message in api.messages()] == [True, True]


def test_slow_client_may_leave(api: Simulator) -> None:
    api.set_faults("slow=20")
    with raw_post(api, body_of(sms())) as peer:
        assert peer.recv(1)
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of the request")


def test_never_answers_and_notices_who_leaves(api: Simulator) -> None:
    api.set_faults("never")
    with raw_post(api, body_of(sms())) as peer:
        wait_until(lambda: len(api.messages()) == 1, "the SMS")
        peer.settimeout(0.3)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        assert api.stats()["in_flight"] == 1
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of the request")
    assert [message["answered"] for message in api.messages()] == [False]


def test_never_ends_when_the_client_closes_only_its_side(api: Simulator) -> None:
    api.set_faults("never")
    with raw_post(api, body_of(sms())) as peer:
        peer.shutdown(socket.SHUT_WR)
        assert peer.recv(1) == b""


def test_never_ends_when_the_simulator_stops() -> None:
    with Simulator(faults=["never", "slow=3000000"]) as api:
        peers = [raw_post(api, body_of(sms())) for _ in range(20)]
        wait_until(lambda: api.stats()["in_flight"] == 20, "all requests")
        api.set_faults("slow=3000000")
        peers += [raw_post(api, body_of(sms())) for _ in range(20)]
        wait_until(lambda: api.stats()["queued"] == 40, "all SMS")
        api.stop()
        for peer in peers:
            while peer.recv(4096):
                pass
            peer.close()


def test_hold_answers_when_the_faults_are_cleared(api: Simulator) -> None:
    api.set_faults("hold,count=1")
    with ThreadPoolExecutor() as pool:
        held = pool.submit(api.post, sms())
        wait_until(lambda: len(api.messages()) == 1, "the SMS")
        assert api.post(sms(OTHER_PHONE)).status == 200
        assert not held.done()
        api.set_faults()
        assert held.result().json()[0]["MessageId"]
    assert [message["answered"] for message in api.messages()] == [True, True]


def test_hold_notices_who_leaves(api: Simulator) -> None:
    api.set_faults("hold")
    with raw_post(api, body_of(sms())):
        wait_until(lambda: len(api.messages()) == 1, "the SMS")
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of the request")


def test_fewer(api: Simulator) -> None:
    api.set_faults("fewer")
    [answer] = api.post(sms(ClientRef="a"), sms(ClientRef="b")).json()
    assert answer["ClientRef"] == "b"
    assert [message["answered"] for message in api.messages()] == [False, True]


def test_reversed(api: Simulator) -> None:
    api.set_faults("reversed")
    answers = api.post(*[sms(ClientRef=ref) for ref in "abc"]).json()
    assert [one["ClientRef"] for one in answers] == ["c", "b", "a"]
    ids = {message["client_ref"]: message["id"] for message in api.messages()}
    assert {one["ClientRef"]: one["MessageId"] for one in answers} == ids


def test_object(api: Simulator) -> None:
    api.set_faults("object")
    assert api.post(sms(ClientRef="a"), sms(ClientRef="b")).json()["ClientRef"] == "a"
    assert [message["answered"] for message in api.messages()] == [True, False]


# The program -------------------------------------------------------------------------

def test_latency_delays_the_api_and_blocks_nobody() -> None:
    with Simulator(args=["--latency-ms", "1000", "--threads", "1"]) as api:
        begin = time.monotonic()
        with ThreadPoolExecutor(40) as pool:
            statuses = list(pool.map(lambda _: api.post(sms()).status, range(40)))
        assert statuses == [200] * 40
        assert time.monotonic() - begin >= 1
        assert api.stats()["max_in_flight"] > 1


def test_stops_at_once_with_answers_waiting() -> None:
    with Simulator(args=["--latency-ms", "3000000"]) as api:
        peer = raw_post(api, body_of(sms()))
        wait_until(lambda: api.stats()["queued"] == 1, "the SMS")
        api.stop()
        peer.close()


@pytest.mark.parametrize("listen, url", [
    ("127.0.0.1:0", r"http://127\.0\.0\.1:\d+"), ("[::1]:0", r"http://\[::1\]:\d+"),
    ("localhost:0", r"http://(127\.0\.0\.1|\[::1\]):\d+")])
def test_listens_where_told(listen: str, url: str) -> None:
    with Simulator(listen=listen) as api:
        assert re.fullmatch(url, api.url)
        assert api.post(sms()).status == 200


def make_certificate(folder: Path) -> tuple[Path, Path]:
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True)
    return cert, key


def test_tls(tmp_path: Path) -> None:
    cert, key = make_certificate(tmp_path)
    with Simulator(cert=cert, key=key) as api:
        assert api.url.startswith("https://")
        assert api.post(sms()).status == 200
        api.set_faults("reset-after,count=1", "half,count=1", "close-after,count=1",
                       "never")
        for error in (ConnectionError, http.client.IncompleteRead,
                      (ConnectionError, ssl.SSLError)):
            with pytest.raises(error):
                api.post(sms())
        with pytest.raises(TimeoutError):
            api.post(sms(), timeout_s=TIMED_OUT_S)
        assert len(api.messages()) == 5
        wait_until(lambda: api.stats()["in_flight"] == 0, "the end of all requests")


def run(*args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([simulator_path(), *args], capture_output=True, text=True,
                          timeout=LIMIT_S)


CUSTOMER = ("--customer", "1:k")
LISTEN = ("--listen", "127.0.0.1:0")


@pytest.mark.parametrize("args, words", [
    ((), "--listen"), (LISTEN, "--customer"), (CUSTOMER, "--listen"),
    ((*LISTEN, "--customer", "1469"), "ID:KEY"),
    ((*LISTEN, "--customer", "1469:"), "ID:KEY"),
    ((*LISTEN, "--customer", ":key"), "ID:KEY"),
    ((*LISTEN, *CUSTOMER, *CUSTOMER), "twice"),
    ((*LISTEN, *CUSTOMER, "--fault", "nonsense"), "--fault nonsense: no fault is called"),
    ((*LISTEN, *CUSTOMER, "--latency-ms", "x"), "--latency-ms"),
    ((*LISTEN, *CUSTOMER, "--threads", "0"), "--threads"),
    ((*LISTEN, *CUSTOMER, "--threads", "65"), "--threads"),
    ((*LISTEN, *CUSTOMER, "--tls-cert", "x"), "--tls-key"),
    ((*LISTEN, *CUSTOMER, "--nonsense"), "--nonsense"),
    ((*LISTEN, *CUSTOMER, "nonsense"), "nonsense"),
    ((*CUSTOMER, "--listen"), "--listen"),
    (("--listen", "nonsense", *CUSTOMER), "ADDR:PORT"),
    (("--listen", "::1:0", *CUSTOMER), "ADDR:PORT"),
    (("--listen", "127.0.0.1:", *CUSTOMER), "ADDR:PORT"),
    (("--listen", "127.0.0.1:65536", *CUSTOMER), "ADDR:PORT"),
    (("--listen", "127.0.0.1:x", *CUSTOMER), "ADDR:PORT"),
])
def test_bad_usage_exits_64(args: tuple[str, ...], words: str) -> None:
    result = run(*args)
    assert (result.returncode, result.stdout) == (64, "")
    assert words in result.stderr and "--help" in result.stderr


@pytest.mark.parametrize("args, words", [
    (("--listen", "192.0.2.1:0", *CUSTOMER), "192.0.2.1"),
    ((*LISTEN, *CUSTOMER, "--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"),
     "/nonexistent"),
    ((*LISTEN, *CUSTOMER, "--tls-cert", "/etc/passwd", "--tls-key", "/etc/passwd"),
     "certificate"),
])
def test_what_cannot_start_says_why(args: tuple[str, ...], words: str) -> None:
    result = run(*args)
    assert (result.returncode, result.stdout) == (1, "")
    assert words in result.stderr


def test_port_in_use_says_so(api: Simulator) -> None:
    result = run("--listen", f"127.0.0.1:{api.port}", *CUSTOMER)
    assert result.returncode == 1 and "in use" in result.stderr


def test_help_names_every_option_and_fault() -> None:
    result = run("--help")
    assert (result.returncode, result.stderr) == (0, "")
    readme = (Path(__file__).parent.parent / "simulator" / "README.md").read_text()
    for word in re.findall(r"^\| `([a-z-]+|--[a-z-]+)", readme, re.MULTILINE):
        assert word in result.stdout
    assert "test tool" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_version() -> None:
    assert re.fullmatch(r"groupcall-simulator \d\S*\n", run("--version").stdout)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_well(number: signal.Signals) -> None:
    with Simulator() as api:
        idle = socket.create_connection(("127.0.0.1", api.port), LIMIT_S)
        os.kill(api.process.pid, number)
        assert api.process.wait(LIMIT_S) == 0
        idle.close()


def test_client_that_resets_in_its_request(api: Simulator) -> None:
    for sent in (b"POST ", b"POST /api/SendMessage_V3/SMS HTTP/1.1\r\nContent-Length: 9",
                 b"POST /api/SendMessage_V3/SMS HTTP/1.1\r\nHost: x\r\n"
                 b"Content-Length: 99\r\n\r\n{"):
        with socket.create_connection(("127.0.0.1", api.port), LIMIT_S) as peer:
            peer.sendall(sent)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            struct.pack("ii", 1, 0))
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of all requests")
    assert api.post(sms()).status == 200


# Many at once ------------------------------------------------------------------------

def send_many(port: int, name: str, requests: int, seen: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
    for i in range(requests):
        body = body_of(sms(ClientRef=f"{name}-{i}"), sms(OTHER_PHONE))
        connection.request("POST", SMS_PATH, body, JSON)
        first, _ = json.loads(connection.getresponse().read())
        assert first["ClientRef"] == f"{name}-{i}"
        seen.append(first["MessageId"])
    connection.close()


def test_thousands_of_requests_at_once_lose_nothing(api: Simulator) -> None:
    seen: list[str] = []
    threads = [threading.Thread(target=send_many, args=(api.port, str(i), 500, seen))
               for i in range(16)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        api.messages("?since=15000")
        api.requests()
        for thread in threads:
            thread.join(0.05)
    assert len(set(seen)) == 8000
    assert len(api.messages()) == 16_000
    assert len(api.messages("?number=%2B447700900123")) == 8000
    stats = api.stats()
    assert (stats["requests"], stats["queued"], stats["refused"]) == (8000, 16_000, 0)
    assert (stats["in_flight"], stats["api_connections"]) == (0, 16)
    assert stats["max_in_flight"] <= 16


def test_faults_of_all_kinds_under_load(api: Simulator) -> None:
    kinds = ["reset-before", "reset-after", "close-after", "half", "not-json", "empty",
             "slow=0", "http=503", "fewer", "object", "huge=9000", "reversed"]
    api.set_faults(*[f"{kind},every={i + 7}" for i, kind in enumerate(kinds)])

    def attempt(_: int) -> None:
        try:
            api.post(sms(), sms(OTHER_PHONE))
        except (OSError, http.client.HTTPException):
            pass

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(attempt, range(2000)))
    wait_until(lambda: api.stats()["in_flight"] == 0, "the end of all requests")
    fired = {fault["kind"]: fault["fired"] for fault in api.faults()}
    assert all(fired.values()), fired
    lost = fired["reset-before"] + fired["http"]
    assert len(api.messages()) == 2 * (2000 - lost)
    assert api.stats()["faults"] == sum(fired.values())
