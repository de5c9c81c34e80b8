"""What stands between strangers and the page: uploads, requests, sessions, the log, the temp folder."""
