"""From a mended, mapped table to open data: the files of a package, its quality, its consents."""
