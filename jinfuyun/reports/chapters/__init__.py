"""The chapters of a report: what each takes from the frozen documents, and how it is shown, on whatever medium."""
