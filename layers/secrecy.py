"""Secrecy (密级): what is made from several layers carries the highest, and some of it stays in the house."""

from __future__ import annotations

from layers.errors import InputError, SecrecyError
from layers.words import _

# 密级 of the Law on Guarding State Secrets (秘密, 机密, 绝密), with what bureaus mark below it.
LEVELS = ("", "公开", "内部", "秘密", "机密", "绝密")
FIRST_MARKED = "内部"
"""From this level on whatever is written of a layer bears it."""
_FIRST_SECRET = LEVELS.index("秘密")
_TERM_MARK = "★"


def rank(secrecy: str) -> int:
    """Return how high a level stands: 0 for none stated, 3 and more for state secrets.

    A term may follow the level: ``秘密★10年``.

    Raises
    ------
    InputError
        For a word that is no level: to guess would let a secret out.
    """
    word = secrecy.split(_TERM_MARK, 1)[0].strip()
    if word not in LEVELS:
        raise InputError(
            _("“{secrecy}” is not a secrecy level.").format(secrecy=secrecy),
            remedy=_("Levels: {levels}; a term may follow, as in 秘密★10年.").format(
                levels="、".join(LEVELS[1:])
            ),
        )
    return LEVELS.index(word)


def highest(*secrecy: str) -> str:
    """Return the highest of several levels, with its term; empty when none is stated.

    Of equal levels the first is kept.
    """
    return max(secrecy, key=rank, default="")


def not_below(asked: str, stated: str) -> str:
    """Return the secrecy that was asked for, unless it is lower than what a file states, or says less."""
    if rank(asked) > rank(stated) or (rank(asked) == rank(stated) and _TERM_MARK in asked):
        return asked
    return stated


def is_secret(secrecy: str) -> bool:
    """Tell whether a level is 秘密 or higher."""
    return rank(secrecy) >= _FIRST_SECRET


def require_exportable(secrecy: str, *, layer: str, target: str) -> None:
    """Refuse to let 秘密 or higher out to a web map, a field package, KML or another open exchange.

    Parameters
    ----------
    layer : str
        Name of the layer, for the message.
    target : str
        What was about to be written, in the user's language.

    Raises
    ------
    SecrecyError
    """
    if is_secret(secrecy):
        raise SecrecyError(
            _("Layer “{layer}” is marked {secrecy} and is never written to {target}.").format(
                layer=layer, secrecy=secrecy, target=target
            ),
            remedy=_("Leave the layer out, or have its secrecy changed by whoever may do so."),
        )
