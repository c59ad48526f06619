"""What an edit of the inventory means: who is paged differently, and when. Pure: two inventories and an instant in."""
