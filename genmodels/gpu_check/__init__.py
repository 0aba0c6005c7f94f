"""Whether a CUDA device does all that it should, and how fast: ``python -m genmodels.gpu_check``, one file a point.

Needs no more than torch, numpy, pydantic, safetensors, accelerate and babel, and what these need: no data set, no network, no Streamlit.
"""
