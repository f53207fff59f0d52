"""Pictures of the demonstration, drawn by code in one manner: wood engravings for a newspaper."""
