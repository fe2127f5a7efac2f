"""Pictures of tables and pages: pixels to tables and text."""
