"""Clients that other people wrote, unmodified, get the numbers of the account from the loopback exchange.

What cannot be done without changing them: ccxt has no session.logon of the futures WebSocket API, so it signs each
frame, and it gives a caller of v2/account.status the assets alone.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from binance_common.configuration import ConfigurationRestAPI, ConfigurationWebSocketAPI
from binance_sdk_derivatives_trading_coin_futures.derivatives_trading_coin_futures import DerivativesTradingCoinFutures
from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import DerivativesTradingUsdsFutures
from ccxt.pro.binance import binance
from ccxt.pro.binancecoinm import binancecoinm
from ccxt.pro.binanceusdm import binanceusdm

from loopback import ED25519, HMAC, PROTOCOL, RSA, SECRET, call, calls, look_up_nobody_else, pem, settings
from wireshape import exchange
from wireshape.catalog.operations import Purpose, Transport

SDK = {"usdm": DerivativesTradingUsdsFutures, "coinm": DerivativesTradingCoinFutures}
SDK_METHODS = {
    "usdm.rest.v2.account": "account_information_v2",
    "usdm.rest.v3.account": "account_information_v3",
    "coinm.rest.v1.account": "account_information",
    "usdm.ws.v1.account.status": "account_information",
    "usdm.ws.v2.account.status": "account_information_v2",
    "coinm.ws.v1.account.status": "account_information",
}
CCXT_METHODS = {
    "usdm.rest.v2.account": "fapiPrivateV2GetAccount",
    "usdm.rest.v3.account": "fapiPrivateV3GetAccount",
    "coinm.rest.v1.account": "dapiPrivateGetAccount",
}
CCXT_MARKETS = {"usdm": "linear", "coinm": "inverse"}
CREDENTIALS = {
    HMAC: {"api_key": HMAC, "api_secret": SECRET},
    ED25519: {"api_key": ED25519, "private_key": pem(ED25519)},
    RSA: {"api_key": RSA, "private_key": pem(RSA)},
}
MODES = {HMAC: "single-asset.one-way", ED25519: "multi-assets.hedge", RSA: "single-asset.hedge"}
"""The mode of the account behind each key: one exchange for each of them."""
WS = [each.id for each in calls(Transport.WS)]
LOGONS = calls(Transport.WS, Purpose.LOGON)


@pytest.fixture(scope="module")
def exchanges() -> Iterator[dict[str, exchange.RunningExchange]]:
    with ExitStack() as open_ones:
        yield {key: open_ones.enter_context(exchange.running(settings(mode=mode))) for key, mode in MODES.items()}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up_nobody_else(monkeypatch)


@pytest.fixture(autouse=True)
def _no_noise() -> Iterator[None]:
    """Keep the SDK, which logs to the root logger, from filling the report."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _holds(model: Any, server: exchange.RunningExchange, endpoint: str, key: str) -> None:
    """Hold a model of the SDK against the account: all that is documented must be in it, and nothing else than it has.

    Fields on no page are kept by some of its models, beside the others, and dropped by the rest.
    """
    has = _merged(model.model_dump(by_alias=True, exclude_none=True))
    target = call(endpoint)
    assert target.endpoint
    mode = settings(mode=MODES[key]).mode_of(target.product)
    documented = exchange.MockAccount(evidence=frozenset({"documented"}))
    _within(documented.payload(PROTOCOL.catalog, target.endpoint, mode), has)
    _within(has, server.payload(endpoint))


def _within(part: Any, whole: Any) -> None:
    if isinstance(part, list):
        for one, other in zip(part, whole, strict=True):
            _within(one, other)
    elif isinstance(part, dict):
        assert part.keys() <= whole.keys()
        for name, value in part.items():
            _within(value, whole[name])
    else:
        assert part == whole


def _merged(value: Any) -> Any:
    if isinstance(value, list):
        return [_merged(row) for row in value]
    if not isinstance(value, dict):
        return value
    rest = value.pop("additional_properties", {})
    return {name: _merged(each) for name, each in {**value, **rest}.items()}


@pytest.mark.parametrize("key", [HMAC, ED25519, RSA], ids=["hmac", "ed25519", "rsa"])
@pytest.mark.parametrize("endpoint", list(CCXT_METHODS))
def test_the_official_sdk_over_rest(exchanges: dict[str, exchange.RunningExchange], endpoint: str, key: str) -> None:
    server = exchanges[key]
    target = call(endpoint)
    configuration = ConfigurationRestAPI(base_path=server.rest, keep_alive=False, retries=0, **CREDENTIALS[key])
    client = SDK[target.product](config_rest_api=configuration).rest_api
    answer = getattr(client, SDK_METHODS[endpoint])()
    _holds(answer.data(), server, endpoint, key)
    assert answer.rate_limits[0].count >= target.weight


async def _sdk(server: exchange.RunningExchange, endpoint: str, key: str, *, logon: bool) -> Any:
    target = call(endpoint)
    configuration = ConfigurationWebSocketAPI(stream_url=server.ws + target.operation.path, **CREDENTIALS[key])
    client = SDK[target.product](config_ws_api=configuration).websocket_api
    await client.create_connection()
    try:
        if logon:
            (method,) = (each.operation.method for each in LOGONS if each.product == target.product)
            message = {"method": method, "params": {}}
            await client.send_signed_message(message, signer=client.signer, session_logon=True, api_key=True)
        return await getattr(client, SDK_METHODS[endpoint])()
    finally:
        await client.close_connection()


@pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning")
@pytest.mark.parametrize("endpoint", WS)
@pytest.mark.parametrize(
    ("key", "logon"),
    [(HMAC, False), (ED25519, False), (ED25519, True)],
    ids=["hmac", "ed25519", "logged on"],
)
def test_the_official_sdk_over_websocket(
    exchanges: dict[str, exchange.RunningExchange], endpoint: str, key: str, *, logon: bool
) -> None:
    server = exchanges[key]
    answer = asyncio.run(_sdk(server, endpoint, key, logon=logon))
    _holds(answer.data().result, server, endpoint, key)
    assert answer.rate_limits[0].count >= call(endpoint).weight
    last = server.requests[-1]
    assert (last.id, last.key) == (endpoint, not logon)


async def _ccxt(server: exchange.RunningExchange, key: str) -> dict[str, Any]:
    """Ask for every endpoint with one client: opening and closing one takes most of its time."""
    sockets = {CCXT_MARKETS[product]: server.ws + path for path, product in PROTOCOL.sockets().items()}
    folders = {f"fapiPrivate{version}": f"{server.rest}/fapi/{version.lower()}" for version in ("V2", "V3")}
    urls = {**folders, "dapiPrivate": f"{server.rest}/dapi/v1", "ws": {"ws-api": sockets}}
    secret = CREDENTIALS[key].get("api_secret", CREDENTIALS[key].get("private_key"))
    client = binance({"apiKey": key, "secret": secret, "enableRateLimit": False, "urls": {"api": urls}})
    client.set_markets([])
    try:
        answers = {endpoint: await getattr(client, method)() for endpoint, method in CCXT_METHODS.items()}
        for target in calls(Transport.WS):
            options = {"type": CCXT_MARKETS[target.product], "method": target.operation.method}
            answers[target.id] = (await client.fetch_balance_ws(options))["info"]
        return answers
    finally:
        await client.close()


@pytest.mark.parametrize("key", [HMAC, ED25519], ids=["hmac", "ed25519"])
def test_ccxt_over_rest_and_websocket(exchanges: dict[str, exchange.RunningExchange], key: str) -> None:
    server = exchanges[key]
    answers = asyncio.run(_ccxt(server, key))
    assert answers.keys() == {endpoint.id for endpoint in PROTOCOL.catalog.answering}
    for endpoint, answer in answers.items():
        account = server.payload(endpoint)
        assert answer == (account["assets"] if isinstance(answer, list) else account)
    assert set(answers) <= {request.id for request in server.requests if request.status == 200}


@pytest.mark.parametrize("product", SDK)
def test_the_official_sdk_reads_the_list_of_symbols(
    exchanges: dict[str, exchange.RunningExchange], product: str
) -> None:
    server = exchanges[HMAC]
    configuration = ConfigurationRestAPI(base_path=server.rest, keep_alive=False, retries=0, **CREDENTIALS[HMAC])
    client = SDK[product](config_rest_api=configuration).rest_api
    listed = client.exchange_information().data()
    whole = next(each for each in PROTOCOL.catalog.answering if each.product == product and not each.payload)
    rows = server.payload(whole.id)["positions"]
    assert [symbol.symbol for symbol in listed.symbols] == list(dict.fromkeys(row["symbol"] for row in rows))
    assert client.check_server_time().data().server_time > 0


async def _unified(client: Any, server: exchange.RunningExchange) -> Any:
    """Give the markets and the balance that ccxt makes of the answers."""
    client.urls["api"] = {
        name: re.sub("https://[^/]+", server.rest, url) if isinstance(url, str) else url
        for name, url in client.urls["api"].items()
    }
    try:
        return await client.load_markets(), await client.fetch_balance(), await client.fetch_time()
    finally:
        await client.close()


@pytest.mark.parametrize("key", [HMAC, ED25519, RSA], ids=["hmac", "ed25519", "rsa"])
@pytest.mark.parametrize(
    ("kind", "endpoint"),
    [(binanceusdm, "usdm.rest.v2.account"), (binancecoinm, "coinm.rest.v1.account")],
    ids=["usdm", "coinm"],
)
def test_ccxt_loads_markets_and_balances(
    exchanges: dict[str, exchange.RunningExchange], kind: Any, endpoint: str, key: str
) -> None:
    secret = CREDENTIALS[key].get("api_secret", CREDENTIALS[key].get("private_key"))
    client = kind({"apiKey": key, "secret": secret, "enableRateLimit": False, "options": {"fetchCurrencies": False}})
    markets, balance, time = asyncio.run(_unified(client, exchanges[key]))
    account = exchanges[key].payload(endpoint)
    assert {market["id"] for market in markets.values()} == {row["symbol"] for row in account["positions"]}
    assert all(
        market["active"] and market["linear" if kind is binanceusdm else "inverse"] for market in markets.values()
    )
    for asset in account["assets"]:
        assert balance["total"].get(asset["asset"], 0) == pytest.approx(float(asset["marginBalance"]))
    assert time > 0


def test_python_binance(exchanges: dict[str, exchange.RunningExchange]) -> None:
    binance_client = pytest.importorskip("binance.client", reason="python-binance is not installed")
    server = exchanges[HMAC]

    class Client(binance_client.Client):  # type: ignore[misc, name-defined]
        API_URL = f"{server.rest}/api"
        FUTURES_URL = f"{server.rest}/fapi"
        FUTURES_COIN_URL = f"{server.rest}/dapi"

    client = Client(HMAC, SECRET)
    assert client.futures_account() == server.payload("usdm.rest.v2.account")
    assert client.futures_coin_account() == server.payload("coinm.rest.v1.account")
    assert client.futures_exchange_info()["symbols"]
