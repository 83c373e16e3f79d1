"""What Word documents share: tables as XML, fields, fonts, pages."""
