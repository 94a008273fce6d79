"""The staff's side of pages: forms and their panels, saves that meet, the words of the review, deletion."""
