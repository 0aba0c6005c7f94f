"""The languages of the explanations and of the report."""

LANGUAGES = {"en": "English", "fa": "فارسی"}  # code -> what its readers call it
FROM_THE_RIGHT = {"fa"}
