# The app for a Hugging Face Docker Space, or for any host with or without GPUs (docker run --gpus all ...).
FROM python:3.11-slim

# tini is the first process: it reaps the workers whose server has gone. torch.compile on CUDA (Triton) needs a C compiler.
RUN apt-get update && apt-get install -y --no-install-recommends tini gcc libc6-dev && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .

# Only /data is written to: a persistent disk is mounted there, or what is made is lost with the container.
RUN useradd --create-home --uid 1000 user && mkdir /data && chown user /data
USER user
ENV GENMODELS_HOME=/data/genmodels \
    HF_HOME=/data/huggingface \
    GENMODELS_IN_CONTAINER=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_SERVER_HEADLESS=true

EXPOSE 8501
HEALTHCHECK --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health')"]
ENTRYPOINT ["tini", "-g", "--"]
CMD ["streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.port=8501"]
