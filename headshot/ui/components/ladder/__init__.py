"""The control “How much may we change you?”."""
