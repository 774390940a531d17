"""The dashboards, one file each; a file's BOARD names it and its panels."""
