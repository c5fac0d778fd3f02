"""案卷 to 责任认定: case files, what they rest on, and who is held responsible."""
