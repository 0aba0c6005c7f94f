"""A visitor's side of Streamlit's protocol, without a browser: it draws nothing, but asks again for what looks again by itself."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Session:
    """One tab at a page of the server at ``url``; what a subclass does with the messages is in ``received``."""

    def __init__(self, url: str, page: str = "", query: str = "") -> None:
        self.url, self.page_name, self.query = url, page, query
        self.page = ""  # the hash by which the server knows the page that is shown
        self.values: dict[str, WidgetState] = {}  # by widget, of those that were touched
        self.timers: dict[str, asyncio.Task] = {}
        self.socket: ClientConnection

    async def __aenter__(self) -> Self:
        address = self.url.replace("http", "ws", 1) + "_stcore/stream"
        self.socket = await connect(address, subprotocols=["streamlit"], max_size=None, compression=None)  # type: ignore[list-item]
        await self.rerun(page_name=self.page_name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for timer in self.timers.values():
            timer.cancel()
        await self.socket.close()

    async def follow(self) -> None:
        """Take what the server sends, until it closes the connection."""
        with suppress(ConnectionClosed):
            async for frame in self.socket:
                message = ForwardMsg.FromString(frame)
                self._keep_time(message)
                self.received(message)

    def received(self, message: ForwardMsg) -> None:
        """One message, after it was followed."""

    async def rerun(self, **state: object) -> None:
        """Have the page's script run, with the values of the widgets, as ``ClientState`` says."""
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.widget_states.widgets.extend(self.values.values())
        for name, value in (state if "page_name" in state else {"page_script_hash": self.page} | state).items():
            setattr(asked.rerun_script, name, value)
        await self.send(asked)

    async def send(self, message: BackMsg) -> None:
        with suppress(ConnectionClosed):
            await self.socket.send(message.SerializeToString())

    def _keep_time(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:  # the whole page
            for timer in self.timers.values():
                timer.cancel()
            self.timers.clear()
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            part = message.auto_rerun.fragment_id
            if part in self.timers:
                self.timers[part].cancel()
            self.timers[part] = asyncio.create_task(self._again(part, message.auto_rerun.interval))

    async def _again(self, part: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.rerun(fragment_id=part, is_auto_rerun=True)
