"""How far the securing of land has come: platforms by stage, quotas, ranks, lights; figures with features."""
