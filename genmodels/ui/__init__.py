"""The app, in folders of one subject each. Nothing below this wing knows of Streamlit."""
