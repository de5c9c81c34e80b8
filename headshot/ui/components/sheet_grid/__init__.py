"""The contact sheet as a grid."""
