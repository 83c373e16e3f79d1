"""Asking map services: nothing here is called unless the user has switched a service on."""
