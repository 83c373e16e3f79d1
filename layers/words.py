"""The program's words: English in the code, the user's language on the screen and on paper.

The catalogue of a language is one ``.po`` file per room under ``resources/words/<language>/``.
"""

from __future__ import annotations

from functools import lru_cache

from layers.locations import resource_path

DEFAULT_LANGUAGE = "zh_CN"
LANGUAGES = ("zh_CN", "en")

_language = DEFAULT_LANGUAGE


def use_language(language: str) -> None:
    """Choose the language of everything that is said from now on.

    Parameters
    ----------
    language : str
        One of :data:`LANGUAGES`; an unknown one means the default.
    """
    global _language  # noqa: PLW0603 - gettext's model: a process speaks one language
    _language = language if language in LANGUAGES else DEFAULT_LANGUAGE


def language() -> str:
    """Return the language in use."""
    return _language


@lru_cache(maxsize=2)
def catalogue(language: str) -> dict[str, str]:
    """Return the translations of a language: English text to the language's text.

    Later files do not override earlier ones silently: a test holds that no text is translated twice.
    """
    # babel is loaded on first use only: half of all commands never say a word
    from babel.messages.pofile import read_po

    words: dict[str, str] = {}
    for path in sorted(resource_path("words", language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, ignore_obsolete=True):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
                    words[message.id] = message.string or message.id
    return words


def _(text: str) -> str:
    """Return ``text`` in the language in use; untranslated text comes back as it is."""
    return text if _language == "en" else catalogue(_language).get(text, text)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for translation that is shown later with :func:`_`."""
    return text
