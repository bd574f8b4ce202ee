"""The contract: every event Kesu publishes and every submission it takes, one file per publisher."""
