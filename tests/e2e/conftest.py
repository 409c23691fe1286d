# SPDX-License-Identifier: ISC
"""One gateway for the whole run. Each test finds it empty and with the defaults."""

import os
import signal
from typing import Iterator

import pytest

from gateway import Gateway
from journal_file import JournalFile
from interrupt import tidy_up_on
from unpacked import unpacked_root


def pytest_configure(config: pytest.Config) -> None:
    """SIGTERM ends the run with the same cleanup as Ctrl-C."""
    tidy_up_on(signal.SIGTERM)
    config.addinivalue_line(
        "markers", "settings(**changes): sms-milter's configuration for this test")


@pytest.fixture(scope="session")
def running_gateway() -> Iterator[Gateway]:
    os.environ["PATH"] += f":{unpacked_root()}/usr/sbin"  # where nghttpx is
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway_with_own_journal(running_gateway: Gateway,
                             tmp_path_factory: pytest.TempPathFactory
                             ) -> Iterator[Gateway]:
    """The gateway with a journal for this test only. The milter runs once it is
    configured."""
    usual = running_gateway.journal
    running_gateway.milter.stop()
    running_gateway.clear()
    folder = running_gateway.postfix.directory / tmp_path_factory.mktemp("journal").name
    running_gateway.journal = JournalFile(folder, running_gateway.milter.account)
    running_gateway.milter.expect_of_libmilter()
    try:
        yield running_gateway
    finally:
        running_gateway.journal = usual
        running_gateway.milter.stop()


@pytest.fixture
def gateway(running_gateway: Gateway,
            request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """The default gateway. `@pytest.mark.settings(max_recipients=2)` on a test, or
    gateway.configure() in it, changes its configuration."""
    marker = request.node.get_closest_marker("settings")
    running_gateway.clear()
    running_gateway.milter.expect_of_libmilter()
    running_gateway.configure(**(marker.kwargs if marker else {}))
    yield running_gateway
    running_gateway.milter.assert_healthy()
