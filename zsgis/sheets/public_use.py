"""What a sheet for the public shows, and how exactly: a rule file drops layers and precision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from layers.drawable import DrawableLayer
from layers.errors import InputError
from layers.kinds import KINDS
from layers.secrecy import rank
from layers.words import _
from zsgis.analysis.rule_files import RuleFile, read_rule
from zsgis.sheets.scale import SCALES, ratio
from zsgis.sheets.template import MapSpec

if TYPE_CHECKING:
    from layers.store import LayerInfo

_SHIPPED = "public_maps"


class PublicLimits(BaseModel):
    """What holds for one use.

    Attributes
    ----------
    use : str
        公示公告 or 公开出版展示.
    highest_secrecy : str
        Layers marked higher are not shown.
    dropped_kinds : tuple of str
        Kinds of layers that are not shown.
    position_m : float
        Positions on the map are rounded to multiples of this; 0 leaves them.
    largest_scale : int
        The denominator of the largest scale allowed.
    coordinates : bool
        Whether the frame bears coordinates and the file is placed on earth.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: Literal["", "公示公告", "公开出版展示"] = ""
    highest_secrecy: str = "公开"
    dropped_kinds: tuple[str, ...] = ()
    position_m: float = Field(default=0.0, ge=0.0, le=10_000.0)
    largest_scale: int = Field(default=1, ge=1)
    coordinates: bool = True

    @field_validator("dropped_kinds")
    @classmethod
    def _are_kinds(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        for key in kinds:
            if key not in KINDS:
                raise ValueError(_("“{kind}” is no kind of layer.").format(kind=key))
        return kinds

    def shows(self, info: LayerInfo) -> bool:
        """Tell whether a layer may be shown."""
        return info.kind not in self.dropped_kinds and rank(info.secrecy) <= rank(self.highest_secrecy)

    def require(self, info: LayerInfo) -> None:
        """Refuse a layer whose features the sheets would be of.

        Raises
        ------
        InputError
        """
        if not self.shows(info):
            raise InputError(
                _("Layer “{layer}” is not shown for {use}.").format(layer=info.name, use=self.use),
                remedy=_("Choose another use or another layer, or change the rule file."),
            )

    def scaled(self, spec: MapSpec) -> MapSpec:
        """Return a map that is drawn no larger than is allowed.

        Raises
        ------
        InputError
            When the scales that were asked for are all larger.
        """
        allowed = tuple(one for one in spec.scales or SCALES if one >= self.largest_scale)
        if not allowed:
            raise InputError(
                _("{use} allows no scale larger than {scale}.").format(
                    use=self.use, scale=ratio(self.largest_scale)
                ),
                remedy=_("Ask for a smaller scale."),
            )
        return spec.model_copy(update={"scales": allowed}) if spec.scales else spec

    def floor_scale(self, denominator: int) -> int:
        """Return the scale that fits, or the largest allowed where that is smaller."""
        return denominator if denominator >= self.largest_scale else self.largest_scale

    def rounded(self, layer: DrawableLayer) -> DrawableLayer:
        """Return a layer with its positions rounded."""
        if self.position_m == 0.0:
            return layer
        step = self.position_m
        return replace(
            layer,
            coords=np.round(np.asarray(layer.coords) / step) * step,
            label_points=np.round(np.asarray(layer.label_points) / step) * step,
            folder=None,
            levels=None,
        )

    def words(self, dropped: tuple[str, ...]) -> str:
        """Return what the sheet says of it; empty where nothing was dropped or rounded."""
        said = []
        if dropped:
            said.append(_("not shown: {layers}").format(layers="、".join(dropped)))
        if self.position_m:
            said.append(_("positions rounded to {length} m").format(length=f"{self.position_m:g}"))
        if not self.coordinates:
            said.append(_("without coordinates"))
        return _("For {use}: {said}.").format(use=self.use, said="；".join(said)) if said else ""


class PublicMapsRule(RuleFile):
    """The limits by use; see ``resources/rules/public_maps.toml``."""

    uses: tuple[PublicLimits, ...]


def public_limits(use: str, rule: str = "") -> PublicLimits:
    """Return what holds for a use.

    Parameters
    ----------
    rule : str
        The bureau's own rule file; empty takes the shipped one.

    Raises
    ------
    InputError
        When the file holds no such rule, or says nothing of the use.
    """
    found = read_rule(PublicMapsRule, rule, _SHIPPED)
    for each in found.uses:
        if each.use == use:
            return each
    raise InputError(
        _("The rule on sheets for the public says nothing of {use}.").format(use=use),
        where=rule or found.title,
        remedy=_("Add the use to the rule file."),
    )
