"""From a result back to the cells of the forms that it rests on."""
