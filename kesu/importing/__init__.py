"""The importer: files of complaints become submissions, row by row, with every refused row named."""
