"""Sheet templates as the panel offers them: those that come with the program, and the bureau's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.words import _
from ui.panels.sheets_panel import SheetTemplateChoice

if TYPE_CHECKING:
    from zsgis.sheets.template import Template


def template_choices() -> tuple[SheetTemplateChoice, ...]:
    """Return the sheet templates as the panel offers them."""
    from zsgis.sheets.template_files import load_template, template_keys

    known = (load_template(key) for key in template_keys())
    templates = [template for template in known if template.purpose == "sheet"]
    templates.sort(key=lambda found: (found.extent != "zone", found.order, found.key))
    return tuple(_choice(found.key, found) for found in templates)


def own_choices(project_file: Path) -> tuple[tuple[SheetTemplateChoice, ...], tuple[str, ...]]:
    """Return the bureau's own templates beside a project, and what is wrong with unusable ones."""
    from layers.errors import ZsgisError
    from zsgis.sheets.template_files import load_template, own_templates

    choices, faults = [], []
    for file in own_templates(project_file):
        try:
            choices.append(_choice(str(file), load_template(str(file))))
        except ZsgisError as error:
            faults.append(str(error))
    return tuple(choices), tuple(faults)


def _choice(key: str, found: Template) -> SheetTemplateChoice:
    return SheetTemplateChoice(key, _(found.title), found.extent == "zone", found.setting_names())
