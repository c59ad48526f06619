"""Calendars made from the inventory: iCalendar files to subscribe to, and a page to look at. Values in, text out."""
