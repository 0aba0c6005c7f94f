"""One visitor who does at random what a browser could, by Streamlit's protocol."""

import asyncio
import http.client
import json
import random
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.session import Session

PAUSE = 0.2, 3.0  # seconds between two clicks, at least and at most
NUMBERS = (-1.0, 0.0, 1.0, 2.0, 3.0, 7.5, 16.0, 64.0, 1e-9, 0.5, 1000.0, 1e9, -1e300, 2.0**53)
WORDS = (
    "",
    " ",
    "3",
    "ü 漢字",
    "<b>bold</b> `code` $x$",
    "../../etc/passwd",
    "'; DROP TABLE runs; --",
    "\u202e\x07",
    3000 * "long ",
)
FILES = {"run.zip": b"PK\x03\x04 cut short", "digit.png": b"\x89PNG\r\n\x1a\n cut short", "empty.zip": b""}


class Visitor(Session):
    """Clicks, chooses, types, uploads, downloads, changes the page, and leaves to come back, all at random."""

    def __init__(self, url: str, chance: random.Random, page: str = "", query: str = "") -> None:
        super().__init__(url, page, query)
        self.chance = chance
        self.clicks, self.touched, self.complaints = 0, set[str](), list[str]()
        self.pages: list[str] = []
        self.session = ""
        self.widgets: dict[str, tuple[str, Any, str]] = {}  # by id: kind, what the server said of it, its fragment
        self.answers: asyncio.Queue[ForwardMsg] = asyncio.Queue()

    async def stay(self, until: float) -> None:
        """Visit after visit, until the time is over."""
        while time.monotonic() < until:
            async with self:
                following = asyncio.create_task(self.follow())
                leaves = min(until, time.monotonic() + self.chance.uniform(20, 200))
                while time.monotonic() < leaves and not following.done():
                    await asyncio.sleep(self.chance.uniform(*PAUSE))
                    await self._do_something()
                if following.done() and (error := following.exception()) is not None:
                    raise error
                following.cancel()
            self.values.clear()
            self.widgets.clear()

    # What the server says

    def received(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            if not message.metadata.run.fragment_ids:
                self.widgets.clear()
        elif kind == "navigation":
            self.pages = [page.page_script_hash for page in message.navigation.app_pages]
        elif kind == "delta":
            self._see(message.delta)
        elif kind in ("file_urls_response", "backend_operation_response"):
            self.answers.put_nowait(message)
        elif kind == "session_event":
            self.complaints.append(str(message.session_event))

    def _see(self, delta: Delta) -> None:
        if delta.HasField("add_block"):
            tabs = delta.add_block.tab_container
            if tabs.id:
                self.widgets[tabs.id] = ("tabs", tabs, delta.fragment_id)
            elif delta.add_block.HasField("tab"):
                self.widgets.setdefault("tab:" + delta.add_block.tab.label, ("tab", None, ""))
            return
        element: Element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.complaints.append(
                f"{element.exception.type}: {element.exception.message}\n" + "\n".join(element.exception.stack_trace)
            )
        said: Any = getattr(element, kind) if kind else None
        if getattr(said, "id", "") and not getattr(said, "disabled", False):
            self.widgets[said.id] = (kind or "", said, delta.fragment_id)
            if getattr(said, "set_value", False):
                self.values.pop(said.id, None)
        elif kind == "page_link" and not said.external:
            self.widgets["link:" + said.page_script_hash + said.query_string] = (kind, said, "")

    # What the visitor does

    async def press(self, label: str) -> None:
        """Press the button of that label, if it is there."""
        for name, (kind, said, fragment) in self.widgets.items():
            if kind == "button" and said.label == label:
                self.values[name] = WidgetState(id=name, trigger_value=True)
                await self.rerun(fragment_id=fragment)
                del self.values[name]
                return

    async def _do_something(self) -> None:
        self.clicks += 1
        if self.pages and self.chance.random() < 0.06:
            await self._go(self.chance.choice(self.pages), "")
            return
        kinds = sorted({kind for kind, _, _ in self.widgets.values()} - {"tab"})
        if not kinds:
            return
        kind = self.chance.choice(kinds)  # else most clicks would be on the form's many fields
        name = self.chance.choice([name for name, (other, _, _) in self.widgets.items() if other == kind])
        _, said, fragment = self.widgets[name]
        self.touched.add(kind)
        if kind == "page_link":
            await self._go(said.page_script_hash, said.query_string)
        elif kind == "download_button":
            await self._download(said)
        elif (value := await self._value(kind, said)) is not None:
            value.id = name
            self.values[name] = value
            await self.rerun(fragment_id=fragment)
            if kind == "button":
                del self.values[name]

    async def _go(self, page: str, query: str) -> None:
        self.query, self.values = query, {}
        await self.rerun(page_script_hash=page)

    async def _value(self, kind: str, said: Any) -> WidgetState | None:
        """A value at random that a browser could send for such a widget, or None for one that is only shown."""
        chance, value = self.chance, WidgetState()
        if kind == "button":
            value.trigger_value = True
        elif kind == "checkbox":
            value.bool_value = chance.random() < 0.5
        elif kind == "number_input":
            value.double_value = min(
                max(chance.choice(NUMBERS), said.min if said.has_min else -1e300), said.max if said.has_max else 1e300
            )
        elif kind in ("text_input", "text_area"):
            value.string_value = chance.choice(WORDS)[: said.max_chars or None]
        elif kind in ("selectbox", "radio", "multiselect", "button_group") and not said.options:
            return None
        elif kind in ("selectbox", "radio"):
            value.string_value = chance.choice(said.options)
        elif kind == "multiselect":
            most = min(len(said.options), said.max_selections or len(said.options))
            value.string_array_value.data.extend(chance.sample(list(said.options), chance.randint(0, most)))
        elif kind == "button_group":
            value.string_array_value.data.append(chance.choice(said.options).content)
        elif kind == "slider" and said.type == Slider.SELECT_SLIDER:
            value.string_array_value.data.extend(_in_order(chance, list(said.options), len(said.default)))
        elif kind == "slider":
            places = [said.min + said.step * i for i in range(round((said.max - said.min) / said.step) + 1)]
            value.double_array_value.data.extend(_in_order(chance, places, len(said.default)))
        elif kind == "tabs":
            labels = [name.removeprefix("tab:") for name, (other, _, _) in self.widgets.items() if other == "tab"]
            if not labels:
                return None
            value.string_value = chance.choice(labels)
        elif kind == "dataframe" and said.selection_mode:
            there = len(convert_arrow_bytes_to_pandas_df(said.arrow_data.data))
            rows = sorted(chance.sample(range(there), min(there, chance.randint(0, 3))))
            value.string_value = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})
        elif kind == "file_uploader":
            fitting = [
                name for name in FILES if not said.type or Path(name).suffix in said.type
            ]  # as a browser lets one
            return await self._upload(chance.choice(fitting)) if fitting else None
        else:
            return None
        return value

    async def _upload(self, name: str) -> WidgetState | None:
        asked, value = BackMsg(), WidgetState()
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        answer = await self._answer(asked)
        if answer is None or not answer.file_urls_response.file_urls:
            return None
        urls = answer.file_urls_response.file_urls[0]
        boundary = "boundary"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
        body = head + FILES[name] + f"\r\n--{boundary}--\r\n".encode()
        cookie = (await self._open("_stcore/health")).headers["Set-Cookie"].partition(";")[0]
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Cookie": cookie,
            "X-Xsrftoken": cookie.partition("=")[2].strip('"'),
        }
        await self._open(urls.upload_url, data=body, headers=headers, method="PUT")
        info = value.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(FILES[name]), urls.file_id
        info.file_urls.CopyFrom(urls)
        return value

    async def _download(self, said: Any) -> None:
        url = said.url
        if said.HasField("deferred_file_id"):
            asked = BackMsg()
            asked.backend_operation_request.request_id = str(self.clicks)
            asked.backend_operation_request.session_id = self.session
            asked.backend_operation_request.deferred_file.file_id = said.deferred_file_id
            answer = await self._answer(asked)
            if answer is None:
                return
            url = answer.backend_operation_response.deferred_file.url
        if url:
            with suppress(urllib.error.HTTPError):  # the page has changed since, and with it what can be had
                await self._open(url)

    async def _open(self, path: str, **request: Any) -> http.client.HTTPResponse:
        asked = urllib.request.Request(self.url + path.lstrip("/"), **request)
        answer = await asyncio.to_thread(urllib.request.urlopen, asked)
        await asyncio.to_thread(answer.read)
        return answer

    async def _answer(self, asked: BackMsg) -> ForwardMsg | None:
        while not self.answers.empty():
            self.answers.get_nowait()
        await self.send(asked)
        with suppress(TimeoutError):
            return await asyncio.wait_for(self.answers.get(), 30)
        return None


def _in_order(chance: random.Random, places: list, count: int) -> list:
    """As many of the places as a slider has handles, in their order."""
    return sorted((chance.choice(places) for _ in range(count)), key=places.index)
