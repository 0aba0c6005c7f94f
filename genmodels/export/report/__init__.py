"""The report that is handed in: one document of several models, as HTML, as .docx and as PDF."""
