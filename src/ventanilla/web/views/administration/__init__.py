"""The pages of the administration. Who may not see one finds nothing there."""
