"""Base maps and services in the window: off until switched on, fetched aside, said when in trouble."""

from ui.flows.services.flow import ServiceFlows

__all__ = ["ServiceFlows"]
