"""The plan of a move, for people: text, Markdown, a page with a picture, a calendar. Pure."""
