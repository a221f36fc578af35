"""How views become what readers get: moments, cursors, names, visibility, shapes."""
