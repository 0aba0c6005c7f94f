"""Moments as the visitor's own clock shows them, which may be in another zone than the server's."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from genmodels.language import current, figures


def zone() -> tzinfo:
    """The time zone of the visitor's browser; by its present distance from UTC where its name is not known here, and the
    server's own where the browser has not told."""
    name, behind = st.context.timezone, st.context.timezone_offset  # what a browser says may be anything
    try:
        if name:
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    if behind is not None and abs(behind) < 24 * 60:
        return timezone(-timedelta(minutes=behind))
    return datetime.now().astimezone().tzinfo or UTC


def moment_told(seconds: float, form: str) -> str:
    """Seconds since 1970 as a date and a time of the visitor's, in their language, in the ``form`` of CLDR."""
    return figures.moment(datetime.fromtimestamp(seconds, zone()), form, current())
