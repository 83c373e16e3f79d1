"""Parts of the report that are made by code, by the key a template calls them."""
