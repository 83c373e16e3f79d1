"""Personal geodatabases: Access files (.mdb, .accdb) with shapes, and the tables in them."""
