"""What a language gives to the report: the words of every method, in the tenses that it is told in."""
