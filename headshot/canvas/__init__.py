"""The person's own pixels, cut out, framed, lit and set before a backdrop. No network paints here."""
