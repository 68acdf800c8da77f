"""Text becomes typed values, missing codes and what could not be read."""
