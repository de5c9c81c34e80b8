"""The photo as it came: decoded, checked, its faces and its person found. What is made of it lies in canvas."""
