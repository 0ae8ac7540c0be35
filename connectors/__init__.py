"""How rows arrive: from the network, from an embedded extract, from a local file.

A module here is a source, under the name that its card gives it, or a door that screens and
commands open (refresh, local_file, datagouv_publish, schema_fetch). What sources share stands in
packages: network (the way out), reading (an answer's pages, columns, figures and codes), tables
(published files), catalogue (what a dataset says of itself), runs (what is asked, and kept).
"""
