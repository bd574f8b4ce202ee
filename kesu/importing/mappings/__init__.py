"""The mappings that come with Kesu: one YAML file each, named for `kesu import --mapping NAME`."""
