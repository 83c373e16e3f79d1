"""Taking files into a project: what is asked for, read, examined, matched, brought in and told."""
