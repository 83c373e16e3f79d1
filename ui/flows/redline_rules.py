"""By which rules red lines are checked: those that come with the program, or the bureau's own file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.words import N_, _
from ui.bench import Bench
from ui.dialogs.port import FileFilter, Verb

if TYPE_CHECKING:
    from zsgis.redline import RedlineRules

_RULE_FILES = FileFilter(N_("Rule file"), ("toml",))
_OWN, _SHIPPED = "own", "shipped"


class RuleChoice:
    """Shows the rules in use and lets others be chosen; the choice is remembered."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._preferences = bench.preferences

    @property
    def asked(self) -> str:
        """The path of the bureau's own rule file; empty for the rules that come with the program."""
        path = self._preferences.current.redline_rules
        return "" if path is None else str(path)

    def show(self) -> None:
        """Tell by which rules is checked, and ask whether by others."""
        self._read(self.asked, self._tell, self._failed)

    def is_at_fault(self, error: BaseException) -> bool:
        """Tell whether an error is that the remembered rule file cannot be used."""
        return isinstance(error, InputError) and bool(self.asked) and error.where == self.asked

    def mend(self, error: BaseException) -> bool:
        """Show that the rule file cannot be used; tell whether others were chosen."""
        verb = self._desk.dialogs.show_error(
            error,
            (
                Verb(_SHIPPED, _("Use the rules of the program")),
                Verb(_OWN, _("Choose another rule file…")),
            ),
        )
        path = self._ask_file() if verb == _OWN else None
        if verb == _SHIPPED or path is not None:
            self._remember(path)
            return True
        return False

    def _read(
        self, asked: str, done: Callable[[RedlineRules], None], failed: Callable[[BaseException], None]
    ) -> None:
        def work(_progress: object) -> RedlineRules:
            from zsgis.redline import redline_rules

            return redline_rules(asked)

        self._desk.jobs.start(_("Reading the rules"), work, done=done, failed=failed, quiet=True)

    def _failed(self, error: BaseException) -> None:
        if self.mend(error):
            self.show()

    def _tell(self, rules: RedlineRules) -> None:
        leave, own = Verb("", _("Leave it so")), Verb(_OWN, _("Choose the bureau's rule file…"))
        back = (Verb(_SHIPPED, _("Use the rules of the program")),) if self.asked else ()
        verb = self._desk.dialogs.choose(
            _("Red lines are checked by “{title}”").format(title=rules.title),
            "\n".join(_described(rules, self.asked)),
            (leave, *back, own),
        )
        if verb == _SHIPPED:
            self._take(None)
        elif verb == _OWN:
            path = self._ask_file()
            if path is not None:
                self._take(path)

    def _take(self, path: Path | None) -> None:
        """Take rules into use that can be read; what is in use stays otherwise."""

        def done(rules: RedlineRules) -> None:
            self._remember(path)
            text = _("From now on red lines are checked by “{title}”, {version}, {status}.").format(
                title=rules.title, version=rules.version, status=rules.status
            )
            self._desk.notice(text, None)

        self._read("" if path is None else str(path), done, self._refuse)

    def _refuse(self, error: BaseException) -> None:
        self._desk.dialogs.show_error(error)

    def _ask_file(self) -> Path | None:
        return self._desk.dialogs.open_file(_("Rule file of the red-line check"), (_RULE_FILES,))

    def _remember(self, path: Path | None) -> None:
        current = self._preferences.current
        self._preferences.change(current.model_copy(update={"redline_rules": path}))


def _described(rules: RedlineRules, asked: str) -> tuple[str, ...]:
    titles = "、".join(section.title for section in rules.sections)
    return (
        _("File: {file}").format(file=asked or _("comes with the program")),
        _("Version: {version}; status: {status}").format(version=rules.version, status=rules.status),
        _("Source: {source}").format(source=rules.source),
        _("{count} sections: {titles}").format(count=len(rules.sections), titles=titles),
    )
