"""Where things are kept and what the person chose; read by the composition layers only."""
