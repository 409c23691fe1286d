# SPDX-License-Identifier: ISC
"""The configurations with which tests and demo run sms-milter.

There are two schools, and a part of one that has its own account. A school's mail comes
from its own address of this machine, or with one of its logins.
"""

from typing import Any

KEYS = {"1469": "greenfield-k3y", "2001": "oakhill-k3y", "1470": "infants-k3y"}

GREENFIELD_RELAY = "127.0.0.2"
OAKHILL_RELAY = "127.0.0.3"
STRANGER = "127.0.0.9"

Settings = dict[str, Any]


def default_settings(listen: str, listen_group: str, api_url: str,
                     journal: str) -> Settings:
    """Options as in sms-milter.conf; the customers are a dict of dicts. The timeouts
    are so long that no slow machine reaches them."""
    return {
        "listen": listen,
        "listen-group": listen_group,
        "sms-domains": ["sms.local"],
        "default-country": "44",
        "journal": journal,
        "api": {"url": api_url, "connect-timeout": 30, "timeout": 30},
        "customers": {
            "greenfield": {
                "domains": ["greenfield.sch.example", ".greenfield.sch.example"],
                "customer-id": "1469",
                "sms-sender": "Greenfield",
                "sender-auth": ["sasl", "network"],
                "networks": [GREENFIELD_RELAY + "/32"],
            },
            "greenfield-infants": {
                "domains": ["infants.greenfield.sch.example",
                            ".infants.greenfield.sch.example"],
                "customer-id": "1470",
                "sender-auth": ["network"],
                "networks": [GREENFIELD_RELAY + "/32"],
            },
            "oakhill": {
                "domains": ["oakhill.sch.example", "grünstraße.example"],
                "customer-id": "2001",
                "sender-auth": ["sasl", "network"],
                "networks": [OAKHILL_RELAY + "/32"],
            },
        },
    }


def with_changes(settings: Settings, changes: Settings) -> Settings:
    """A copy in which each change replaces an option, or is merged into a section.

    Names may be written in Python form: max_parts is max-parts. None removes.
    """
    changed = dict(settings)
    for name, value in changes.items():
        name = name.replace("_", "-")
        if value is None:
            changed.pop(name, None)
        elif isinstance(value, dict):
            changed[name] = with_changes(changed.get(name, {}), value)
        else:
            changed[name] = value
    return changed


def as_text(settings: Settings) -> str:
    """The configuration as a file for sms-milter."""
    return "".join(_option(name, value) for name, value in settings.items())


def _option(name: str, value: Any, indent: str = "") -> str:
    if name == "customers":
        return "".join(_section(f'customer "{title}"', options, indent)
                       for title, options in value.items())
    if isinstance(value, dict):
        return _section(name, value, indent)
    return f"{indent}{name} = {_value(value)}\n"


def _section(head: str, options: Settings, indent: str) -> str:
    inside = "".join(_option(name, value, indent + "  ")
                     for name, value in options.items())
    return f"{indent}{head} {{\n{inside}{indent}}}\n"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "{" + ", ".join(_value(item) for item in value) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
