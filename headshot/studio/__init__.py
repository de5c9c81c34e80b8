"""What joins the rooms for one request: make, judge, sheet, best, furthest. The doors (cli, ui, api) call only this."""
