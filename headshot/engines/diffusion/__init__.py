"""Stable Diffusion with IP-Adapter FaceID: pipeline parts, the denoising loop, memory."""
