"""What is taken away: pretrained models, programs, reports and figures."""
