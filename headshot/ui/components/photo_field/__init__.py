"""Upload, webcam and clipboard, handed over unread."""
