"""Tables: XLSX, XLS, CSV and TSV read into layers and written from them."""
