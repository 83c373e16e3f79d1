"""Chinese typing on Linux: which of Qt's input-method plug-ins can reach the desktop's input method.

The plug-ins that Debian, UOS and Kylin ship for fcitx are built against their own Qt and do not load
in ours. fcitx5 answers on the ibus portal too, and Qt's own ibus plug-in speaks to that portal: typing
中山市 through it was tried with a real fcitx5 before Qt's version was fixed.
"""

from __future__ import annotations

from collections.abc import MutableMapping


def reach_input_method(environment: MutableMapping[str, str]) -> None:
    """Point Qt at fcitx5's ibus portal where the desktop uses fcitx. Call before Qt starts.

    Parameters
    ----------
    environment : mutable mapping
        The process's environment; changed only where it asks for fcitx.
    """
    asked = environment.get("QT_IM_MODULE") or environment.get("XMODIFIERS", "").removeprefix("@im=")
    if asked in {"fcitx", "fcitx5"}:
        environment["QT_IM_MODULE"] = "ibus"
        environment["IBUS_USE_PORTAL"] = "1"
